import { HandholdError } from '#protocol/errors.ts'
import type { PassVerificationKey } from '#protocol/keys.ts'
import { PASS_TTL_S } from '#protocol/limits.ts'
import { PASS, type PassClaims } from '#protocol/pass.ts'
import { isOver } from '#protocol/session/machine.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import type { TokenKind } from '#protocol/trust/token.ts'
import type { SessionView } from '#protocol/wire/views.ts'
import { userActor } from '../audit.ts'
import { type Chance, newId } from '../chance.ts'
import type { Clock } from '../clock.ts'
import type { Principal } from '../principal.ts'
import type { SessionRecord, Store } from '../store.ts'
import type { SessionLedger } from './ledger.ts'
import type { SessionRequests } from './requests.ts'
import type { SessionLog } from './session-log.ts'
import { sessionView } from './views.ts'

/** Signs what devices take as the relay's word: passes, leases. The private half never leaves the implementation. */
export interface TokenSigner {
  /** The public keys that a token may be signed by, newest first. */
  readonly keys: readonly PassVerificationKey[]
  /** Signed words by which devices follow from one key to the next, oldest first. */
  readonly handovers: readonly string[]
  /** What was issued before then isn't good; null when no key was ever in other hands. */
  readonly revokedBeforeMs: number | null
  /** The claims are the caller's to get right. */
  sign(kind: TokenKind, claims: object): Promise<string>
}

export interface PassesParts {
  readonly store: Store
  readonly clock: Clock
  readonly chance: Chance
  readonly signer: TokenSigner
  readonly requests: SessionRequests
  readonly sessionLog: SessionLog
  readonly ledger: SessionLedger
}

export interface IssuedPass {
  readonly pass: string
  readonly expiresAtMs: number
}

/** Access passes: 15 minutes, one session, one device, one operator key. */
export class Passes {
  readonly #parts: PassesParts

  constructor(parts: PassesParts) {
    this.#parts = parts
  }

  /** A pass for a session of the person's own that was granted and isn't over. Every call makes another one. */
  async issue(principal: Principal, sessionId: string): Promise<IssuedPass> {
    const { store, clock, chance, requests } = this.#parts
    const session = await requests.requireOwn(principal, sessionId)
    const { scopes } = requireWayIn(session)
    const atMs = clock.nowMs()
    const jti = newId('pass', chance)
    const expiresAtMs = (Math.floor(atMs / 1000) + PASS_TTL_S) * 1000
    const pass = await this.#sign(session, scopes, jti, expiresAtMs)
    await store.write(async tx => {
      // The end may have come while the pass was signed.
      const present = await tx.session(session.id)
      if (present) requireWayIn(present)
      await tx.insertPass({ jti, sessionId: session.id, expiresAtMs })
      const detail = { jti, expiresAtMs, scopes }
      await tx.audit({ ...this.#entry(principal, session, atMs), action: 'pass.issued', detail })
    })
    return { pass, expiresAtMs }
  }

  /**
   * A pass that was issued before, by its id: what a link stands for. It dies when it would have. Throws `not-found` for one of somebody else's session,
   * `pass-expired`, and `pass-invalid` for one that let somebody in already, was revoked, or is from before the key came into other hands.
   */
  async open(principal: Principal, passId: string): Promise<IssuedPass & { session: SessionView }> {
    const { store, clock, requests, signer } = this.#parts
    const atMs = clock.nowMs()
    const found = await store.read.pass(passId)
    if (!found) throw new HandholdError('not-found', 'There is no such access pass of yours.')
    const session = await requests.requireOwn(principal, found.sessionId)
    const { scopes } = requireWayIn(session)
    const { expiresAtMs, isUsed } = found
    if (expiresAtMs <= atMs) throw new HandholdError(PASS.expired.code, PASS.expired.message)
    if (isUsed || expiresAtMs - PASS_TTL_S * 1000 < (signer.revokedBeforeMs ?? 0))
      throw new HandholdError('pass-invalid', 'This access pass was used or revoked already. Ask for a new one.')
    const pass = await this.#sign(session, scopes, passId, expiresAtMs)
    await store.write(tx =>
      tx.audit({ ...this.#entry(principal, session, atMs), action: 'pass.opened', detail: { jti: passId } }),
    )
    return { pass, expiresAtMs, session: sessionView(session) }
  }

  /** No pass of the session is good any more, and whoever came in by one leaves. Theirs, or of a device that they look after. Throws `not-found`. */
  async revoke(principal: Principal, sessionId: string): Promise<void> {
    const { store, clock, ledger, sessionLog } = this.#parts
    const session = await sessionLog.get(principal, sessionId)
    const atMs = clock.nowMs()
    await store.write(async tx => {
      const passes = await tx.revokePasses(sessionId, atMs)
      if (passes > 0 || !isOver(session.state))
        await tx.audit({ ...this.#entry(principal, session, atMs), action: 'pass.revoked', detail: { passes } })
    })
    if (session.joins > 0)
      await ledger.end(sessionId, { type: 'end', reason: 'policy-revoked' }, userActor(principal.user))
  }

  #sign(session: SessionRecord, scopes: readonly Scope[], jti: string, expiresAtMs: number): Promise<string> {
    const exp = expiresAtMs / 1000
    const claims: PassClaims = {
      iss: PASS.issuer,
      aud: session.deviceId,
      sub: session.operator.id,
      jti,
      iat: exp - PASS_TTL_S,
      nbf: exp - PASS_TTL_S,
      exp,
      org: session.organisation.id,
      sid: session.id,
      scopes: [...scopes],
      cnf: { jkt: session.operatorKeyThumbprint },
    }
    return this.#parts.signer.sign(PASS, claims)
  }

  #entry({ user }: Principal, { id, organisation }: SessionRecord, atMs: number) {
    return { organisationId: organisation.id, atMs, actor: userActor(user), subject: id }
  }
}

/** What a pass may be made for: a grant, or a door that waits for its password. Throws what `requireGrant` throws. */
export const requireWayIn = (session: SessionRecord) =>
  session.state.name === 'otp-issued' || session.state.name === 'lingering'
    ? { scopes: session.scopes }
    : requireGrant(session)

/** What was granted. Throws `session-closed` after the end and `illegal-transition` before the grant. */
function requireGrant({ state }: SessionRecord) {
  if (isOver(state)) throw new HandholdError('session-closed', 'The session is over. Ask for a new one.')
  if (!('scopes' in state))
    throw new HandholdError('illegal-transition', 'The person at the device has not agreed yet. Wait for the answer.')
  return { scopes: state.scopes, untilMs: state.untilMs }
}
