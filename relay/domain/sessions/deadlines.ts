import { CONNECT_TIMEOUT_MS, LINGER_MS, OTP_FIRST_USE_MS, RECONNECT_TIMEOUT_MS } from '#protocol/limits.ts'
import { canTransition } from '#protocol/session/machine.ts'
import type { SessionEvent } from '#protocol/session/state.ts'
import type { Clock } from '../clock.ts'
import type { SessionRecord } from '../store.ts'

/** The agent counts the consent time itself; the relay gives it this long to say how it went. */
const CONSENT_GRACE_MS = 5_000
/** How long an agent may take to tear a session down before the relay takes it as done. */
const TEAR_DOWN_TIMEOUT_MS = 5_000

/** A password takes a moment to make; a device that can't isn't waited for. */
const ARMING_TIMEOUT_MS = 30_000
/** The device counts these times itself and by a better clock; the relay gives it this long to say how it went. */
const DOOR_GRACE_MS = 15_000

export interface Deadline {
  readonly atMs: number
  readonly event: SessionEvent
}

/** When the relay itself moves the session on if nobody else does, and how; null for a closed one. By the relay's clock. */
export function deadlineOf(session: SessionRecord): Deadline | null {
  const { state, stateSinceMs, consentTimeoutMs } = session
  const end = (reason: 'consent-timeout' | 'expired' | 'agent-failed', atMs: number): Deadline => ({
    atMs,
    event: { type: 'end', reason },
  })
  switch (state.name) {
    case 'requested':
    case 'notifying':
    case 'awaiting-consent':
      return end('consent-timeout', stateSinceMs + consentTimeoutMs + CONSENT_GRACE_MS)
    case 'queued':
      return end('expired', state.untilMs)
    case 'awaiting-approval':
      return end('expired', state.untilMs)
    case 'arming':
      return end('agent-failed', stateSinceMs + ARMING_TIMEOUT_MS)
    case 'otp-issued':
      return end('expired', Math.min(state.untilMs, stateSinceMs + OTP_FIRST_USE_MS) + DOOR_GRACE_MS)
    case 'lingering':
      return end('expired', Math.min(state.untilMs, stateSinceMs + LINGER_MS) + DOOR_GRACE_MS)
    case 'granted':
    case 'armed':
    case 'connecting':
      return earliest(lost(session, CONNECT_TIMEOUT_MS), end('expired', state.untilMs))
    case 'active':
    case 'paused':
      return end('expired', state.untilMs)
    case 'reconnecting':
      return earliest(lost(session, RECONNECT_TIMEOUT_MS), end('expired', state.untilMs))
    case 'ending':
      return { atMs: stateSinceMs + TEAR_DOWN_TIMEOUT_MS, event: { type: 'torn-down' } }
    case 'closed':
      return null
  }
}

/**
 * What a connection becomes that didn't come back: the end, or without a person the time in which its operator may. `sinceMs` is when it was lost; the device
 * counts from there by itself, and shuts its door whatever is said here.
 */
export function lostEvent({ state, unattended }: SessionRecord, sinceMs: number): SessionEvent {
  if (unattended && 'scopes' in state && canTransition(state, { type: 'lingering', scopes: state.scopes, untilMs: 0 }))
    return { type: 'lingering', scopes: state.scopes, untilMs: sinceMs + LINGER_MS }
  return { type: 'end', reason: 'link-lost' }
}

/** Without a person the device's own word has some time to be first: it makes the next way in. */
function lost(session: SessionRecord, timeoutMs: number): Deadline {
  const { stateSinceMs, unattended } = session
  return {
    atMs: stateSinceMs + timeoutMs + (unattended ? DOOR_GRACE_MS : 0),
    event: lostEvent(session, stateSinceMs),
  }
}

/** A grant never outlives what one consent may last, whatever the device's clock says. */
export const boundGrantEnd = (untilMs: number, nowMs: number, durationMaxMs: number): number =>
  Math.min(untilMs, nowMs + durationMaxMs)

function earliest(one: Deadline, other: Deadline): Deadline {
  return one.atMs <= other.atMs ? one : other
}

/** One timer for each open session. */
export class SessionDeadlines {
  readonly #clock: Clock
  readonly #onDue: (sessionId: string) => void
  readonly #timers = new Map<string, () => void>()

  constructor(clock: Clock, onDue: (sessionId: string) => void) {
    this.#clock = clock
    this.#onDue = onDue
  }

  /** Follows the session's present state; what was scheduled for it before is forgotten. */
  schedule(session: SessionRecord): void {
    this.#timers.get(session.id)?.()
    this.#timers.delete(session.id)
    const deadline = deadlineOf(session)
    if (!deadline) return
    const cancel = this.#clock.setTimer(
      () => {
        this.#timers.delete(session.id)
        this.#onDue(session.id)
      },
      Math.max(0, deadline.atMs - this.#clock.nowMs()),
    )
    this.#timers.set(session.id, cancel)
  }

  close(): void {
    for (const cancel of this.#timers.values()) cancel()
    this.#timers.clear()
  }
}
