import { assertNever } from '#protocol/assert-never.ts'
import type { PictureSettings } from '#protocol/peer/control.ts'

/**
 * Frames are never captured faster than this. It is more than what screens show: with just sixty, each frame of a picture that moves a hair faster would wait a
 * little longer than the one before, up to a whole frame.
 */
export const FRAMES_PER_SECOND_MAX = 75
export const KBPS_MAX = 20_000
const LOW_BANDWIDTH = { maxFramesPerSecond: 15, maxKbps: 1_000, scale: 0.5 }

/** When the whole screen is shown as video: when its tiles can't keep up, as soon as much moves, or never. */
export type MotionUse = 'when-needed' | 'early' | 'never'

/** What an operator's wish for the picture means to the engine. */
export interface PictureLimits {
  readonly motion: MotionUse
  readonly maxFramesPerSecond: number
  readonly maxKbps: number
  /** Of the video's sides; tiles are always exact. */
  readonly scale: number
}

const AUTOMATIC: PictureLimits = {
  motion: 'when-needed',
  maxFramesPerSecond: FRAMES_PER_SECOND_MAX,
  maxKbps: KBPS_MAX,
  scale: 1,
}

export function limitsOf(settings: PictureSettings | undefined): PictureLimits {
  if (!settings) return AUTOMATIC
  switch (settings.preset) {
    case 'automatic':
      return AUTOMATIC
    case 'text':
      return { ...AUTOMATIC, motion: 'never' }
    case 'motion':
      return { ...AUTOMATIC, motion: 'early' }
    case 'low-bandwidth':
      return { ...AUTOMATIC, ...LOW_BANDWIDTH }
    case 'custom': {
      const { maxFramesPerSecond, maxKbps, scale } = settings
      return {
        motion: 'when-needed',
        maxFramesPerSecond: maxFramesPerSecond ?? AUTOMATIC.maxFramesPerSecond,
        maxKbps: maxKbps ?? AUTOMATIC.maxKbps,
        scale: scale ?? AUTOMATIC.scale,
      }
    }
    default:
      return assertNever(settings.preset)
  }
}
