import type { PictureProblem } from '#protocol/peer/control.ts'
import type { PlatformErrorCode } from '../../platform/platform.ts'

/** An encoder that needs longer for a frame shows less than eight a second. */
const SLOW_ENCODER_MS = 120
/** It may take that long for a moment, when something else starts. */
const SLOW_ENCODER_FOR_MS = 2_000

const UNDRAWN_MS = 700
const SLOW_LINK_KBPS = 300

/** What went away must stay away this long, so that words in front of people don't flicker. */
const GONE_FOR_MS = 2_000

/** What is known about the picture now. */
export interface PictureFacts {
  /** Why there is no picture; undefined while there is one, or while nobody asked for one. */
  readonly failure: PlatformErrorCode | undefined
  readonly isAsleep: boolean
  readonly isMotion: boolean
  /** What the encoder needs for one frame. */
  readonly videoIntervalMs: number
  /** How long the operator hasn't drawn what was sent. */
  readonly undrawnMs: number
  /** Measured, or estimated for video; undefined while the link was never full. */
  readonly linkKbps: number | undefined
  /** Whether there is more to show than the link takes now. */
  readonly isWaiting: boolean
  /** What the operator allowed: a rate below it isn't the link's fault. */
  readonly maxKbps: number
}

export interface ProblemState {
  readonly shown: PictureProblem | undefined
  /** When the facts last spoke for what is shown. */
  readonly seenAtMs: number
  readonly slowEncoderSinceMs: number | undefined
}

export const NO_PROBLEM: ProblemState = { shown: undefined, seenAtMs: 0, slowEncoderSinceMs: undefined }

/** Why the picture is bad, out of the facts and of what was said before. Pure; times are monotonic. */
export function nextProblem(before: ProblemState, facts: PictureFacts, nowMs: number): ProblemState {
  const slowEncoderSinceMs = isEncoderSlow(facts) ? (before.slowEncoderSinceMs ?? nowMs) : undefined
  const isEncoderSlowForLong = slowEncoderSinceMs !== undefined && nowMs - slowEncoderSinceMs >= SLOW_ENCODER_FOR_MS
  const found =
    noPicture(facts) ?? (isLinkSlow(facts) ? 'link-slow' : isEncoderSlowForLong ? 'encoder-slow' : undefined)
  if (found) return { shown: found, seenAtMs: nowMs, slowEncoderSinceMs }
  const isKept = isSlowness(before.shown) && nowMs - before.seenAtMs < GONE_FOR_MS
  return { shown: isKept ? before.shown : undefined, seenAtMs: before.seenAtMs, slowEncoderSinceMs }
}

/** Whether time alone may change what is said. */
export function isUnsettled({ shown, slowEncoderSinceMs }: ProblemState): boolean {
  return isSlowness(shown) || slowEncoderSinceMs !== undefined
}

const isSlowness = (problem: PictureProblem | undefined): boolean =>
  problem === 'link-slow' || problem === 'encoder-slow'

/** What is said at once and for as long as it lasts. */
function noPicture({ failure, isAsleep }: PictureFacts): PictureProblem | undefined {
  if (failure === 'display-denied') return 'permission'
  if (failure === 'secure-desktop') return 'secure-desktop'
  return isAsleep ? 'display-asleep' : undefined
}

const isEncoderSlow = ({ isMotion, videoIntervalMs }: PictureFacts): boolean =>
  isMotion && videoIntervalMs > SLOW_ENCODER_MS

function isLinkSlow({ undrawnMs, linkKbps, isWaiting, isMotion, maxKbps }: PictureFacts): boolean {
  if (undrawnMs > UNDRAWN_MS) return true
  if (linkKbps === undefined || !(isWaiting || isMotion)) return false
  return linkKbps < Math.min(SLOW_LINK_KBPS, maxKbps / 2)
}
