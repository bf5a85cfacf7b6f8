import { HandholdError } from '#protocol/errors.ts'
import type { PressKind } from './presses.ts'

/** Tells presses of the person's own mouse, keyboard or touchscreen from those that a program made, a remote session's included. */
export interface OwnHand {
  /**
   * Resolves if the press that was just made came from hardware. Rejects with `forbidden` otherwise, and where that can't be known any more. Where it can only have
   * been a key, what is pressed on a mouse meanwhile is nothing to it.
   */
  require(only?: PressKind): Promise<void>
  /** For what only takes away: rejects with `forbidden` where whatever was pressed just now was a program's. What can't be known is let through. */
  refuseProgram(only?: PressKind): Promise<void>
  /** What was pressed until now counts for nothing any more, neither way. */
  forget(): Promise<void>
  /** Hears where on the desktop hardware pressed the main button, also while another program holds the pointer and no window of ours hears of it. */
  onPress(listener: (at: { readonly x: number; readonly y: number }) => void): void
  /** Hears of each key that a program pressed, and how long ago that was. */
  onForeignKey(listener: (agoMs: number) => void): void
  /** Idempotent. */
  close(): void
}

/** Where the system gives no way to tell yet: every press counts, and only the host's own rules keep a remote session's input away. */
export const everyHand: OwnHand = {
  require: () => Promise.resolve(),
  refuseProgram: () => Promise.resolve(),
  forget: () => Promise.resolve(),
  onPress: () => undefined,
  onForeignKey: () => undefined,
  close: () => undefined,
}

export const notOwnHand = () =>
  new HandholdError('forbidden', 'That press did not come from this computer’s own mouse or keyboard.')
