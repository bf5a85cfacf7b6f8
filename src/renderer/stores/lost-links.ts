/** A short interruption mends itself; after this another connection is asked for. */
const FIRST_ASK_MS = 1_500
/** As long as a connection takes to be made where networks are slow, or the device is. */
const NEXT_ASK_MS = 10_000

/** `awaited`: the device makes the first one by itself, and asking too soon would undo it. */
export type Lack = 'lost' | 'awaited'

/** Runs something later. Returns what takes that back. */
export type Schedule = (run: () => void, delayMs: number) => () => void

export const schedule: Schedule = (run, delayMs) => {
  const timer = setTimeout(run, delayMs)
  return () => clearTimeout(timer)
}

/** Asks for another connection for each session whose connection is lost, until it has one. */
export class LostLinks {
  readonly #ask: (ticket: string) => void
  readonly #schedule: Schedule
  readonly #pending = new Map<string, { lack: Lack; cancel: () => void }>()

  constructor(ask: (ticket: string) => void, later: Schedule = schedule) {
    this.#ask = ask
    this.#schedule = later
  }

  /** All that lack a connection now. */
  follow(lost: ReadonlyMap<string, Lack>): void {
    for (const [ticket, { lack, cancel }] of this.#pending) {
      const now = lost.get(ticket)
      // One that was lost once is asked for at the pace that it has.
      if (now === lack || (now && lack === 'lost')) continue
      cancel()
      this.#pending.delete(ticket)
    }
    for (const [ticket, lack] of lost)
      if (!this.#pending.has(ticket)) this.#askIn(ticket, lack, lack === 'lost' ? FIRST_ASK_MS : NEXT_ASK_MS)
  }

  #askIn(ticket: string, lack: Lack, delayMs: number): void {
    const cancel = this.#schedule(() => {
      this.#askIn(ticket, 'lost', NEXT_ASK_MS)
      this.#ask(ticket)
    }, delayMs)
    this.#pending.set(ticket, { lack, cancel })
  }
}
