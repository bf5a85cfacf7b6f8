import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Store, Writer } from '../store.ts'

const PULSE_INTERVAL_MS = 60_000
const BATCH = 500

type Change = (tx: Writer) => Promise<void>

/**
 * When each device was connected. What changes while a transaction runs goes into the next one together: ten thousand devices that come back
 * at once cost a few writes, not ten thousand.
 */
export class Presence {
  readonly #store: Store
  readonly #clock: Clock
  readonly #log: Log
  #waiting: Change[] = []
  #running: Promise<void> = Promise.resolve()
  #next: Promise<void> | null = null
  #isClosed = false
  #cancelPulse: () => void = () => undefined

  constructor(store: Store, clock: Clock, log: Log) {
    this.#store = store
    this.#clock = clock
    this.#log = log
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
    return this.#add(tx => tx.records.arrived(deviceId, atMs))
  }

  left(deviceId: string): Promise<void> {
    const atMs = this.#clock.nowMs()
    return this.#add(tx => tx.records.left(deviceId, atMs))
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

  #add(change: Change): Promise<void> {
    this.#waiting.push(change)
    this.#next ??= this.#running.then(() => this.#flush())
    return this.#next
  }

  #flush(): Promise<void> {
    const changes = this.#waiting
    this.#waiting = []
    this.#next = null
    const writing = this.#store.write(async tx => {
      for (const change of changes) await change(tx)
    })
    this.#running = writing.catch(() => undefined)
    return writing
  }
}
