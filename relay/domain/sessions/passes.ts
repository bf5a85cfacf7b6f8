import { HandholdError } from '#protocol/errors.ts'
import type { PassVerificationKey } from '#protocol/keys.ts'
import { PASS_TTL_S } from '#protocol/limits.ts'
import { PASS } from '#protocol/pass.ts'
import { isOver } from '#protocol/session/machine.ts'
import type { TokenKind } from '#protocol/trust/token.ts'
import { userActor } from '../audit.ts'
import type { Chance } from '../chance.ts'
import type { Clock } from '../clock.ts'
import type { Principal } from '../principal.ts'
import type { SessionRecord, Store } from '../store.ts'
import type { SessionRequests } from './requests.ts'

/** Signs what devices take as the relay's word: passes, leases. The private half never leaves the implementation. */
export interface TokenSigner {
  /** The public keys that a token may be signed by, newest first. */
  readonly keys: readonly PassVerificationKey[]
  /** Signed words by which devices follow from one key to the next, oldest first. */
  readonly handovers: readonly string[]
  /** The claims are the caller's to get right. */
  sign(kind: TokenKind, claims: object): Promise<string>
}

export interface PassesParts {
  readonly store: Store
  readonly clock: Clock
  readonly chance: Chance
  readonly signer: TokenSigner
  readonly requests: SessionRequests
}

/** Access passes: 15 minutes, one session, one device, one operator key. */
export class Passes {
  readonly #parts: PassesParts

  constructor(parts: PassesParts) {
    this.#parts = parts
  }

  /** A pass for a session of the person's own that was granted and isn't over. Every call makes another one. */
  async issue(principal: Principal, sessionId: string): Promise<{ pass: string; expiresAtMs: number }> {
    const { store, clock, chance, signer, requests } = this.#parts
    const session = await requests.requireOwn(principal, sessionId)
    const { scopes } = requireWayIn(session)
    const atMs = clock.nowMs()
    const issuedAtS = Math.floor(atMs / 1000)
    const jti = `pas_${chance.randomText(16)}`
    const expiresAtMs = (issuedAtS + PASS_TTL_S) * 1000
    const pass = await signer.sign(PASS, {
      iss: PASS.issuer,
      aud: session.deviceId,
      sub: principal.user.id,
      jti,
      iat: issuedAtS,
      nbf: issuedAtS,
      exp: issuedAtS + PASS_TTL_S,
      org: session.organisation.id,
      sid: session.id,
      scopes,
      cnf: { jkt: session.operatorKeyThumbprint },
    })
    await store.write(async tx => {
      // The end may have come while the pass was signed.
      const present = await tx.session(session.id)
      if (present) requireWayIn(present)
      await tx.insertPass({ jti, sessionId: session.id, expiresAtMs })
      await tx.audit({
        organisationId: session.organisation.id,
        atMs,
        actor: userActor(principal.user),
        action: 'pass.issued',
        subject: session.id,
        detail: { jti, expiresAtMs, scopes },
      })
    })
    return { pass, expiresAtMs }
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
