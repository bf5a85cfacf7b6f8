import { percentile } from '../../testing/world/received-picture.ts'
import { momentOf } from './barcode.ts'

/** What the barcode of the viewer's picture said at one animation frame; -1 where a cell was neither black nor white. */
export interface Sample {
  /** Epoch ms. */
  readonly atMs: number
  readonly stamp: number
}

export interface FrameFigures {
  /** Distinct frames a second. */
  readonly fps: number
  /** From painted to seen, of each distinct frame; null when there was none. */
  readonly p50Ms: number | null
  readonly p95Ms: number | null
  /** Stamps a second that were never painted or that went back. */
  readonly tornPerS: number
  /** The longest time without a new frame. */
  readonly longestGapMs: number
}

/** Reads what a viewer showed from `fromMs` to `toMs`; `painted` has every stamp that was really on the display. */
export function figuresOf(
  samples: readonly Sample[],
  painted: readonly number[],
  fromMs: number,
  toMs: number,
): FrameFigures {
  const real = new Set(painted)
  const latencies: number[] = []
  let [previous, newest, torn, longestGapMs, lastFrameMs] = [Number.NaN, 0, 0, 0, fromMs]
  for (const { atMs, stamp } of samples) {
    if (stamp === previous) continue
    previous = stamp
    const moment = stamp < 0 ? -1 : momentOf(stamp, atMs)
    if (moment === newest) continue
    const isNewFrame = real.has(moment) && moment > newest
    if (isNewFrame) newest = moment
    if (atMs < fromMs || atMs > toMs) continue
    if (!isNewFrame) {
      torn++
      continue
    }
    latencies.push(atMs - moment)
    longestGapMs = Math.max(longestGapMs, atMs - lastFrameMs)
    lastFrameMs = atMs
  }
  const seconds = (toMs - fromMs) / 1000
  const hasFrames = latencies.length > 0
  return {
    fps: latencies.length / seconds,
    p50Ms: hasFrames ? percentile(latencies, 0.5) : null,
    p95Ms: hasFrames ? percentile(latencies, 0.95) : null,
    tornPerS: torn / seconds,
    longestGapMs: Math.max(longestGapMs, toMs - lastFrameMs),
  }
}
