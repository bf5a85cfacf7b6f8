import type { Page } from 'playwright'
import { STRIP } from './barcode.ts'
import type { Sample } from './samples.ts'
import { CLICK_PATCH } from './workload-names.ts'

/** Looks at the picture in a viewer's page, which is a video or a canvas that may be drawn by a worker. */
export interface Sampler {
  start(): Promise<void>
  /** What was seen since `start`. */
  stop(): Promise<Sample[]>
  /** The next press of a button: resolves with the ms from the press, as the page gets it, to another patch in the picture. Null when nothing came. */
  armClick(): Promise<void>
  clickToPixelMs(): Promise<number | null>
  /** Where a point of the device's display is in the page. */
  pagePoint(x: number, y: number): Promise<{ x: number; y: number }>
}

interface PageSampler {
  start(): void
  stop(): Sample[]
  armClick(): Promise<void>
  clicked: Promise<number | null>
  pagePoint(x: number, y: number): { x: number; y: number }
}
type SampledWindow = Window & { handholdSampler: PageSampler }

interface SamplerFacts {
  /** CSS; of several elements the first that is visible. */
  readonly picture: string
  readonly device: { readonly width: number; readonly height: number }
  readonly strip: typeof STRIP
  readonly patch: typeof CLICK_PATCH
}

export async function installSampler(page: Page, picture: string): Promise<Sampler> {
  const facts: SamplerFacts = { picture, device: { width: 1920, height: 1080 }, strip: STRIP, patch: CLICK_PATCH }
  await page.evaluate(runSampler, facts)
  return {
    start: () => page.evaluate(() => (window as unknown as SampledWindow).handholdSampler.start()),
    stop: () => page.evaluate(() => (window as unknown as SampledWindow).handholdSampler.stop()),
    armClick: () => page.evaluate(() => (window as unknown as SampledWindow).handholdSampler.armClick()),
    clickToPixelMs: () => page.evaluate(() => (window as unknown as SampledWindow).handholdSampler.clicked),
    pagePoint: (x, y) =>
      page.evaluate(at => (window as unknown as SampledWindow).handholdSampler.pagePoint(at.x, at.y), { x, y }),
  }
}

/** Runs in the page, so it uses nothing of this module. */
function runSampler({ picture, device, strip, patch }: SamplerFacts): void {
  const GIVE_UP_MS = 3_000
  const [BLACK_BELOW, WHITE_ABOVE] = [80, 176]
  type Area = { x: number; y: number; width: number; height: number }

  const element = () => {
    const found = [...document.querySelectorAll<HTMLVideoElement | HTMLCanvasElement>(picture)]
    const shown = found.find(each => each.checkVisibility())
    if (!shown) throw new Error('the page shows no picture')
    return shown
  }
  const scratch = document.createElement('canvas').getContext('2d', { willReadFrequently: true })

  /** The brightness of the middle row of an area of the display, `columns` points of equal distance. */
  const readLuma = (area: Area, columns: number): number[] | Promise<number[]> => {
    const shown = element()
    return shown instanceof HTMLVideoElement ? readVideo(shown, area, columns) : readCanvas(shown, area, columns)
  }
  const readCanvas = (canvas: HTMLCanvasElement, area: Area, columns: number): number[] => {
    if (!scratch) throw new Error('the page has no 2d canvas')
    const scale = canvas.width / device.width
    const width = Math.round(area.width * scale)
    if (scratch.canvas.width !== width) Object.assign(scratch.canvas, { width, height: 1 })
    const row = Math.round((area.y + area.height / 2) * scale)
    scratch.drawImage(canvas, Math.round(area.x * scale), row, width, 1, 0, 0, width, 1)
    const { data } = scratch.getImageData(0, 0, width, 1)
    return middles(columns, width).map(x => data[x * 4 + 1] ?? 0)
  }
  // Drawing a video to a canvas converts the whole frame, 15 ms; a frame's luma plane can be copied in part.
  const readVideo = async (video: HTMLVideoElement, area: Area, columns: number): Promise<number[]> => {
    if (video.videoWidth === 0) return Array(columns).fill(128)
    const frame = new VideoFrame(video)
    try {
      const scale = frame.displayWidth / device.width
      const even = (value: number) => Math.round(value * scale) & ~1
      const width = even(area.width)
      const rect = {
        x: even(area.x) + (frame.visibleRect?.x ?? 0),
        y: even(area.y + area.height / 2) + (frame.visibleRect?.y ?? 0),
        width,
        height: 2,
      }
      const bytes = new Uint8Array(frame.allocationSize({ rect }))
      const [plane] = await frame.copyTo(bytes, { rect })
      const [step, first] = frame.format?.match(/^(RGB|BGR)/) ? [4, 1] : [1, 0]
      return middles(columns, width).map(x => bytes[(plane?.offset ?? 0) + x * step + first] ?? 0)
    } finally {
      frame.close()
    }
  }
  const middles = (columns: number, width: number) =>
    Array.from({ length: columns }, (_, column) => Math.floor(((column + 0.5) * width) / columns))

  const stripArea = { x: strip.x, y: strip.y, width: strip.cells * strip.cellSize, height: strip.cellSize }
  const stampOf = (cells: readonly number[]) =>
    cells.some(luma => luma >= BLACK_BELOW && luma <= WHITE_ABOVE)
      ? -1
      : cells.reduce((stamp, luma, cell) => stamp | (luma < BLACK_BELOW ? 1 << cell : 0), 0)

  let samples: Sample[] = []
  let isRunning = false
  let isReading = false
  const look = () => {
    if (!isRunning) return
    requestAnimationFrame(look)
    if (isReading) return
    const atMs = Date.now()
    const keep = (cells: readonly number[]) => void samples.push({ atMs, stamp: stampOf(cells) })
    const cells = readLuma(stripArea, strip.cells)
    if (Array.isArray(cells)) return keep(cells)
    isReading = true
    void cells.then(keep).finally(() => {
      isReading = false
    })
  }

  const waitForPatch = (before: number) =>
    new Promise<number | null>(resolve => {
      const watch = (event: Event) => {
        const giveUp = setTimeout(() => resolve(null), GIVE_UP_MS)
        let isSeen = false
        const check = async () => {
          if (isSeen || performance.now() - event.timeStamp > GIVE_UP_MS) return
          requestAnimationFrame(check)
          const lookedAt = performance.now()
          const [luma = before] = await readLuma(patch, 1)
          if (isSeen || Math.abs(luma - before) < 100) return
          isSeen = true
          clearTimeout(giveUp)
          resolve(lookedAt - event.timeStamp)
        }
        requestAnimationFrame(check)
      }
      addEventListener('mousedown', watch, { capture: true, once: true })
    })

  const sampler: PageSampler = {
    start() {
      samples = []
      isRunning = true
      requestAnimationFrame(look)
    },
    stop() {
      isRunning = false
      return samples
    },
    async armClick() {
      const [before = 0] = await readLuma(patch, 1)
      sampler.clicked = waitForPatch(before)
    },
    clicked: Promise.resolve(null),
    pagePoint(x, y) {
      const box = element().getBoundingClientRect()
      return { x: box.left + (x * box.width) / device.width, y: box.top + (y * box.height) / device.height }
    },
  }
  Object.assign(window, { handholdSampler: sampler })
}
