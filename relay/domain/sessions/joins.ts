import { HandholdError } from '#protocol/errors.ts'
import { type PassClaims, verifyPass } from '#protocol/pass.ts'
import { verifyProof } from '#protocol/proof.ts'
import type { SessionStateName } from '#protocol/session/state.ts'
import type { JoinSecret } from '#protocol/unattended/wire.ts'
import { userActor } from '../audit.ts'
import type { Clock } from '../clock.ts'
import type { AgentGateway } from '../gateways.ts'
import type { Principal } from '../principal.ts'
import type { LoginRecord, SessionRecord, Store } from '../store.ts'
import type { SessionLedger } from './ledger.ts'
import { requireWayIn, type TokenSigner } from './passes.ts'
import type { SessionRequests } from './requests.ts'
import type { SessionPaths } from './session-paths.ts'
import type { SignalRoutes } from './signal-routes.ts'

export interface JoinsParts {
  readonly store: Store
  readonly clock: Clock
  readonly signer: TokenSigner
  readonly ledger: SessionLedger
  readonly requests: SessionRequests
  readonly routes: SignalRoutes
  readonly agents: AgentGateway
  readonly paths: Pick<SessionPaths, 'tell'>
}

export interface JoinWish {
  readonly sessionId: string
  readonly pass: string
  readonly proof: string
  readonly secret?: JoinSecret | undefined
}

/** The operator comes to a granted session, with a pass and the key that the pass names. */
export class SessionJoins {
  readonly #parts: JoinsParts

  constructor(parts: JoinsParts) {
    this.#parts = parts
  }

  /**
   * Checks pass and proof, spends the pass, and answers what the agent answers. While the session still connects, a fresh pass may join again
   * (a window that was reloaded); later it may not.
   */
  async join(login: LoginRecord, wish: JoinWish, connectionId: string): Promise<void> {
    const { requests, routes, agents, ledger, paths } = this.#parts
    const { principal } = login
    const session = await requests.requireOwn(principal, wish.sessionId)
    requireJoinable(session)
    const claims = await this.#verify(principal, session, wish)
    await this.#spend(login, session, claims.jti)
    // Who comes back begins with a new connection, and with a new share of candidates.
    if (session.state.name === 'lingering') routes.forget(session.id)
    // Before the agent hears of it: its offer may come sooner than its answer.
    const unbind = routes.bind(session.id, connectionId)
    try {
      // Both ends make their connection by it.
      await paths.tell(session)
      await agents.request(session.deviceId, { type: 'session.join', ...wish })
    } catch (thrown) {
      unbind()
      await this.#recordWrong(principal, session, thrown)
      throw thrown
    }
    // An answer overtakes what was said before it, and without a person the device says first that the door is open.
    await agents.handled(session.deviceId)
    await ledger.apply(session.id, ({ state }) =>
      state.name === 'granted' || state.name === 'armed'
        ? { events: [{ type: 'operator-joined' }], actor: userActor(principal.user) }
        : null,
    )
  }

  async #verify(principal: Principal, session: SessionRecord, { pass, proof }: JoinWish): Promise<PassClaims> {
    const { signer, clock } = this.#parts
    const claims = await verifyPass(pass, {
      keys: signer.keys,
      deviceId: session.deviceId,
      sessionId: session.id,
      nowMs: clock.nowMs(),
    })
    if (claims.sub !== principal.user.id || claims.org !== principal.organisation.id)
      throw new HandholdError('pass-invalid', 'This pass belongs to somebody else. Ask for your own.')
    if (claims.cnf.jkt !== session.operatorKeyThumbprint)
      throw new HandholdError('pass-key-mismatch', 'This pass was made for another key than the session.')
    const proven = await verifyProof('join', proof, claims.cnf.jkt)
    const isForThis =
      proven.sessionId === session.id &&
      proven.deviceId === session.deviceId &&
      proven.agentNonce === session.agentNonce
    if (!isForThis) throw new HandholdError('proof-invalid', 'The proof was made for another session or another grant.')
    return claims
  }

  async #recordWrong(principal: Principal, session: SessionRecord, thrown: unknown): Promise<void> {
    if (!(thrown instanceof HandholdError) || !['otp-wrong', 'otp-burnt'].includes(thrown.code)) return
    await this.#parts.store.write(tx =>
      tx.audit({
        organisationId: session.organisation.id,
        atMs: this.#parts.clock.nowMs(),
        actor: userActor(principal.user),
        action: 'unattended.wrong-password',
        subject: session.id,
        detail: { code: thrown.code },
      }),
    )
  }

  #spend({ principal, tokenHash }: LoginRecord, session: SessionRecord, jti: string): Promise<void> {
    return this.#parts.store.write(async tx => {
      if (!(await tx.login(tokenHash)))
        throw new HandholdError('unauthenticated', 'You are not signed in any more. Sign in again.')
      const present = await tx.session(session.id)
      if (present) requireJoinable(present)
      if (!(await tx.spendPass(jti, session.id)))
        throw new HandholdError('pass-invalid', 'This pass was used already. Ask for a new one.')
      await tx.countJoin(session.id, tokenHash)
      await tx.audit({
        organisationId: session.organisation.id,
        atMs: this.#parts.clock.nowMs(),
        actor: userActor(principal.user),
        action: 'session.join',
        subject: session.id,
        detail: { jti },
      })
    })
  }
}

const JOINABLE = new Set<SessionStateName>(['granted', 'connecting', 'otp-issued', 'lingering'])

function requireJoinable(session: SessionRecord): void {
  requireWayIn(session)
  if (!JOINABLE.has(session.state.name))
    throw new HandholdError('illegal-transition', 'The operator is in this session already.')
}
