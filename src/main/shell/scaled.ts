interface Place {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** The same place in larger or smaller pixels. */
export const scaled = ({ x, y, width, height }: Place, factor: number): Place => ({
  x: Math.round(x * factor),
  y: Math.round(y * factor),
  width: Math.round(width * factor),
  height: Math.round(height * factor),
})
