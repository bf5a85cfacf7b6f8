import type { Picture } from '../screenshot.ts'
import { ACCENT, LINE } from './consent-colours.ts'
import { hasColour, runsIn } from './picture-runs.ts'
import type { Region } from './received-picture.ts'

/** Above the lower edge of a button: below its words, above its round corners. */
const CLEAR_ROW = 9
const EDGE_ROWS = [0, 4, 8, 12]
const SWITCH = { least: 34, most: 46, rows: 18, deep: 5 }

/** The banner's buttons that have a border, from left to right. */
export function quietButtonsLeftOf(picture: Picture, end: Region): Region[] {
  const row = end.y + end.height - CLEAR_ROW
  // The words beside them are smoothed by greys of which one can be the border's: only a border goes on upwards.
  const isBorder = (x: number) => EDGE_ROWS.every(above => hasColour(picture, x, row - above, LINE))
  const edges: number[] = []
  for (let x = end.x - 1; x > 0; x--) if (isBorder(x) && !isBorder(x - 1)) edges.push(x)
  const buttons: Region[] = []
  // Each button has two edges, the right one first.
  for (let at = 0; at + 1 < edges.length; at += 2) {
    const [right = 0, left = 0] = edges.slice(at)
    buttons.unshift({ x: left, y: end.y, width: right - left, height: end.height })
  }
  return buttons
}

/** The question's switches that are on, row by row as they are read: the accent's colour, smaller than a button and taller than a line. */
export function switchesIn(picture: Picture): Region[] {
  const found: Region[] = []
  for (let y = 0; y < picture.height; y++) {
    const row = runsIn(picture, y, ACCENT).filter(
      ({ start, length }) => length >= SWITCH.least && length <= SWITCH.most && isTall(picture, start + SWITCH.deep, y),
    )
    if (row.length === 0) continue
    found.push(...row.map(({ start, length }) => ({ x: start, y, width: length, height: SWITCH.rows })))
    y += SWITCH.rows
  }
  return found
}

/** Of a switch that was found at this place. */
export const isSwitchOn = (picture: Picture, x: number, y: number): boolean => isTall(picture, x + SWITCH.deep, y)

function isTall(picture: Picture, x: number, y: number): boolean {
  for (let row = y; row < y + SWITCH.rows; row++) if (!hasColour(picture, x, row, ACCENT)) return false
  return true
}
