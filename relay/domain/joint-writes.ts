import type { Store, Writer } from './store.ts'

type Change = (tx: Writer) => Promise<void>

/** What comes while a transaction runs goes into the next one together: ten thousand changes at once cost a few writes to the disk, not ten thousand. */
export class JointWrites {
  readonly #store: Pick<Store, 'write'>
  #waiting: Change[] = []
  #running: Promise<void> = Promise.resolve()
  #next: Promise<void> | null = null

  constructor(store: Pick<Store, 'write'>) {
    this.#store = store
  }

  /** Resolves when it is written. */
  add(change: Change): Promise<void> {
    this.#waiting.push(change)
    this.#next ??= this.#running.then(() => this.#flush())
    return this.#next
  }

  /** Resolves when everything that was added is written or has failed. */
  async settled(): Promise<void> {
    await (this.#next ?? this.#running).catch(() => undefined)
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
