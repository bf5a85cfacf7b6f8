import { HandholdError } from '#protocol/errors.ts'
import { QUEUE_TIMEOUT_MS } from '#protocol/limits.ts'
import type { SessionEvent } from '#protocol/session/state.ts'
import type { ApprovalView } from '#protocol/unattended/http.ts'
import { RELAY_ACTOR, userActor } from '../audit.ts'
import type { Clock } from '../clock.ts'
import type { AgentGateway, OperatorGateway } from '../gateways.ts'
import type { Policies } from '../policy/policies.ts'
import type { PolicySnapshot } from '../policy/snapshot.ts'
import type { Principal } from '../principal.ts'
import type { SessionLedger } from '../sessions/ledger.ts'
import { isStillPermitted } from '../sessions/permits.ts'
import type { SessionRequests } from '../sessions/requests.ts'
import type { SessionRecord, Store } from '../store.ts'

export interface ApprovalsParts {
  readonly store: Store
  readonly clock: Clock
  readonly ledger: SessionLedger
  readonly requests: SessionRequests
  readonly agents: AgentGateway
  readonly operators: OperatorGateway
  readonly policies: Policies
}

/** A second person agrees to an unattended session, or doesn't: never the one who asked, and the first answer is final. */
export class Approvals {
  readonly #parts: ApprovalsParts

  constructor(parts: ApprovalsParts) {
    this.#parts = parts
  }

  /** What waits for this person, oldest first. */
  async list(principal: Principal): Promise<ApprovalView[]> {
    const policy = await this.#parts.policies.of(principal.organisation.id)
    const waiting: ApprovalView[] = []
    for (const session of await this.#waitingIn(principal.organisation.id)) {
      if (await this.#mayAnswer(policy, principal.user.id, session)) waiting.push(approvalView(session))
    }
    return waiting.sort((one, other) => one.untilMs - other.untilMs)
  }

  /** Throws `not-found` for what this person can't answer, their own request included, `illegal-transition` for what was answered before, and `policy-denied` for what isn't allowed any more. */
  async answer(principal: Principal, sessionId: string, isApproved: boolean): Promise<void> {
    const { store, clock, ledger, requests, agents, policies } = this.#parts
    const session = await store.read.session(sessionId)
    const policy = await policies.of(principal.organisation.id)
    if (
      session?.organisation.id !== principal.organisation.id ||
      !session.unattended?.needsApproval ||
      !(await this.#mayAnswer(policy, principal.user.id, session))
    )
      throw new HandholdError('not-found', 'There is no such request that you could answer.')
    if (isApproved && session.state.name === 'awaiting-approval') await this.#requirePermitted(policy, session)
    const answered = await ledger.apply(sessionId, present => {
      if (present.state.name !== 'awaiting-approval' || !present.unattended)
        throw new HandholdError('illegal-transition', 'This was answered already, or it is too late.')
      const actor = userActor(principal.user)
      if (!isApproved) return { events: [{ type: 'end', reason: 'denied' }], actor }
      const waits: SessionEvent[] = agents.isOnline(present.deviceId)
        ? []
        : [{ type: 'device-offline', untilMs: clock.nowMs() + QUEUE_TIMEOUT_MS }]
      const unattended = { ...present.unattended, approvedBy: principal.user.name }
      return { events: [{ type: 'approved' }, ...waits], actor, unattended }
    })
    if (isApproved && answered.state.name === 'requested') requests.notifyDevice(answered)
    if (!isApproved) await ledger.tearDown(sessionId)
    this.announce(principal.organisation.id)
  }

  /** Everybody of the organisation looks at their list again; it holds only what they may answer. */
  announce(organisationId: string): void {
    const { operators } = this.#parts
    for (const userId of operators.usersOf(organisationId)) operators.toUser(userId, { type: 'approvals.changed' })
  }

  async #waitingIn(organisationId: string): Promise<SessionRecord[]> {
    const open = await this.#parts.store.read.openSessionsOfOrganisation(organisationId)
    return open.filter(({ state }) => state.name === 'awaiting-approval')
  }

  /** Allowed hours may have ended since the last look at them. Ends what isn't permitted any more, and throws `policy-denied`. */
  async #requirePermitted(policy: PolicySnapshot, session: SessionRecord): Promise<void> {
    const { store, clock, ledger } = this.#parts
    const { id, deviceId, scopes, organisation } = session
    const device = await store.read.device(deviceId)
    if (device && isStillPermitted(policy, session, device.groupId, scopes, clock.nowMs())) return
    await ledger.end(id, { type: 'end', reason: 'policy-revoked' }, RELAY_ACTOR)
    this.announce(organisation.id)
    throw new HandholdError(
      'policy-denied',
      'What was asked for isn’t allowed any more, so the request has ended. The allowed hours may be over.',
    )
  }

  async #mayAnswer(policy: PolicySnapshot, userId: string, { operator, deviceId }: SessionRecord): Promise<boolean> {
    if (operator.id === userId) return false
    const device = await this.#parts.store.read.device(deviceId)
    return device !== undefined && policy.grants(userId, device.groupId)('unattended').allowed
  }
}

const approvalView = (session: SessionRecord): ApprovalView => ({
  sessionId: session.id,
  deviceName: session.deviceName,
  operator: session.operator,
  reason: session.reason,
  ticket: session.ticket,
  scopes: session.scopes,
  requestedAtMs: session.requestedAtMs,
  untilMs: session.state.name === 'awaiting-approval' ? session.state.untilMs : 0,
})
