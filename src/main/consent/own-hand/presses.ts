/** A press and the click that follows it are that close even on a busy computer. */
const FRESH_MS = 1_500
const KEPT = 64

export type PressKind = 'key' | 'pointer'

/** The last presses of a display, and where each came from. */
export class Presses {
  readonly #now: () => number
  readonly #presses: { readonly kind: PressKind; readonly atMs: number; readonly isHardware: boolean }[] = []

  constructor(monotonicMs: () => number) {
    this.#now = monotonicMs
  }

  add(kind: PressKind, isHardware: boolean): void {
    this.#presses.push({ kind, atMs: this.#now(), isHardware })
    if (this.#presses.length > KEPT) this.#presses.shift()
  }

  forget(): void {
    this.#presses.length = 0
  }

  /** There was a press just now, and none of the last was a program's: one of those could be the answer as well. */
  areOwn(only?: PressKind): boolean {
    const fresh = this.#fresh(only)
    return fresh.length > 0 && fresh.every(({ isHardware }) => isHardware)
  }

  /** There was a press just now, and all of the last were programs'. */
  areAProgramsAlone(only?: PressKind): boolean {
    const fresh = this.#fresh(only)
    return fresh.length > 0 && !fresh.some(({ isHardware }) => isHardware)
  }

  #fresh(only: PressKind | undefined) {
    return this.#presses.filter(
      ({ kind, atMs }) => this.#now() - atMs <= FRESH_MS && (only === undefined || kind === only),
    )
  }
}
