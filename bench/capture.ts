import { linuxPlatform } from '../agent/platform/linux/index.ts'
import { startXDisplay } from '../testing/x-display.ts'
import { openPainter } from '../testing/x-display-painter.ts'
import type { BenchResult } from './result.ts'

const DURATION_MS = 10_000
const PAINT_INTERVAL_MS = 1000 / 60
const SIZE = { width: 1920, height: 1080 }

/** Frames that the X11 capture delivers while the whole screen moves, and what that costs; capture alone, without a codec. */
export async function benchCapture(): Promise<BenchResult> {
  const display = await startXDisplay(SIZE)
  const painter = await openPainter(display.name)
  const desktop = await linuxPlatform.openDesktop({ address: display.name })
  try {
    const [first] = await desktop.displays()
    if (!first) throw new Error('the display has no monitor')
    await painter.fill(stripes())
    const abort = new AbortController()
    let frames = 0
    let painted = SIZE.height / 8
    const cpuBefore = process.cpuUsage()
    const options = { displayId: first.id, maxFramesPerSecond: 66, signal: abort.signal }
    const captured = desktop.screen.capture(options, () => void frames++)
    const startedAt = performance.now()
    while (performance.now() - startedAt < DURATION_MS) {
      await painter.scrollUp(8)
      await painter.fill([stripe(SIZE.height / 8 - 1, ++painted)])
      await new Promise(resolve => setTimeout(resolve, PAINT_INTERVAL_MS - 1))
    }
    const seconds = (performance.now() - startedAt) / 1000
    const cpu = process.cpuUsage(cpuBefore)
    abort.abort()
    await captured
    const json = {
      framesPerSecond: Math.round((frames / seconds) * 10) / 10,
      cpuPct: Math.round((cpu.user + cpu.system) / 1e4 / seconds),
    }
    return {
      rows: [
        {
          what: 'whole 1080p screen scrolling',
          'frames/s': json.framesPerSecond,
          'CPU %, painter included': json.cpuPct,
        },
      ],
      json,
    }
  } finally {
    await desktop.close()
    await painter.close()
    await display.stop()
  }
}

const stripes = () => Array.from({ length: SIZE.height / 8 }, (_, row) => stripe(row, row))

/** Rows of eight pixels, each of another colour, so that a scroll changes every pixel. */
function stripe(row: number, ordinal: number) {
  return { x: 0, y: row * 8, width: SIZE.width, height: 8, colour: (ordinal * 0x10305) & 0xffffff }
}
