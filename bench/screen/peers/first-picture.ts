import type { Page } from 'playwright'

const TIMEOUT_MS = 30_000

/** Calls `connect` in the page and resolves with the ms until the canvas shows something that is not black, looking at each animation frame. */
export async function firstPictureMs(page: Page, picture: string, connect: string): Promise<number> {
  const shown = page.evaluate(waitForPicture, { picture, connect, timeoutMs: TIMEOUT_MS })
  const ms = await shown
  if (ms === null) throw new Error(`no picture within ${TIMEOUT_MS} ms`)
  return ms
}

/** Runs in the page, so it uses nothing of this module. `connect` is CSS of the button to press. */
function waitForPicture(facts: { picture: string; connect: string; timeoutMs: number }): Promise<number | null> {
  const scratch = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  const isShown = () => {
    const canvas = document.querySelector<HTMLCanvasElement>(facts.picture)
    if (!scratch || !canvas || canvas.width < 1920) return false
    Object.assign(scratch.canvas, { width: 64, height: 1 })
    scratch.drawImage(canvas, 800, 500, 64, 1, 0, 0, 64, 1)
    return scratch.getImageData(0, 0, 64, 1).data.some((value, at) => at % 4 !== 3 && value > 128)
  }
  return new Promise(resolve => {
    const startedAt = performance.now()
    document.querySelector<HTMLElement>(facts.connect)?.click()
    const look = () => {
      const elapsed = performance.now() - startedAt
      if (isShown()) resolve(elapsed)
      else if (elapsed > facts.timeoutMs) resolve(null)
      else requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  })
}
