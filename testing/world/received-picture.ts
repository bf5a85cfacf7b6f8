import type { Page } from 'playwright'

export interface Region {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** The luma (0–255, row by row) of a region of the picture that the operator's window received last. Coordinates are the video's own pixels. */
export async function readReceivedLuma(page: Page, region: Region): Promise<Uint8Array> {
  const values = await page.evaluate(async ({ x, y, width, height }) => {
    const video = document.querySelector('video')
    if (!video) throw new Error('the session shows no picture')
    const frame = new VideoFrame(video)
    try {
      // I420 and NV12 both start with the full-size luma plane; rectangles must be even.
      const bytes = new Uint8Array(frame.allocationSize())
      const [plane] = await frame.copyTo(bytes)
      if (!plane) throw new Error('the picture has no luma plane')
      const left = frame.visibleRect?.x ?? 0
      const top = frame.visibleRect?.y ?? 0
      const luma: number[] = []
      for (let row = y; row < y + height; row++)
        for (let column = x; column < x + width; column++)
          luma.push(bytes[plane.offset + (row + top) * plane.stride + column + left] ?? 0)
      return luma
    } finally {
      frame.close()
    }
  }, region)
  return Uint8Array.from(values)
}

/**
 * Milliseconds from each key press, as the operator's window got it, to the first received frame in which `region` looks different.
 * A press that shows nothing within 2 s fails the run.
 */
export async function measureInputToPixelMs(page: Page, region: Region, keys: readonly string[]): Promise<number[]> {
  const samples: number[] = []
  for (const key of keys) {
    await page.evaluate(watchRegion, region)
    await page.keyboard.press(key)
    const ms = await page.evaluate(() => (window as unknown as { regionChange: Promise<number> }).regionChange)
    samples.push(ms)
  }
  return samples
}

/** Runs in the page. Sets `regionChange`: milliseconds from the next keydown to a different picture. */
function watchRegion({ x, y, width, height }: Region): Promise<void> {
  const CHANGED_LUMA = 24
  const GIVE_UP_MS = 2_000
  const video = document.querySelector('video')
  if (!video) throw new Error('the session shows no picture')
  const read = async (): Promise<number[]> => {
    const frame = new VideoFrame(video)
    try {
      const rect = { x: x & ~1, y: y & ~1, width: width & ~1, height: height & ~1 }
      const bytes = new Uint8Array(frame.allocationSize({ rect }))
      const [plane] = await frame.copyTo(bytes, { rect })
      const luma: number[] = []
      for (let row = 0; row < rect.height; row++)
        for (let column = 0; column < rect.width; column++)
          luma.push(bytes[(plane?.offset ?? 0) + row * (plane?.stride ?? rect.width) + column] ?? 0)
      return luma
    } finally {
      frame.close()
    }
  }
  return read().then(before => {
    const differs = (now: readonly number[]) =>
      now.some((value, at) => Math.abs(value - (before[at] ?? 0)) > CHANGED_LUMA)
    Object.assign(window, {
      regionChange: new Promise<number>((resolve, reject) => {
        window.addEventListener(
          'keydown',
          () => {
            const pressedAt = performance.now()
            const check = (shownAt: number): void => {
              const handle = video.requestVideoFrameCallback(check)
              void read().then(now => {
                if (!differs(now)) return
                video.cancelVideoFrameCallback(handle)
                resolve(shownAt - pressedAt)
              })
            }
            video.requestVideoFrameCallback(check)
            setTimeout(() => reject(new Error('the key press changed nothing in the received picture')), GIVE_UP_MS)
          },
          { capture: true, once: true },
        )
      }),
    })
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
