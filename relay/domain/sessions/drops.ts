import { HandholdError } from '#protocol/errors.ts'
import { isOver } from '#protocol/session/machine.ts'
import type { DropReason } from '#protocol/wire/agent.ts'
import { deviceActor } from '../audit.ts'
import type { Clock } from '../clock.ts'
import type { Store } from '../store.ts'

/** A session has few kinds of messages; an agent that tells of more is broken. */
const KINDS_MAX = 40

export interface Drop {
  readonly sessionId: string
  readonly kind: string
  readonly why: DropReason
}

/** What an operator's program sent although it may not, as the device tells it: an entry in the audit for each kind, once. */
export class Drops {
  readonly #store: Store
  readonly #clock: Clock
  readonly #told = new Map<string, Set<string>>()

  constructor(store: Store, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  /** Throws `not-found` for a session of another device. */
  async record(deviceId: string, { sessionId, kind, why }: Drop): Promise<void> {
    const session = await this.#store.read.session(sessionId)
    if (session?.deviceId !== deviceId || isOver(session.state))
      throw new HandholdError('not-found', 'There is no such session of yours.')
    const told = this.#told.get(sessionId) ?? new Set()
    const key = `${kind} ${why}`
    if (told.has(key) || told.size >= KINDS_MAX) return
    this.#told.set(sessionId, told.add(key))
    await this.#store.write(tx =>
      tx.audit({
        organisationId: session.organisation.id,
        atMs: this.#clock.nowMs(),
        actor: deviceActor(deviceId),
        action: 'session.dropped',
        subject: sessionId,
        detail: { operator: session.operator.id, kind, why },
      }),
    )
  }

  /** The session is closed. */
  forget(sessionId: string): void {
    this.#told.delete(sessionId)
  }
}
