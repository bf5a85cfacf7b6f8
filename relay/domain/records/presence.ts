import type { Clock } from '../clock.ts'
import { JointWrites } from '../joint-writes.ts'
import type { Log } from '../log.ts'
import type { Store } from '../store.ts'

const PULSE_INTERVAL_MS = 60_000
const BATCH = 500

/** When each device was connected. */
export class Presence {
  readonly #store: Store
  readonly #clock: Clock
  readonly #log: Log
  readonly #changes: JointWrites
  #isClosed = false
  #cancelPulse: () => void = () => undefined

  constructor(store: Store, clock: Clock, log: Log) {
    this.#store = store
    this.#clock = clock
    this.#log = log
    this.#changes = new JointWrites(store)
  }

  /** Ends what a crash left open, at the last moment at which this relay is known to have run. */
  async start(): Promise<void> {
    const { records } = this.#store.read
    const present = await records.present()
    const atMs = (await records.pulse()) ?? this.#clock.nowMs()
    for (let at = 0; at < present.length; at += BATCH)
      await this.#store.write(async tx => {
        for (const deviceId of present.slice(at, at + BATCH)) await tx.records.left(deviceId, atMs)
      })
    this.#pulse()
  }

  /** Resolves when it is written. */
  arrived(deviceId: string): Promise<void> {
    const atMs = this.#clock.nowMs()
    return this.#changes.add(tx => tx.records.arrived(deviceId, atMs))
  }

  left(deviceId: string): Promise<void> {
    const atMs = this.#clock.nowMs()
    return this.#changes.add(tx => tx.records.left(deviceId, atMs))
  }

  /** May be called more than once. */
  close(): void {
    this.#isClosed = true
    this.#cancelPulse()
  }

  #pulse(): void {
    const atMs = this.#clock.nowMs()
    this.#store
      .write(tx => tx.records.setPulse(atMs))
      .catch(error => this.#log.error({ err: error }, 'The time of the last work could not be written'))
      // Not before it is written: a clock that jumps would pile them up.
      .finally(() => {
        if (!this.#isClosed) this.#cancelPulse = this.#clock.setTimer(() => this.#pulse(), PULSE_INTERVAL_MS)
      })
  }
}
