import type { Page } from 'playwright'
import { STRIP } from './barcode.ts'
import { DEVICE_SIZE } from './contender.ts'
import { type EyesFacts, type EyesScope, openEyes } from './eyes.ts'
import type { Sample } from './samples.ts'
import { CLICK_PATCH } from './workload-names.ts'

/** Looks at the picture of a viewer's page: a video, a canvas, or a canvas that a worker draws. */
export interface Sampler {
  start(): Promise<void>
  /** What was seen since `start`. */
  stop(): Promise<Sample[]>
  /** Waits for the next press of a button and for another patch in the picture. */
  armClick(): Promise<void>
  /** From the press, as the page got it, to the patch in the picture. Null when nothing came. */
  clickToPixelMs(): Promise<number | null>
  /** Where a point of the device's display is in the page. */
  pagePoint(x: number, y: number): Promise<{ x: number; y: number }>
}

type PressWindow = Window & { pressedAtMs: number }

/** What a page and a worker have in common here. */
interface Place {
  evaluate<T>(look: (facts: EyesFacts) => T | Promise<T>, facts: EyesFacts): Promise<T>
}

export async function installSampler(page: Page, picture: string): Promise<Sampler> {
  const facts: EyesFacts = { picture, device: DEVICE_SIZE, strip: STRIP, patch: CLICK_PATCH }
  const places = ((await isDrawnByWorker(page, picture)) ? page.workers() : [page]) as unknown as readonly Place[]
  for (const place of places) await place.evaluate(openEyes, facts)
  // A worker that draws something else has nothing to tell.
  const inEach = <T>(look: () => T | Promise<T>) => Promise.all(places.map(place => place.evaluate(look, facts)))
  return {
    start: async () => void (await inEach(() => (globalThis as EyesScope).handholdEyes.start())),
    stop: async () => (await inEach(() => (globalThis as EyesScope).handholdEyes.stop())).flat(),
    async armClick() {
      await page.evaluate(() => {
        const note = (event: Event) => Object.assign(window, { pressedAtMs: performance.timeOrigin + event.timeStamp })
        addEventListener('mousedown', note, { capture: true, once: true })
      })
      await inEach(() => (globalThis as EyesScope).handholdEyes.watchPatch())
    },
    async clickToPixelMs() {
      const pressedAtMs = await page.evaluate(() => (window as unknown as PressWindow).pressedAtMs)
      const seenBy = async (place: Place) => {
        const seenAtMs = await place.evaluate(() => (globalThis as EyesScope).handholdEyes.patchSeen, facts)
        if (seenAtMs === null) throw new Error('nothing came')
        return seenAtMs - pressedAtMs
      }
      return Promise.any(places.map(seenBy)).catch(() => null)
    },
    async pagePoint(x, y) {
      const box = await page.locator(picture).locator('visible=true').first().boundingBox()
      if (!box) throw new Error('the page shows no picture')
      return { x: box.x + (x * box.width) / DEVICE_SIZE.width, y: box.y + (y * box.height) / DEVICE_SIZE.height }
    },
  }
}

function isDrawnByWorker(page: Page, picture: string): Promise<boolean> {
  return page
    .locator(picture)
    .locator('visible=true')
    .first()
    .evaluate((element: Element) => {
      try {
        if (element instanceof HTMLCanvasElement) element.getContext('2d')
        return false
      } catch {
        // Its drawing was handed to somebody else.
        return true
      }
    })
}
