import { createContext, useContext, useEffect, useMemo, useRef, useState } from 'react'
import { useApp } from './app-context.ts'

export interface FullScreen {
  readonly isOn: boolean
  toggle(): void
  leave(): void
  /** Whether the system's own shortcuts (Alt + Tab, Super …) come to this page too, where the browser can do that. */
  capture(everything: boolean): void
}

interface KeyboardLock {
  lock(codes?: readonly string[]): Promise<void>
  unlock(): void
}

// Not in the DOM library's types: a Chromium-only interface.
const keyboardLock = (): KeyboardLock | undefined =>
  'keyboard' in navigator ? (navigator.keyboard as KeyboardLock) : undefined

/** A later lock took the place of this one: the keyboard is locked all the same. */
function unlessSuperseded(thrown: unknown): void {
  if (!(thrown instanceof DOMException) || thrown.name !== 'AbortError') throw thrown
}

const FullScreenContext = createContext<FullScreen | null>(null)
export const FullScreenProvider = FullScreenContext.Provider

export function useFullScreen(): FullScreen {
  const value = useContext(FullScreenContext)
  if (!value) throw new Error('This view stands outside of FullScreenProvider.')
  return value
}

/**
 * Full screen of the page, because only there can Escape and the system's shortcuts reach the device; where the page may not,
 * the window's.
 */
export function useFullScreenState(): FullScreen {
  const app = useApp()
  const [isPageFull, setPageFull] = useState(() => document.fullscreenElement !== null)
  const [isWindowFull, setWindowFull] = useState(false)
  const windowFull = useRef(false)
  const isOn = isPageFull || isWindowFull

  useEffect(() => {
    const read = () => setPageFull(document.fullscreenElement !== null)
    document.addEventListener('fullscreenchange', read)
    return () => document.removeEventListener('fullscreenchange', read)
  }, [])

  const actions = useMemo(() => {
    const setWindow = async (on: boolean) => {
      try {
        await app.setFullScreen(on)
        windowFull.current = on
      } catch {
        // The shell has no full screen; the window stays as it is.
        windowFull.current = false
      }
      setWindowFull(windowFull.current)
    }
    const enter = async () => {
      const keyboard = keyboardLock()
      try {
        await document.documentElement.requestFullscreen({ navigationUI: 'hide' })
        // Without this Escape would leave full screen instead of reaching the device.
        await keyboard?.lock(['Escape']).catch(unlessSuperseded)
      } catch {
        if (document.fullscreenElement) await document.exitFullscreen()
        await setWindow(true)
      }
    }
    const leave = () => {
      keyboardLock()?.unlock()
      if (document.fullscreenElement) void document.exitFullscreen()
      if (windowFull.current) void setWindow(false)
    }
    const capture = (everything: boolean) => {
      if (!document.fullscreenElement) return
      // Refused when full screen ended meanwhile: nothing is left to capture then.
      keyboardLock()
        ?.lock(everything ? undefined : ['Escape'])
        .catch(() => undefined)
    }
    return { enter, leave, capture }
  }, [app])

  return useMemo(
    () => ({
      isOn,
      leave: actions.leave,
      capture: actions.capture,
      toggle: () => (isOn ? actions.leave() : void actions.enter()),
    }),
    [isOn, actions],
  )
}
