/** A rectangle in pixels, origin at the top left. */
export interface Rect {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export const areaOf = (rect: Rect): number => rect.width * rect.height
