import type { OperatorPage } from '../../testing/world/operator-page.ts'

interface WatchingWindow {
  frameChangedAtMs: number
}

/** From now on the window knows when this point of its visible picture changed last. */
export function watchFrames(operator: OperatorPage, at: { readonly x: number; readonly y: number }): Promise<void> {
  return operator.picture.evaluate((picture: HTMLCanvasElement, { x, y }) => {
    const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })
    let before = ''
    const look = () => {
      if (!picture.isConnected) return
      context?.drawImage(picture, x, y, 1, 1, 0, 0, 1, 1)
      const now = String(context?.getImageData(0, 0, 1, 1).data)
      if (now !== before) Object.assign(window, { frameChangedAtMs: Date.now() })
      before = now
      requestAnimationFrame(look)
    }
    look()
  }, at)
}

/** Epoch ms. */
export const framesChangedAtMs = (operator: OperatorPage): Promise<number> =>
  operator.page.evaluate(() => (window as unknown as WatchingWindow).frameChangedAtMs)
