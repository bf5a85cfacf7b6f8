import { HandholdError } from '#protocol/errors.ts'
import { toDisplayLine } from '#protocol/text.ts'
import { GRANT } from '#protocol/tools/grant.ts'
import type { ToolsReply } from '#protocol/tools/http.ts'
import { GRANT_TTL_S } from '#protocol/tools/limits.ts'
import { mayUseTool, TOOLS, type Tool } from '#protocol/tools/tools.ts'
import type { Accountability } from '../audit/accountability.ts'
import { userActor } from '../audit.ts'
import type { Chance } from '../chance.ts'
import type { Clock } from '../clock.ts'
import type { Devices } from '../devices.ts'
import { lineText } from '../policy/line-text.ts'
import type { Policies } from '../policy/policies.ts'
import type { Principal } from '../principal.ts'
import { requireRole } from '../scripts/run-permits.ts'
import type { Scripts } from '../scripts/scripts.ts'
import type { TokenSigner } from '../sessions/passes.ts'
import type { SessionRequests } from '../sessions/requests.ts'
import { askedWords } from '../sessions/session-words.ts'
import type { SessionRecord, Store } from '../store.ts'
import { offeredTools } from './offered.ts'
import type { Watches } from './watches.ts'

export interface ToolGrantsParts {
  readonly store: Store
  readonly clock: Clock
  readonly chance: Chance
  readonly signer: TokenSigner
  readonly requests: SessionRequests
  readonly devices: Devices
  readonly policies: Policies
  readonly accountability: Accountability
  readonly watches: Pick<Watches, 'requireWatched'>
  readonly scripts: Pick<Scripts, 'requireApproved'>
}

export interface IssuedGrant {
  readonly grant: string
  readonly grantId: string
  readonly expiresAtMs: number
}

/** Grants of tools: one tool, one session, one device, one operator's key, five minutes. The device checks each of these again. */
export class ToolGrants {
  readonly #parts: ToolGrantsParts

  constructor(parts: ToolGrantsParts) {
    this.#parts = parts
  }

  /** The tools that the operator may ask for on a device now; the person there still has to agree. Throws `not-found` as for any device out of reach. */
  async available(principal: Principal, deviceId: string): Promise<ToolsReply> {
    const { devices, policies, clock } = this.#parts
    const device = await devices.require(principal, deviceId)
    const policy = await policies.of(principal.organisation.id)
    const { allowed, settings } = policy.decide(principal.user.id, device.groupId, {
      capabilities: [...TOOLS, 'skip-consent'],
      mode: 'interactive',
      nowMs: clock.nowMs(),
    })
    const offered = await offeredTools(this.#parts.store.read.records, device.id)
    const isAllowed = (wished: Tool | 'skip-consent') => allowed.some(({ capability }) => capability === wished)
    return { tools: offered.filter(isAllowed), maySkipConsent: isAllowed('skip-consent'), asks: askedWords(settings) }
  }

  /**
   * A grant for a session of the person's own that is live and whose person agreed to the tool. Throws `not-found`, `illegal-transition`, `forbidden` where the
   * person at the device didn't agree, `policy-denied` with the deciding line, `audit-unavailable` where a strict group's audit can't
   * be kept, and `second-person-needed` for a tool that takes two while nobody looks.
   */
  async issue(principal: Principal, sessionId: string, tool: Tool, scriptId?: string): Promise<IssuedGrant> {
    const { store, clock, chance, signer, requests } = this.#parts
    const session = await requests.requireOwn(principal, sessionId)
    requireAgreed(session, tool)
    const script = scriptId === undefined ? undefined : await this.#script(principal, session, tool, scriptId)
    const nowMs = clock.nowMs()
    const { twoPerson, strict } = await this.#requirePermitted(principal, session, tool)
    if (twoPerson) await this.#parts.watches.requireWatched(session, tool)
    await this.#parts.accountability.require(session.deviceId)
    const issuedAtS = Math.floor(nowMs / 1000)
    const grantId = `grt_${chance.randomText(16)}`
    const expiresAtMs = (issuedAtS + GRANT_TTL_S) * 1000
    const grant = await signer.sign(GRANT, {
      iss: GRANT.issuer,
      aud: session.deviceId,
      sub: principal.user.id,
      label: toDisplayLine(`${principal.user.name} <${principal.user.email}>`, 120),
      jti: grantId,
      iat: issuedAtS,
      nbf: issuedAtS,
      exp: issuedAtS + GRANT_TTL_S,
      org: session.organisation.id,
      sid: session.id,
      tool,
      ...(twoPerson && { twoPerson }),
      ...(strict && { strict }),
      ...(script && { script }),
      cnf: { jkt: session.operatorKeyThumbprint },
    })
    await store.write(async tx => {
      // The end may have come while the grant was signed.
      const present = await tx.session(session.id)
      if (present) requireAgreed(present, tool)
      await tx.audit({
        organisationId: session.organisation.id,
        atMs: nowMs,
        actor: userActor(principal.user),
        action: 'tool.granted',
        subject: session.id,
        detail: { tool, grantId, expiresAtMs, ...(twoPerson && { twoPerson }), ...(script && { script }) },
      })
    })
    return { grant, grantId, expiresAtMs }
  }

  /**
   * What the grant says of the one script that it is for. Throws `not-found` for one that isn't approved, or takes another tool, and `policy-denied` for one
   * that takes a role which isn't the person's there.
   */
  async #script(principal: Principal, session: SessionRecord, tool: Tool, scriptId: string) {
    const { store, policies, scripts } = this.#parts
    const { digest, name, definition, roleId } = await scripts.requireApproved(principal, scriptId)
    if (definition.tool !== tool) throw new HandholdError('not-found', 'There is no such script for this tool.')
    const device = await store.read.device(session.deviceId)
    if (!device) throw new HandholdError('not-found', 'The device was removed.')
    requireRole(await policies.of(principal.organisation.id), principal.user.id, device.groupId, roleId)
    return { digest, name }
  }

  /** What the policy wants of the tool there: a second person, a row for all that is typed. */
  async #requirePermitted(principal: Principal, session: SessionRecord, tool: Tool) {
    const { store, policies, clock } = this.#parts
    const device = await store.read.device(session.deviceId)
    if (!device) throw new HandholdError('not-found', 'The device was removed.')
    const policy = await policies.of(principal.organisation.id)
    const { denied, settings } = policy.decide(principal.user.id, device.groupId, {
      capabilities: [tool, 'control'],
      mode: 'interactive',
      nowMs: clock.nowMs(),
    })
    const [first] = denied
    if (first) throw new HandholdError('policy-denied', `You may not use this tool: ${lineText(policy, first.line)}.`)
    return { twoPerson: settings.twoPersonTools.value.includes(tool), strict: settings.strictAudit.value }
  }
}

function requireAgreed({ state }: SessionRecord, tool: Tool): void {
  if (state.name !== 'active')
    throw new HandholdError('illegal-transition', 'Tools open while a session is active. This one isn’t.')
  if (!mayUseTool(state.scopes, tool))
    throw new HandholdError('forbidden', 'The person at the device has not agreed to this tool.')
}
