import { HandholdError } from '#protocol/errors.ts'
import { LEASE_TTL_S } from '#protocol/limits.ts'
import { isOver } from '#protocol/session/machine.ts'
import { isTool } from '#protocol/tools/tools.ts'
import { LEASE, type LeaseClaims } from '#protocol/trust/lease.ts'
import type { Accountability } from '../audit/accountability.ts'
import { RELAY_ACTOR } from '../audit.ts'
import type { Clock } from '../clock.ts'
import type { AgentGateway } from '../gateways.ts'
import type { Policies } from '../policy/policies.ts'
import type { SessionRecord, Store } from '../store.ts'
import type { SessionLedger } from './ledger.ts'
import type { TokenSigner } from './passes.ts'
import { isStillPermitted } from './permits.ts'
import type { SessionPaths } from './session-paths.ts'

export interface LeasesParts {
  readonly store: Store
  readonly clock: Clock
  readonly signer: TokenSigner
  readonly ledger: SessionLedger
  readonly agents: AgentGateway
  readonly policies: Policies
  readonly accountability: Accountability
  readonly paths: Pick<SessionPaths, 'renew'>
}

/**
 * A live session goes on only while the relay says so again and again: each lease asks the policy anew. Leases aren't audited one by one, because they
 * change nothing; the end of a session that gets none is.
 */
export class Leases {
  readonly #parts: LeasesParts

  constructor(parts: LeasesParts) {
    this.#parts = parts
  }

  /** Throws `not-found` for a session of another device, `session-closed`, `illegal-transition` before the grant, and `policy-denied`, having ended it. */
  async renew(deviceId: string, sessionId: string, nonce: string): Promise<void> {
    const { store, signer, agents, paths } = this.#parts
    const session = await store.read.session(sessionId)
    if (session?.deviceId !== deviceId) throw new HandholdError('not-found', 'There is no such session of yours.')
    const claims = await this.#claims(session, nonce)
    agents.notify(deviceId, { type: 'session.lease', sessionId, lease: await signer.sign(LEASE, claims) })
    await paths.renew(session)
  }

  async #claims(session: SessionRecord, nonce: string): Promise<LeaseClaims> {
    const { state } = session
    if (isOver(state)) throw new HandholdError('session-closed', 'The session is over.')
    if (!('scopes' in state)) throw new HandholdError('illegal-transition', 'Nobody has agreed to the session yet.')
    if (!(await this.#isPermitted(session))) return this.#revoke(session)
    const issuedAtS = Math.floor(this.#parts.clock.nowMs() / 1000)
    // The session goes on without its tools while a strict group's audit can't be kept.
    const isKept = await this.#parts.accountability.mayGoOn(session.deviceId)
    return {
      iss: LEASE.issuer,
      aud: session.deviceId,
      sub: session.operator.id,
      org: session.organisation.id,
      sid: session.id,
      scopes: isKept ? state.scopes : state.scopes.filter(scope => !isTool(scope)),
      nonce,
      iat: issuedAtS,
      exp: issuedAtS + LEASE_TTL_S,
    }
  }

  async #isPermitted(session: SessionRecord): Promise<boolean> {
    const { store, policies, clock } = this.#parts
    const { organisation, deviceId, state } = session
    const device = await store.read.device(deviceId)
    if (device?.status !== 'active' || !('scopes' in state)) return false
    const policy = await policies.of(organisation.id)
    return isStillPermitted(policy, session, device.groupId, state.scopes, clock.nowMs())
  }

  async #revoke(session: SessionRecord): Promise<never> {
    await this.#parts.ledger.end(session.id, { type: 'end', reason: 'policy-revoked' }, RELAY_ACTOR)
    throw new HandholdError('policy-denied', 'The operator may not be there any more.')
  }
}
