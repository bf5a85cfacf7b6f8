import type { Halvings } from '../../pixels/planes.ts'
import type { Surface } from '../../pixels/surface.ts'
import { canHalve } from './motion-picture.ts'

/** The least frame rate that still is motion: below it the picture gets smaller instead. */
const FRAMES_PER_SECOND_MIN = 6
/** What a frame of much detail takes at the encoder's worst quality. */
const BITS_PER_PIXEL_MIN = 0.5

/** How often to halve the sides of the video so that a link of `kbps` carries motion, and that `scale` isn't exceeded. */
export function halvingsFor(surface: Surface, kbps: number, scale: number): Halvings {
  const pixels = surface.width * surface.height
  const steps: readonly Halvings[] = [0, 1, 2]
  const fits = (halvings: Halvings) =>
    (pixels / 4 ** halvings) * BITS_PER_PIXEL_MIN * FRAMES_PER_SECOND_MIN <= kbps * 1000 && 1 / 2 ** halvings <= scale
  const possible = steps.filter(halvings => canHalve(surface, halvings))
  return possible.find(fits) ?? possible.at(-1) ?? 0
}
