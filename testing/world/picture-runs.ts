import type { Picture } from '../screenshot.ts'
import type { Colour } from './consent-colours.ts'

export interface Run {
  readonly start: number
  readonly length: number
}

/** Every stretch of one colour in a row, from left to right. */
export function runsIn(picture: Picture, y: number, colour: Colour): Run[] {
  const runs: Run[] = []
  let start = -1
  for (let x = 0; x <= picture.width; x++) {
    const matches = x < picture.width && hasColour(picture, x, y, colour)
    if (matches && start < 0) start = x
    if (matches || start < 0) continue
    runs.push({ start, length: x - start })
    start = -1
  }
  return runs
}

/** The longest stretch of one colour in a row. */
export function longestRun(picture: Picture, y: number, colour: Colour): Run {
  let best: Run = { start: 0, length: 0 }
  for (const run of runsIn(picture, y, colour)) if (run.length > best.length) best = run
  return best
}

/** False outside of the picture too. */
export function hasColour(picture: Picture, x: number, y: number, colour: Colour): boolean {
  if (y < 0 || y >= picture.height) return false
  const at = (y * picture.width + x) * 4
  const { pixels } = picture
  return pixels[at] === colour[0] && pixels[at + 1] === colour[1] && pixels[at + 2] === colour[2]
}
