import { HandholdError } from '#protocol/errors.ts'
import { isLive } from '#protocol/session/machine.ts'
import { deviceActor } from '../audit.ts'
import type { Clock } from '../clock.ts'
import type { Store } from '../store.ts'
import type { HeldChanges } from './held-changes.ts'

/** Which of two operators has mouse and keyboard of a device, as the device decides and tells it: an entry in the audit each time. */
export class InputTurns {
  readonly #store: Store
  readonly #clock: Clock
  readonly #heldChanges: Pick<HeldChanges, 'require'>

  constructor(store: Store, clock: Clock, heldChanges: Pick<HeldChanges, 'require'>) {
    this.#store = store
    this.#clock = clock
    this.#heldChanges = heldChanges
  }

  /** Throws `not-found` for a session that isn't a live one of this device, and `rate-limited`. */
  async record(deviceId: string, sessionId: string): Promise<void> {
    const session = await this.#store.read.session(sessionId)
    if (session?.deviceId !== deviceId || !isLive(session.state))
      throw new HandholdError('not-found', 'There is no such session of yours.')
    this.#heldChanges.require(sessionId)
    await this.#store.write(tx =>
      tx.audit({
        organisationId: session.organisation.id,
        atMs: this.#clock.nowMs(),
        actor: deviceActor(deviceId),
        action: 'session.turn',
        subject: sessionId,
        detail: { operator: session.operator.id },
      }),
    )
  }
}
