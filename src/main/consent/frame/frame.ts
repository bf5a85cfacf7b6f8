import type { Area } from '../place.ts'

/** A frame round every monitor while somebody is connected: whoever sits in front of any of them sees that it can be looked at. */
export interface Frame {
  /** Stands there from now on, in one of two colours. */
  show(isPaused: boolean): void
  /** Idempotent. */
  close(): void
}

/** `banner` is left free. */
export type OpenFrame = (banner: Area) => Promise<Frame>
