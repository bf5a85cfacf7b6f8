import type { Locator } from 'playwright'
import { ROW_HEIGHT } from '../src/renderer/components/table/layout.ts'

const MEASURED_MS = 10_000
/** A frame that took longer than two at 60 Hz is seen as a stutter. */
const STUTTER_MS = 34
/** Rows in a second: reading along, and a pull at the scroll bar. */
const SPEEDS = { reading: 60, pulling: 600 }

interface Scrolled {
  readonly framesMs: readonly number[]
  /** Frames in which the last row in sight wasn't drawn yet. */
  readonly blankFrames: number
  /** Frames in which it was drawn without what it says, which was still on its way. */
  readonly unreadFrames: number
}

export type ScrollFigures = ReturnType<typeof summary> & { readonly rowsPerS: number }

/** A list of the operator's window, scrolled for ten seconds at two speeds; at an end it turns back. */
export async function scrollAtTwoSpeeds(grid: Locator): Promise<Record<keyof typeof SPEEDS, ScrollFigures>> {
  const reading = { rowsPerS: SPEEDS.reading, ...summary(await scroll(grid, SPEEDS.reading)) }
  return { reading, pulling: { rowsPerS: SPEEDS.pulling, ...summary(await scroll(grid, SPEEDS.pulling)) } }
}

const scroll = (grid: Locator, rowsPerS: number): Promise<Scrolled> =>
  grid.evaluate(
    (table, { pixelsPerS, rowHeight, durationMs }) =>
      new Promise<Scrolled>(resolve => {
        const scroller = table.parentElement as HTMLElement
        const heightPx = scroller.scrollHeight - scroller.clientHeight
        scroller.scrollTop = 0
        const framesMs: number[] = []
        let [blankFrames, unreadFrames] = [0, 0]
        let beforeMs: number | undefined
        let startMs: number | undefined
        requestAnimationFrame(function step(atMs) {
          startMs ??= atMs
          if (beforeMs !== undefined) framesMs.push(atMs - beforeMs)
          beforeMs = atMs
          const lastRow = Math.floor((scroller.scrollTop + scroller.clientHeight) / rowHeight) - 1
          const row = table.querySelector(`tr[aria-rowindex="${lastRow}"]`)
          if (!row) blankFrames++
          else if (row.textContent?.startsWith('…')) unreadFrames++
          if (atMs - startMs > durationMs) return resolve({ framesMs, blankFrames, unreadFrames })
          const way = (((atMs - startMs) / 1000) * pixelsPerS) % (2 * heightPx)
          scroller.scrollTop = Math.min(way, 2 * heightPx - way)
          requestAnimationFrame(step)
        })
      }),
    { pixelsPerS: rowsPerS * ROW_HEIGHT, rowHeight: ROW_HEIGHT, durationMs: MEASURED_MS },
  )

function summary({ framesMs, blankFrames, unreadFrames }: Scrolled) {
  const sorted = framesMs.toSorted((a, b) => a - b)
  const at = (share: number) => Math.round((sorted[Math.floor((sorted.length - 1) * share)] ?? 0) * 10) / 10
  const stutters = framesMs.filter(ms => ms > STUTTER_MS).length
  return {
    fps: Math.round((framesMs.length / MEASURED_MS) * 10_000) / 10,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    longestMs: at(1),
    stutters,
    blankFrames,
    unreadFrames,
  }
}
