import { HandholdError } from '#protocol/errors.ts'
import { canTransition, isOver, transition } from '#protocol/session/machine.ts'
import type { SessionEvent, SessionState } from '#protocol/session/state.ts'
import { TokenBucket } from '#protocol/token-bucket.ts'
import { canonical } from '../audit/canonical.ts'
import { deviceActor } from '../audit.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { SessionRecord, Store } from '../store.ts'
import type { SessionLedger } from './ledger.ts'

/** More than anybody presses pause, or a bad link comes and goes, in a minute. */
const BURST = 30
const PER_SECOND = 0.2

const GOING_TO_AND_FRO: ReadonlySet<SessionEvent['type']> = new Set([
  'paused',
  'resumed',
  'link-interrupted',
  'link-restored',
])

/** Each of these may follow itself. */
const REPEATABLE: ReadonlySet<SessionEvent['type']> = new Set(['scopes-changed', 'armed', 'lingering'])

interface Held {
  /** The shortest way from where the session is written down to where the device says that it is. */
  readonly events: SessionEvent[]
  readonly states: SessionState[]
  count: number
  readonly cancelTimer: () => void
}

export interface HeldChangesParts {
  readonly store: Store
  readonly clock: Clock
  readonly ledger: SessionLedger
  readonly log: Log
}

/**
 * Changes of a session that a device can say for ever: each is a row of the audit while they come as people and links make them. What is more waits a few
 * seconds and becomes one change, written with the number of those that it stands for, so that a device can't fill the disk. The device itself stops or goes on at once.
 */
export class HeldChanges {
  readonly #parts: HeldChangesParts
  readonly #buckets = new Map<string, TokenBucket>()
  readonly #held = new Map<string, Held>()

  constructor(parts: HeldChangesParts) {
    this.#parts = parts
  }

  /**
   * Whether the event has to wait, and is taken over; what waited before is written first where it doesn't. Throws what the machine throws for an event that
   * doesn't fit those before it, and `rate-limited` for one that can be said for ever and can't wait.
   */
  async takes({ id, state }: SessionRecord, event: SessionEvent): Promise<boolean> {
    const held = this.#held.get(id)
    if (isOver(state)) return false
    const reached = held?.states.at(-1) ?? state
    if (GOING_TO_AND_FRO.has(event.type)) {
      const next = transition(reached, event)
      if (!held && this.#admits(id)) return false
      put(held ?? this.#hold(id, state), event, next)
      return true
    }
    if (REPEATABLE.has(event.type)) this.require(id)
    if (held) {
      // What isn't taken anyway doesn't have what waits written.
      transition(reached, event)
      await this.#settle(id)
    }
    return false
  }

  /** One more row of this session that a device can have written for ever. Throws `rate-limited`. */
  require(sessionId: string): void {
    if (!this.#admits(sessionId))
      throw new HandholdError('rate-limited', 'This session changes too often. Say it again in a few seconds.')
  }

  #admits(sessionId: string): boolean {
    const nowMs = this.#parts.clock.nowMs()
    const bucket = this.#buckets.get(sessionId) ?? new TokenBucket(PER_SECOND, BURST, nowMs)
    this.#buckets.set(sessionId, bucket)
    if (bucket.waitMs(1, nowMs) > 0) return false
    bucket.take(nowMs)
    return true
  }

  async #settle(sessionId: string): Promise<void> {
    const held = this.#held.get(sessionId)
    if (!held) return
    const { events, count } = held
    this.#held.delete(sessionId)
    held.cancelTimer()
    this.#buckets.get(sessionId)?.take(this.#parts.clock.nowMs(), Math.max(1, events.length))
    let isWritten = false
    await this.#parts.ledger.apply(sessionId, ({ state, deviceId }) => {
      isWritten = events.length > 0 && fits(state, events)
      return isWritten ? { events, actor: deviceActor(deviceId), detail: { repeated: count } } : null
    })
    if (!isWritten) await this.#noteCount(sessionId, count)
  }

  /** The session is closed. */
  forget(sessionId: string): void {
    this.#buckets.delete(sessionId)
  }

  close(): void {
    for (const { cancelTimer } of this.#held.values()) cancelTimer()
    this.#held.clear()
  }

  #hold(sessionId: string, state: SessionState): Held {
    const { clock, log } = this.#parts
    const waitMs = this.#buckets.get(sessionId)?.waitMs(1, clock.nowMs()) ?? 0
    const settle = () => {
      this.#settle(sessionId).catch(error => log.error({ err: error, sessionId }, 'Held changes could not be written'))
    }
    const held: Held = { events: [], states: [state], count: 0, cancelTimer: clock.setTimer(settle, waitMs) }
    this.#held.set(sessionId, held)
    return held
  }

  /** Nothing is left of them: the session is where it was, or went another way meanwhile. */
  async #noteCount(sessionId: string, repeated: number): Promise<void> {
    const { store, clock } = this.#parts
    await store.write(async tx => {
      const session = await tx.session(sessionId)
      if (!session) return
      const { organisation, deviceId } = session
      const entry = { organisationId: organisation.id, atMs: clock.nowMs(), actor: deviceActor(deviceId) }
      await tx.audit({ ...entry, action: 'session.wavered', subject: sessionId, detail: { repeated } })
    })
  }
}

function put(held: Held, event: SessionEvent, next: SessionState): void {
  held.count++
  const before = held.states.findIndex(earlier => isSame(earlier, next))
  if (before === -1) {
    held.events.push(event)
    held.states.push(next)
  } else {
    held.events.splice(before)
    held.states.splice(before + 1)
  }
}

const isSame = (one: SessionState, other: SessionState): boolean => canonical(one) === canonical(other)

function fits(state: SessionState, events: readonly SessionEvent[]): boolean {
  let reached = state
  for (const event of events) {
    if (!canTransition(reached, event)) return false
    reached = transition(reached, event)
  }
  return true
}
