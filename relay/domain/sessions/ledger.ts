import { HandholdError, type WireError } from '#protocol/errors.ts'
import { isOver, transition } from '#protocol/session/machine.ts'
import type { SessionEvent, SessionState } from '#protocol/session/state.ts'
import type { UnaskedCause } from '#protocol/session/unasked.ts'
import { type Actor, RELAY_ACTOR } from '../audit.ts'
import type { Clock } from '../clock.ts'
import type { Devices } from '../devices.ts'
import type { AgentGateway, OperatorGateway } from '../gateways.ts'
import type { Log } from '../log.ts'
import type { NewSession, SessionRecord, Store, Writer } from '../store.ts'
import type { UnattendedPlan } from '../unattended/plan.ts'
import { deadlineOf, SessionDeadlines } from './deadlines.ts'
import { sessionView } from './views.ts'

export interface Step {
  readonly events: readonly SessionEvent[]
  readonly actor: Actor
  /** Left as it is when absent. */
  readonly agentNonce?: string | null
  /** Left as it is when absent. */
  readonly unattended?: UnattendedPlan
  /** Why the device didn't take it. */
  readonly refusal?: WireError
  readonly detail?: Readonly<Record<string, unknown>>
}

export interface LedgerParts {
  readonly store: Store
  readonly clock: Clock
  readonly agents: AgentGateway
  readonly operators: OperatorGateway
  readonly devices: Devices
  readonly log: Log
  /** Nothing more is to come of a session than its end. */
  readonly onEnding: (session: SessionRecord) => void
  /** A session is closed: whatever was kept for it in memory can go. */
  readonly onClosed: (session: SessionRecord) => void
}

/** The one place where sessions change: transition, row and audit in one transaction, then the word to whoever may know. */
export class SessionLedger {
  readonly #parts: LedgerParts
  readonly #deadlines: SessionDeadlines

  constructor(parts: LedgerParts) {
    this.#parts = parts
    this.#deadlines = new SessionDeadlines(parts.clock, id => {
      this.#due(id).catch(error => parts.log.error({ err: error, sessionId: id }, 'A session missed its deadline'))
    })
  }

  /** Adds a session together with its first events. `guard` runs in the same transaction and may refuse. */
  async open(session: NewSession, step: Step, guard: (tx: Writer) => Promise<void>): Promise<SessionRecord> {
    const opened = await this.#parts.store.write(async tx => {
      await guard(tx)
      await tx.insertSession(session)
      const record = await required(tx, session.id)
      await tx.audit({
        ...this.#entry(record, step.actor),
        action: 'session.requested',
        detail: {
          reason: session.reason,
          scopes: session.scopes,
          ...(session.skipsConsent && { skipConsent: true }),
          ...(session.beside && { beside: session.beside }),
        },
      })
      return this.#fold(tx, record, step)
    })
    this.#publish(opened, true)
    return opened
  }

  /**
   * Applies what `decide` makes of the present state; null changes nothing. What it throws changes nothing either and is thrown on.
   * Throws `not-found` for an unknown session and `illegal-transition` where the state forbids an event.
   */
  async apply(sessionId: string, decide: (session: SessionRecord) => Step | null): Promise<SessionRecord> {
    const { before, after } = await this.#parts.store.write(async tx => {
      const session = await required(tx, sessionId)
      const step = decide(session)
      return { before: session, after: step ? await this.#fold(tx, session, step) : session }
    })
    if (after !== before) this.#publish(after, isOver(before.state) !== isOver(after.state))
    return after
  }

  /** Ends the session if it lives, tells its agent, and takes it as torn down when there is no agent to say so. */
  async end(sessionId: string, event: Extract<SessionEvent, { type: 'end' }>, actor: Actor): Promise<void> {
    const ended = await this.apply(sessionId, session => (isOver(session.state) ? null : { events: [event], actor }))
    await this.tellEnd(ended)
  }

  /** A key that may be in other hands may have let somebody in: who joined what was asked for before then leaves. */
  async endJoinedBefore(atMs: number): Promise<void> {
    for (const { id, joins, requestedAtMs } of await this.#parts.store.read.openSessions())
      if (joins > 0 && requestedAtMs < atMs) await this.end(id, { type: 'end', reason: 'policy-revoked' }, RELAY_ACTOR)
  }

  /**
   * A sign-in or an API key is no more: what stands on it ends. A session without a person that nobody has joined stays: its pass may be kept as a file, and opens it
   * for nobody who hasn't signed in anew.
   */
  async endOfCredentials(hashes: readonly string[], reason: 'operator-ended' | 'policy-revoked'): Promise<void> {
    for (const { id, unattended, joins } of await this.#parts.store.read.openSessionsOfCredentials(hashes))
      if (!unattended || joins > 0) await this.end(id, { type: 'end', reason }, RELAY_ACTOR)
  }

  /** Says an end that the agent may not know. */
  async tellEnd({ id, deviceId, state }: SessionRecord): Promise<void> {
    if (state.name !== 'ending') return
    if (this.#parts.agents.isOnline(deviceId))
      this.#parts.agents.notify(deviceId, { type: 'session.end', sessionId: id, reason: state.reason })
    else await this.tearDown(id)
  }

  /** The relay's own word that an ended session is gone: its agent is not there to give it. */
  async tearDown(sessionId: string): Promise<void> {
    await this.apply(sessionId, session =>
      session.state.name === 'ending' ? { events: [{ type: 'torn-down' }], actor: RELAY_ACTOR } : null,
    )
  }

  /** Within a transaction of the caller's, who publishes with `published` after it: ends and tears down in one step. */
  async closeWithin(tx: Writer, session: SessionRecord, step: Step): Promise<SessionRecord> {
    return this.#fold(tx, session, step)
  }

  published(session: SessionRecord): void {
    this.#publish(session, false)
  }

  /** Takes up the deadlines of sessions that outlived a restart. */
  resume(sessions: readonly SessionRecord[]): void {
    for (const session of sessions) this.#deadlines.schedule(session)
  }

  close(): void {
    this.#deadlines.close()
  }

  async #due(sessionId: string): Promise<void> {
    const { clock } = this.#parts
    const session = await this.apply(sessionId, present => {
      const deadline = deadlineOf(present)
      // A clock that was set back makes a timer early: the schedule below waits for the rest.
      if (!deadline || deadline.atMs > clock.nowMs()) return null
      return { events: [deadline.event], actor: RELAY_ACTOR }
    })
    this.#deadlines.schedule(session)
    await this.tellEnd(session)
  }

  async #fold(tx: Writer, session: SessionRecord, step: Step): Promise<SessionRecord> {
    let state = session.state
    for (const event of step.events) {
      const from = state.name
      state = transition(state, event)
      const { type, ...said } = event
      await tx.audit({
        ...this.#entry(session, step.actor),
        action: `session.${type}`,
        detail: { from, to: state.name, ...said, ...step.detail },
      })
    }
    const stateSinceMs = state.name === session.state.name ? session.stateSinceMs : this.#parts.clock.nowMs()
    const agentNonce = step.agentNonce === undefined ? session.agentNonce : step.agentNonce
    await tx.updateSession(session.id, state, stateSinceMs, agentNonce)
    const unattended = planAfter(step.unattended ?? session.unattended, state)
    if (unattended && unattended !== session.unattended) await tx.setUnattended(session.id, unattended)
    const unasked = unaskedIn(step.events) ?? session.unasked
    if (unasked && unasked !== session.unasked) await tx.setUnasked(session.id, unasked)
    const refusal = step.refusal ?? session.refusal
    if (step.refusal) await tx.setRefusal(session.id, step.refusal)
    return { ...session, state, stateSinceMs, agentNonce, unattended, unasked, refusal }
  }

  #entry(session: SessionRecord, actor: Actor) {
    return { organisationId: session.organisation.id, atMs: this.#parts.clock.nowMs(), actor, subject: session.id }
  }

  #publish(session: SessionRecord, busyChanged: boolean): void {
    this.#deadlines.schedule(session)
    this.#parts.operators.toUser(session.operator.id, { type: 'session.changed', session: sessionView(session) })
    if (session.state.name === 'ending') this.#parts.onEnding(session)
    if (session.state.name === 'closed') this.#parts.onClosed(session)
    if (busyChanged) this.#parts.devices.announce(session.deviceId)
  }
}

/** A sealed password isn't kept longer than it can be used. */
function planAfter(plan: UnattendedPlan | null, state: SessionState): UnattendedPlan | null {
  return plan?.otp && state.name !== 'otp-issued' ? { ...plan, otp: null } : plan
}

const unaskedIn = (events: readonly SessionEvent[]): UnaskedCause | undefined =>
  events.flatMap(event => (event.type === 'consent-granted' && event.unasked ? [event.unasked] : []))[0]

async function required(tx: Writer, sessionId: string): Promise<SessionRecord> {
  const session = await tx.session(sessionId)
  if (!session) throw new HandholdError('not-found', 'There is no such session.')
  return session
}
