import { HandholdError } from '#protocol/errors.ts'
import type { PassVerificationKey } from '#protocol/keys.ts'
import { type GrantClaims, verifyGrant, verifyGrantProof } from '#protocol/tools/grant.ts'
import { LEASE_FRESH_MS } from '#protocol/tools/limits.ts'
import { levelOf, type Tool } from '#protocol/tools/tools.ts'
import { verifyLease } from '#protocol/trust/lease.ts'
import type { Clock } from '../links/clock.ts'
import type { HelperBegin } from '../links/helper-link.ts'

/**
 * Whether a command may run. A tool is opened by a signed grant and the proof of the key that it names; every command after that needs a session's lease that
 * is younger than 45 s. All of it is checked here, by the pinned keys: neither the host nor an operator's app is believed.
 */
export class Gate {
  readonly #begin: HelperBegin
  readonly #clock: Clock
  readonly #grants = new Map<Tool, GrantClaims>()
  /** Grants of scripts that ran. */
  readonly #spent = new Set<string>()
  #lease: { readonly scopes: readonly string[]; readonly issuedAtS: number; readonly atMs: number } | undefined
  #taken: Promise<void> = Promise.resolve()
  #isPaused = false
  #tools: readonly Tool[]
  #passKeys: readonly PassVerificationKey[]

  constructor(begin: HelperBegin, clock: Clock) {
    this.#begin = begin
    this.#clock = clock
    this.#tools = begin.tools
    this.#passKeys = begin.passKeys
  }

  isOpen(tool: Tool): boolean {
    return this.#grants.has(tool)
  }

  /** The open tools whose grant wants a second person. */
  get twoPersonTools(): ReadonlySet<Tool> {
    return new Set([...this.#grants].filter(([, { twoPerson }]) => twoPerson).map(([tool]) => tool))
  }

  /** Whether the audit has to have a row for what is typed in it. */
  isStrict(tool: Tool): boolean {
    return this.#grants.get(tool)?.strict === true
  }

  setPassKeys(passKeys: readonly PassVerificationKey[]): void {
    this.#passKeys = passKeys
  }

  /** What isn't among them is locked: given again, it takes a grant again. */
  setTools(tools: readonly Tool[]): void {
    this.#tools = tools
    for (const tool of this.#grants.keys()) if (!tools.includes(tool)) this.#grants.delete(tool)
  }

  setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused
  }

  /** A lease that isn't newer than the one before doesn't count. Rejects with `lease-invalid`. */
  takeLease(lease: string | null): Promise<void> {
    const taken = this.#takeLease(lease)
    this.#taken = taken.catch(() => undefined)
    return taken
  }

  async #takeLease(lease: string | null): Promise<void> {
    if (lease === null) {
      this.#lease = undefined
      return
    }
    const atMs = this.#clock.monotonicMs()
    const { deviceId, sessionId, operatorId } = this.#begin
    const keys = this.#passKeys
    const { iat, scopes } = await verifyLease(lease, { keys, deviceId, sessionId, operatorId })
    if (this.#lease && iat < this.#lease.issuedAtS) return
    this.#lease = { scopes, issuedAtS: iat, atMs }
  }

  /** Checks grant and proof; the tool is open when it resolves. `report` comes before that, and its refusal is the answer. */
  async open(tool: Tool, grant: string, proof: string, report: (claims: GrantClaims) => Promise<void>): Promise<void> {
    // The first grant comes together with the first lease.
    await this.#taken
    this.#requireLive(tool)
    const { deviceId, sessionId, operatorKeyThumbprint, agentNonce } = this.#begin
    const keys = this.#passKeys
    const nowMs = this.#clock.wallMs()
    const claims = await verifyGrant(grant, { keys, deviceId, sessionId, tool, operatorKeyThumbprint, nowMs })
    if (claims.sub !== this.#begin.operatorId)
      throw new HandholdError('grant-invalid', 'This grant is somebody else’s.')
    await verifyGrantProof(proof, claims, agentNonce)
    if (claims.script) throw new HandholdError('grant-invalid', 'This grant runs one script, and opens nothing.')
    await report(claims)
    // A tool that was taken back meanwhile takes another grant when it is given again.
    this.#requireLive(tool)
    this.#grants.set(tool, claims)
  }

  /** The claims of a grant for one run of a script in a tool that is open. It is good once. Throws as `open` does. */
  async once(tool: Tool, grant: string, proof: string): Promise<GrantClaims> {
    const { passKeys: keys, deviceId, sessionId, operatorKeyThumbprint, agentNonce, operatorId } = this.#begin
    const nowMs = this.#clock.wallMs()
    const claims = await verifyGrant(grant, { keys, deviceId, sessionId, tool, operatorKeyThumbprint, nowMs })
    await verifyGrantProof(proof, claims, agentNonce)
    if (claims.sub !== operatorId || this.#spent.has(claims.jti))
      throw new HandholdError('grant-invalid', 'This grant was used, or is somebody else’s.')
    this.#spent.add(claims.jti)
    this.#tighten(tool, claims)
    return claims
  }

  /** The policy may have come to want more of a tool that is open: a second person, a row for each key. */
  #tighten(tool: Tool, { twoPerson, strict }: GrantClaims): void {
    const open = this.#grants.get(tool)
    if (open) this.#grants.set(tool, { ...open, ...(twoPerson && { twoPerson }), ...(strict && { strict }) })
  }

  /** Called right before each command. Throws `forbidden`, `lease-stale`, `audit-unavailable` or `tool-locked`. */
  require(tool: Tool): GrantClaims {
    this.#requireLive(tool)
    const claims = this.#grants.get(tool)
    if (!claims) throw new HandholdError('tool-locked', 'This tool isn’t open in this session.')
    return claims
  }

  #requireLive(tool: Tool): void {
    if (levelOf(tool) !== this.#begin.level || !this.#tools.includes(tool))
      throw new HandholdError('forbidden', 'The person at the device has not agreed to this tool.')
    if (this.#isPaused) throw new HandholdError('forbidden', 'The session is paused.')
    const lease = this.#lease
    const isFresh = lease && this.#clock.monotonicMs() - lease.atMs <= LEASE_FRESH_MS
    if (isFresh && !lease.scopes.includes(tool))
      throw new HandholdError(
        'audit-unavailable',
        'The relay gives this tool no lease: its policy wants an audit, and that can’t be kept now. It goes on when it can.',
      )
    if (!isFresh)
      throw new HandholdError(
        'lease-stale',
        'The device has not heard from the relay for too long. It goes on when it does.',
      )
  }
}
