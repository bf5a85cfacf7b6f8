import { type RefObject, useLayoutEffect, useState } from 'react'
import { flushSync } from 'react-dom'

export interface RowWindow {
  readonly first: number
  /** Not included. */
  readonly end: number
}

/** Each row more is laid out with every step. */
const ROWS_BEYOND = 8

/** Which of `count` rows to draw for a list that is scrolled to `scrollTop`; lengths in CSS pixels. */
export function rowWindow(scrollTop: number, height: number, rowHeight: number, count: number): RowWindow {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - ROWS_BEYOND)
  const end = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + ROWS_BEYOND)
  return { first: Math.min(first, end), end }
}

/** So many rows are scrolled before others are drawn. */
const STEP = 4

/** Draws only what is in sight, so that ten thousand rows scroll as ten do. */
export function useRowWindow(list: RefObject<HTMLElement | null>, rowHeight: number, count: number): RowWindow {
  const [view, setView] = useState({ scrollTop: 0, height: 800 })
  useLayoutEffect(() => {
    const element = list.current
    if (!element) return
    const read = () => {
      const stepPx = STEP * rowHeight
      const scrollTop = Math.floor(element.scrollTop / stepPx) * stepPx
      const height = element.clientHeight
      setView(before => (before.scrollTop === scrollTop && before.height === height ? before : { scrollTop, height }))
    }
    // Before this frame is painted: a frame later the rows would be missing in it.
    const follow = () => flushSync(read)
    const observer = new ResizeObserver(read)
    observer.observe(element)
    element.addEventListener('scroll', follow, { passive: true })
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', follow)
    }
  }, [list, rowHeight])
  return rowWindow(view.scrollTop, view.height, rowHeight, count)
}
