import type { Page } from 'playwright'

export interface Region {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** The element that shows the picture of the session in front; never more than one is visible. */
export const PICTURE = 'canvas[data-testid=picture]'

/** The luma (16–235 as in video, row by row) of a region of the picture that the operator's window shows. Coordinates are the device's pixels. */
export async function readReceivedLuma(page: Page, region: Region): Promise<Uint8Array> {
  await page.evaluate(installReader, PICTURE)
  const values = await page.evaluate(area => (window as unknown as ReaderWindow).readLuma(area), region)
  return Uint8Array.from(values)
}

/**
 * Milliseconds from each key press, as the operator's window got it, to the first picture in which `region` looks different.
 * A press that shows nothing within 2 s fails the run.
 */
export async function measureInputToPixelMs(page: Page, region: Region, keys: readonly string[]): Promise<number[]> {
  const samples: number[] = []
  await page.evaluate(installReader, PICTURE)
  for (const key of keys) {
    await page.evaluate(watchRegion, region)
    await page.keyboard.press(key)
    const ms = await page.evaluate(() => (window as unknown as ReaderWindow).regionChange)
    samples.push(ms)
  }
  return samples
}

interface ReaderWindow {
  readLuma(region: Region): number[]
  regionChange: Promise<number>
}

/** Runs in the page. Sets `readLuma`. */
function installReader(selector: string): void {
  Object.assign(window, {
    readLuma({ x, y, width, height }: Region): number[] {
      const picture = Array.from(document.querySelectorAll<HTMLCanvasElement>(selector)).find(element =>
        element.checkVisibility(),
      )
      if (!picture) throw new Error('the session shows no picture')
      const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })
      if (!context) throw new Error('the window has no 2d canvas')
      context.drawImage(picture, x, y, width, height, 0, 0, width, height)
      const { data } = context.getImageData(0, 0, width, height)
      const luma: number[] = []
      for (let at = 0; at < data.length; at += 4) {
        const [red = 0, green = 0, blue = 0] = data.subarray(at, at + 3)
        luma.push(16 + (65.738 * red + 129.057 * green + 25.064 * blue) / 256)
      }
      return luma
    },
  })
}

/** Runs in the page. Sets `regionChange`: milliseconds from the next keydown to a different picture. */
function watchRegion(region: Region): void {
  const CHANGED_LUMA = 24
  const GIVE_UP_MS = 2_000
  const reader = window as unknown as ReaderWindow
  const before = reader.readLuma(region)
  const differs = (now: readonly number[]) =>
    now.some((value, at) => Math.abs(value - (before[at] ?? 0)) > CHANGED_LUMA)
  reader.regionChange = new Promise<number>((resolve, reject) => {
    window.addEventListener(
      'keydown',
      () => {
        const pressedAt = performance.now()
        const check = (shownAt: number): void => {
          if (differs(reader.readLuma(region))) resolve(shownAt - pressedAt)
          else if (shownAt - pressedAt < GIVE_UP_MS) requestAnimationFrame(check)
          else reject(new Error('the key press changed nothing in the received picture'))
        }
        requestAnimationFrame(check)
      },
      { capture: true, once: true },
    )
  })
}

/** Pearson correlation of two equally large regions: 1 where the same text stands in both, near 0 where it doesn't. */
export function similarity(left: Uint8Array, right: Uint8Array): number {
  const meanOf = (values: Uint8Array) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [leftMean, rightMean] = [meanOf(left), meanOf(right)]
  let product = 0
  let leftSquares = 0
  let rightSquares = 0
  left.forEach((value, at) => {
    const a = value - leftMean
    const b = (right[at] ?? 0) - rightMean
    product += a * b
    leftSquares += a * a
    rightSquares += b * b
  })
  return leftSquares === 0 || rightSquares === 0 ? 0 : product / Math.sqrt(leftSquares * rightSquares)
}

/** The value below which `share` (0–1) of the samples are, by the nearest rank. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN
}
