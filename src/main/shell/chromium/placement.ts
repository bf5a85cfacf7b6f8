import type { Protocol } from 'devtools-protocol'
import { scaled } from '../scaled.ts'
import type { Browser } from './browser.ts'
import { connectX, type Rectangle, type XConnection } from './x11/connection.ts'
import { giveKeyboardBack, takeKeyboard } from './x11/keyboard.ts'
import { primaryMonitor } from './x11/monitors.ts'
import { keepInFront, type StayingWindow } from './x11/stay.ts'
import { findWindow, hasWindowManager, makeBare, makeCover } from './x11/window.ts'

export interface PlacementOptions {
  readonly browser: Browser
  readonly targetId: string
  /** Pixels of the display for each of the page's. */
  readonly scale: () => Promise<number>
  readonly env: Readonly<Record<string, string | undefined>>
  readonly isAlwaysOnTop: boolean
  readonly onCovered: ((isCovered: boolean) => void) | undefined
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
  stayAt(place: Rectangle): Promise<void>
  setFullScreen(on: boolean): Promise<void>
  cover(): Promise<void>
  /** What is typed comes here. Resolves with false where that can't be done. */
  takeKeyboard(): Promise<boolean>
  giveKeyboardBack(): Promise<void>
  release(): void
}

/**
 * The debugging protocol moves a window on every system. What it can't do (above all others, lower than the browser likes, full screen
 * without a window manager) is done on X11 and left out elsewhere.
 */
export function createPlacement(options: PlacementOptions): Placement {
  const { browser, targetId, scale, env, isAlwaysOnTop, onCovered } = options
  const { cdp } = browser
  const display = process.platform === 'linux' ? env.DISPLAY : undefined
  let x: Promise<{ connection: XConnection; window: number }> | undefined
  let restore: Bounds | undefined

  const onX = (address: string) => {
    x ??= connectX(address).then(async connection => {
      void browser.exited.then(() => connection.close())
      return { connection, window: await findWindow(connection, browser.pid) }
    })
    return x
  }
  const windowId = cdp.send('Browser.getWindowForTarget', { targetId }).then(answer => answer.windowId)
  windowId.catch(() => undefined)
  const setWindow = async (bounds: Protocol.Browser.Bounds) => {
    await cdp.send('Browser.setWindowBounds', { windowId: await windowId, bounds })
  }
  // A window that is gone needs no place; every other failure leaves it where it is, which is no reason to end.
  const gently = (work: () => Promise<void>) => work().catch(() => undefined)

  const setBounds = ({ x: left, y: top, width, height }: Bounds) => setWindow({ left, top, width, height })
  let staying: Promise<StayingWindow> | undefined
  const inFront = (address: string) => {
    staying ??= onX(address).then(({ connection, window }) =>
      keepInFront(connection, window, isUnseen => onCovered?.(isUnseen)),
    )
    return staying
  }
  if (isAlwaysOnTop && display) void gently(async () => void (await inFront(display)))
  const stayAt = async (address: string, place: Rectangle) => {
    const [{ connection, window }, factor] = await Promise.all([onX(address), scale()])
    const onDisplay = scaled(place, factor)
    await makeBare(connection, window, onDisplay)
    ;(await inFront(address)).belongsAt(onDisplay)
  }

  const setFullScreen = async (on: boolean) => {
    if (!display) return setWindow({ windowState: on ? 'fullscreen' : 'normal' })
    const { connection, window } = await onX(display)
    if (await hasWindowManager(connection)) return setWindow({ windowState: on ? 'fullscreen' : 'normal' })
    if (on && restore === undefined) {
      const { bounds } = await cdp.send('Browser.getWindowBounds', { windowId: await windowId })
      restore = { x: bounds.left, y: bounds.top, width: bounds.width ?? 0, height: bounds.height ?? 0 }
      // Not by the debugging protocol: the browser keeps a pixel away from a whole monitor.
      await makeBare(connection, window, await primaryMonitor(connection))
    } else if (!on && restore !== undefined) {
      await setBounds(restore)
      restore = undefined
    }
  }

  return {
    setBounds: bounds => gently(() => setBounds(bounds)),
    // Chromium makes no window that is lower than it likes; on X11 it can be made so from outside.
    stayAt: place => gently(() => (display ? stayAt(display, place) : setBounds(place))),
    setFullScreen: on => gently(() => setFullScreen(on)),
    cover: () =>
      gently(async () => {
        if (!display) return setFullScreen(true)
        const { connection, window } = await onX(display)
        await makeCover(connection, window)
      }),
    async takeKeyboard() {
      if (!display || !isAlwaysOnTop) return false
      await gently(async () => {
        const { connection, window } = await onX(display)
        await takeKeyboard(connection, window)
      })
      return true
    },
    giveKeyboardBack: () =>
      gently(async () => {
        if (!display) return
        const { connection, window } = await onX(display)
        await giveKeyboardBack(connection, window)
      }),
    release: () => void x?.then(({ connection }) => connection.close()).catch(() => undefined),
  }
}
