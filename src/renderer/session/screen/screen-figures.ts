import type { ScreenCounters } from './messages.ts'

export interface CountersReading {
  readonly atMs: number
  readonly counters: ScreenCounters
}

export interface ScreenFigures {
  /** Pictures that were drawn, tiles and video together. */
  readonly framesPerSecond: number | undefined
  /** Of the tiles alone. */
  readonly tileBitsPerSecond: number | undefined
  /** How long ago the newest picture was drawn. */
  readonly ageMs: number | undefined
}

/** Compares two readings of one screen's counters; `atMs` is epoch time like the counters' own. */
export function screenFiguresOf(previous: CountersReading | undefined, current: CountersReading): ScreenFigures {
  const { atMs, counters } = current
  const elapsedS = previous ? (atMs - previous.atMs) / 1000 : 0
  const rate = (of: (counted: ScreenCounters) => number) =>
    previous && elapsedS > 0 ? Math.max(0, of(counters) - of(previous.counters)) / elapsedS : undefined
  const bytes = rate(counted => counted.tileBytes)
  return {
    framesPerSecond: rate(counted => counted.frames),
    tileBitsPerSecond: bytes === undefined ? undefined : bytes * 8,
    ageMs: counters.drawnAtMs === 0 ? undefined : Math.max(0, atMs - counters.drawnAtMs),
  }
}
