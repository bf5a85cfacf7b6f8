/** No program's key is told of later than that. */
const KEPT_MS = 5_000
/** The clocks of the keys and of whoever tells of them may be that far apart. */
const APART_MS = 30

export interface Spoiled {
  /** Epoch ms: when a program pressed the first key. */
  readonly sinceMs: number
  readonly isOver: boolean
}

/** Keeps what stood in a line before each key that came to it, so that a key that wasn't the person's can be taken back, and with it nothing older. */
export class Draft {
  #before: { readonly atMs: number; readonly text: string }[] = []
  #kept: string | undefined

  /** A program's keys are on their way, or were a moment ago. */
  get isSpoiled(): boolean {
    return this.#kept !== undefined
  }

  /** A key came, and `text` stands there still without it. */
  noteKey(atMs: number, text: string): void {
    if (this.isSpoiled) return
    this.#before.push({ atMs, text })
    while ((this.#before[0]?.atMs ?? atMs) < atMs - KEPT_MS) this.#before.shift()
  }

  /** What has to stand there instead of `text`. */
  spoil({ sinceMs, isOver }: Spoiled, text: string): string {
    this.#kept ??= this.#before.find(({ atMs }) => atMs >= sinceMs - APART_MS)?.text ?? text
    const kept = this.#kept
    if (isOver) this.forget()
    return kept
  }

  /** What stood there is said, or was given back. */
  forget(): void {
    this.#before = []
    this.#kept = undefined
  }
}
