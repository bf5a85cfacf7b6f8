/** CSS pixels; which rows are drawn is computed from it. */
export const ROW_HEIGHT = 40
export const HEADER_HEIGHT = 32

/** Widths of the columns; the name takes what is left. */
export const COLUMN_WIDTHS = [136, undefined, 240, 140, 128] as const

export const CELL = 'truncate px-2 first:pl-5 last:pr-5'
