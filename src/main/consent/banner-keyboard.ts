import type { PressKind } from './own-hand/presses.ts'

/** A press, and the keyboard that a window manager brings with it, come that close to each other even on a busy computer. */
const NEAR_MS = 500
/** A window that opens as a banner gets the keyboard from the window manager by then. */
const OPENS_MS = 2_000
const RETURNS = { most: 3, withinMs: 10_000 }
/** Each takes a press of a program's: more than anybody clicks by chance. */
const TAKES = { most: 20, withinMs: 10_000 }
/** A press has done by then what it does: the chat is open, or it isn't. */
const PRESS_DONE_MS = 250
/** After that no key that was pressed before is still on its way to the page. */
const ARRIVED_MS = 700

export interface BannerKeyboardParts {
  monotonicMs(): number
  /** Rejects with `forbidden` where only a program pressed something just now. */
  refuseProgram(only?: PressKind): Promise<void>
  /** What is typed comes to the window; or goes to the program again that the person worked in. */
  take(): void
  giveBack(): void
  /** What came to the chat since then, and wasn't sent yet, may not be the person's. Until `isOver` nothing is written there. */
  spoilDraft(spoiled: { readonly sinceMs: number; readonly isOver: boolean }): void
  /** Epoch. */
  nowMs(): number
  tellService(isHere: boolean): void
}

/**
 * What is typed comes to the banner only where the person wants that: in the chat, for a question, or because they went there by a key. Everything else goes to the
 * program that they work in. While it comes to the chat or a question the service keeps the operator's keys away, and what a program typed all the same doesn't stay there.
 */
export class BannerKeyboard {
  readonly #parts: BannerKeyboardParts
  #isLive = false
  #isHere = false
  #isNeeded = false
  /** As the service knows it. */
  #isKept = false
  #isWriting = false
  #beganAtMs = Number.NEGATIVE_INFINITY
  readonly #returns = new Budget(RETURNS)
  readonly #takes = new Budget(TAKES)
  #leftAtMs = Number.NEGATIVE_INFINITY
  #pressedAtMs = Number.NEGATIVE_INFINITY
  #foreignAtMs = Number.NEGATIVE_INFINITY
  /** The first of those that came one soon after another. */
  #foreignSinceMs = Number.NEGATIVE_INFINITY
  #clearing: NodeJS.Timeout | undefined

  constructor(parts: BannerKeyboardParts) {
    this.#parts = parts
  }

  /** A program typed into the window just now. */
  get isSpoiled(): boolean {
    return this.#clearing !== undefined
  }

  /** From the banner on: the question needed the keyboard, the banner doesn't. */
  begin(): void {
    if (this.#isLive) return
    this.#isLive = true
    this.#beganAtMs = this.#nowMs
    this.#tell()
    this.#parts.giveBack()
  }

  /** By the window's own word: what is typed comes to it from now on, or no more. */
  see(isHere: boolean): void {
    if (isHere === this.#isHere) return
    this.#isHere = isHere
    if (!this.#isLive) return
    this.#tell()
    if (!isHere) {
      this.#leftAtMs = this.#nowMs
      this.#keepWhileWriting()
      return
    }
    // The window's word comes a moment after the keys do.
    if (this.#isNear(this.#foreignAtMs)) this.#spoil(Math.max(this.#foreignSinceMs, this.#nowMs - NEAR_MS))
    if (this.#isNear(this.#pressedAtMs)) this.#whenPressed(true)
    else if (this.#isNeeded) return
    else if (this.#nowMs - this.#beganAtMs < OPENS_MS) this.#return()
    else this.#parts.refuseProgram().catch(() => this.#return())
  }

  /** Something in it wants to be written or answered, or nothing does any more. */
  need(isNeeded: boolean): void {
    if (isNeeded === this.#isNeeded) return
    this.#isNeeded = isNeeded
    this.#tell()
    if (isNeeded) this.#parts.take()
    else this.#parts.giveBack()
  }

  /** The person is in the middle of a line of the chat, or not any more. */
  writes(isWriting: boolean): void {
    this.#isWriting = isWriting
  }

  /** The person pressed on the banner, or beside it. */
  pressed(isInside: boolean): void {
    if (!this.#isLive) return
    if (isInside) this.#pressedAtMs = this.#nowMs
    if (this.#isHere) this.#whenPressed(isInside)
    // Without a window manager a press on a window doesn't bring the keyboard there.
    else if (isInside && this.#isNeeded) this.#parts.take()
  }

  /** A program pressed a key so long ago, wherever that goes. */
  foreignKey(agoMs: number): void {
    const atMs = this.#nowMs - agoMs
    if (atMs - this.#foreignAtMs >= NEAR_MS) this.#foreignSinceMs = atMs
    this.#foreignAtMs = atMs
    if (this.#isLive && (this.#isHere || this.#isNear(this.#leftAtMs))) this.#spoil(atMs)
  }

  /** Idempotent. */
  close(): void {
    this.#isLive = false
    clearTimeout(this.#clearing)
  }

  get #nowMs(): number {
    return this.#parts.monotonicMs()
  }

  /** Elsewhere on the banner a key does nothing unless it is the person's; only where something is written or answered the operator's have to be kept away. */
  #tell(): void {
    const isKept = this.#isLive && this.#isHere && this.#isNeeded
    if (isKept === this.#isKept) return
    this.#isKept = isKept
    this.#parts.tellService(isKept)
  }

  #isNear(atMs: number): boolean {
    return this.#nowMs - atMs < NEAR_MS
  }

  /** Nobody's wish but ours. A window manager that wants it otherwise has its way in the end. */
  #return(): void {
    if (this.#returns.spend(this.#nowMs)) this.#parts.giveBack()
  }

  /** Where a program's press, an operator's for one, took the keyboard out of the person's line, they would write the rest of it somewhere else. Their own press does as it likes. */
  #keepWhileWriting(): void {
    if (!this.#isNeeded || !this.#isWriting) return
    this.#parts.refuseProgram('pointer').catch(() => {
      if (this.#isLive && this.#isNeeded && !this.#isHere && this.#takes.spend(this.#nowMs)) this.#parts.take()
    })
  }

  #whenPressed(isInside: boolean): void {
    setTimeout(() => {
      if (this.#isLive && this.#isHere && !(isInside && this.#isNeeded)) this.#parts.giveBack()
    }, PRESS_DONE_MS).unref()
  }

  #spoil(foreignAtMs: number): void {
    const sinceMs = this.#parts.nowMs() - (this.#nowMs - foreignAtMs)
    this.#parts.spoilDraft({ sinceMs, isOver: false })
    clearTimeout(this.#clearing)
    this.#clearing = setTimeout(() => {
      this.#clearing = undefined
      this.#parts.spoilDraft({ sinceMs, isOver: true })
    }, ARRIVED_MS)
    this.#clearing.unref()
  }
}

/** So often in that time, and not more: two that want the keyboard must not take it from each other for ever. */
class Budget {
  readonly #limit: { readonly most: number; readonly withinMs: number }
  #spent = 0
  #sinceMs = Number.NEGATIVE_INFINITY

  constructor(limit: { readonly most: number; readonly withinMs: number }) {
    this.#limit = limit
  }

  /** False where there is nothing left of it. */
  spend(nowMs: number): boolean {
    if (nowMs - this.#sinceMs > this.#limit.withinMs) {
      this.#sinceMs = nowMs
      this.#spent = 0
    }
    return this.#spent++ < this.#limit.most
  }
}
