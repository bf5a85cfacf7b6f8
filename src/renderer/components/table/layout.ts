/** CSS pixels; which rows are drawn is computed from it. */
export const ROW_HEIGHT = 36
export const HEADER_HEIGHT = 32
export const SELECT_WIDTH = 44

export const CELL = 'truncate px-2 first:pl-5 last:pr-5'

/** Scrolls just as far as it takes to show the row. */
export function keepInSight(scroller: HTMLElement | null, index: number): void {
  if (!scroller || index < 0) return
  const top = index * ROW_HEIGHT
  const bottom = top + ROW_HEIGHT + HEADER_HEIGHT
  if (top < scroller.scrollTop) scroller.scrollTop = top
  else if (bottom > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = bottom - scroller.clientHeight
}
