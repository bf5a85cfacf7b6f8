import { type RefObject, useLayoutEffect, useState } from 'react'
import type { Size } from '../../session/geometry.ts'

/** The element's room in CSS pixels, and how many screen pixels one of them is; both follow changes. */
export function useViewport(element: RefObject<HTMLElement | null>): { viewport: Size; devicePixelRatio: number } {
  const [state, setState] = useState({ viewport: { width: 0, height: 0 }, devicePixelRatio: window.devicePixelRatio })
  useLayoutEffect(() => {
    const observed = element.current
    if (!observed) return
    const read = () => {
      // Without the scrollbars, or a picture that just fits would make them come and go.
      const { offsetWidth: width, offsetHeight: height } = observed
      setState({ viewport: { width, height }, devicePixelRatio: window.devicePixelRatio })
    }
    const observer = new ResizeObserver(read)
    observer.observe(observed)
    window.addEventListener('resize', read)
    read()
    return () => {
      observer.disconnect()
      window.removeEventListener('resize', read)
    }
  }, [element])
  return state
}
