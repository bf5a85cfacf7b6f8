import { type RefObject, useLayoutEffect, useState } from 'react'

export interface RowWindow {
  readonly first: number
  /** Not included. */
  readonly end: number
}

const ROWS_BEYOND = 8

/** Which of `count` rows to draw for a list that is scrolled to `scrollTop`; lengths in CSS pixels. */
export function rowWindow(scrollTop: number, height: number, rowHeight: number, count: number): RowWindow {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - ROWS_BEYOND)
  const end = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + ROWS_BEYOND)
  return { first: Math.min(first, end), end }
}

/** Draws only what is in sight, so that ten thousand rows scroll as ten do. */
export function useRowWindow(list: RefObject<HTMLElement | null>, rowHeight: number, count: number): RowWindow {
  const [view, setView] = useState({ scrollTop: 0, height: 800 })
  useLayoutEffect(() => {
    const element = list.current
    if (!element) return
    const read = () => setView({ scrollTop: element.scrollTop, height: element.clientHeight })
    const observer = new ResizeObserver(read)
    observer.observe(element)
    element.addEventListener('scroll', read, { passive: true })
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', read)
    }
  }, [list])
  return rowWindow(view.scrollTop, view.height, rowHeight, count)
}
