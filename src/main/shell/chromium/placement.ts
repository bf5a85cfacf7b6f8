import type { Browser } from './browser.ts'

export interface PlacementOptions {
  readonly browser: Browser
  readonly targetId: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly isAlwaysOnTop: boolean
}

export interface Bounds {
  readonly x?: number
  readonly y?: number
  readonly width: number
  readonly height: number
}

/** Where a browser's window is. Every method does nothing once the window is gone. */
export interface Placement {
  setBounds(bounds: Bounds): Promise<void>
  setFullScreen(on: boolean): Promise<void>
  release(): void
}

export function createPlacement({ browser, targetId }: PlacementOptions): Placement {
  const { cdp } = browser
  const window = cdp.send('Browser.getWindowForTarget', { targetId }).then(({ windowId }) => windowId)
  window.catch(() => undefined)
  return {
    async setBounds({ x, y, width, height }) {
      try {
        await cdp.send('Browser.setWindowBounds', {
          windowId: await window,
          bounds: { left: x, top: y, width, height },
        })
      } catch {
        return
      }
    },
    async setFullScreen(on) {
      try {
        await cdp.send('Browser.setWindowBounds', {
          windowId: await window,
          bounds: { windowState: on ? 'fullscreen' : 'normal' },
        })
      } catch {
        return
      }
    },
    release: () => undefined,
  }
}
