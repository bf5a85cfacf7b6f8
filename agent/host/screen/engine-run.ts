import { areaOf } from '../../pixels/rect.ts'
import type { Display } from '../../platform/platform.ts'
import { ModePolicy } from './mode-policy.ts'
import type { PictureLimits } from './picture-limits.ts'
import type { FrameComposer } from './tiles/frame-composer.ts'

export type EngineMode = 'tiles' | 'motion'

export interface WarmUp {
  fedAtMs: number
  /** So many the operator's side has decoded, the first of them at `firstSeenAtMs`. */
  seen: number
  firstSeenAtMs: number
  cancelDeadline(): void
}

/** What is known while one display is shown; another one starts from nothing. */
export interface Run {
  readonly display: Display
  /** Aborts when the run is over, for good: nothing of it is sent any more. */
  readonly stopper: AbortController
  composer: FrameComposer | undefined
  policy: ModePolicy
  mode: EngineMode
  /** When tiles last couldn't keep up. */
  motionNeededAtMs: number
  /** Set while the video is being made ready and tiles still show what moves. */
  warmUp: WarmUp | undefined
  /** The operator's picture is still partly that of the video. */
  isInexact: boolean
  isLive: boolean
  /** Resolves when the link may take more. */
  onRoom: (() => void) | undefined
  cancelCalm: (() => void) | undefined
  cancelRest: (() => void) | undefined
}

export const newRun = (display: Display, limits: PictureLimits): Run => ({
  display,
  stopper: new AbortController(),
  composer: undefined,
  policy: new ModePolicy(areaOf(display.bounds), limits),
  mode: 'tiles',
  motionNeededAtMs: Number.NEGATIVE_INFINITY,
  warmUp: undefined,
  isInexact: false,
  isLive: false,
  onRoom: undefined,
  cancelCalm: undefined,
  cancelRest: undefined,
})

/** Idempotent. Whoever waits in the run goes on, and finds that it is over. */
export function endRun(run: Run): void {
  run.stopper.abort()
  run.cancelCalm?.()
  run.cancelRest?.()
  run.warmUp?.cancelDeadline()
  run.onRoom?.()
}

export const isOver = (run: Run): boolean => run.stopper.signal.aborted

/** Whether tiles have something to send though nothing changes any more. */
export const hasRest = ({ mode, composer, isInexact }: Run): boolean =>
  mode === 'tiles' && (isInexact || composer?.isBehind === true)
