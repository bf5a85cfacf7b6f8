import { KBPS_MAX, type PictureLimits } from './picture-limits.ts'

/** A frame that changes this share of the screen is a large one; smaller ones are what tiles are for, however many there are. */
const LARGE_SHARE = 0.04
const WINDOW_MS = 500
/** One large change is a window that opened; this many within the window are motion. */
const LARGE_FRAMES = 4

/** Tiles that took this share of the time to make, that were behind for this long, or that are more than the limit of the rate, can't keep up. */
const BUSY_SHARE = 0.6
const BEHIND_MS = 250

/** After this long without a large change the screen is calm, and tiles make it exact. */
export const CALM_MS = 300
/** Video that is still on its way when tiles begin must not arrive after the next motion has. */
const TILES_MIN_MS = 600

/** Motion that tiles could show better goes back to them for a try, first after this long, then after twice as long each time that they fail. */
const TRY_AFTER_MS = 1_500
const TRY_MAX_MS = 60_000
/** Tiles that hold out this long have succeeded. */
const TRY_SUCCEEDED_MS = 3_000
/** Alone on the processor, video shows up to so many times the frames that it shows beside tiles. */
const GAIN_WITHOUT_TILES = 2
/** Video that would show less than tiles do isn't tried again sooner. */
const WORSE_REST_MS = 15_000

export interface TilesFrame {
  readonly nowMs: number
  readonly changedPixels: number
  /** What it took to make; of a large one alone. */
  readonly workMs: number
  /** What went on its way. */
  readonly bytes: number
  /** Whether something was left over for lack of room on the link. */
  readonly isBehind: boolean
  /** Whether what changes has few colours and large areas. Video makes a slow link no faster for that. */
  readonly isSimple: () => boolean
}

/** What was seen of the video while tiles were shown. */
export interface VideoPace {
  /** How old a frame was when it was decoded. */
  readonly ageMs: number
  /** From frame to frame. */
  readonly intervalMs: number
}

/** Decides between exact tiles and video. It only counts: what happens is told to it, with the time. */
export class ModePolicy {
  readonly #screenPixels: number
  #limits: PictureLimits
  /** Large ones. */
  #recent: TilesFrame[] = []
  #behindSinceMs: number | undefined
  #switchedAtMs = Number.NEGATIVE_INFINITY
  #lastLargeAtMs = Number.NEGATIVE_INFINITY
  #tryAfterMs = TRY_AFTER_MS
  #notBeforeMs = Number.NEGATIVE_INFINITY

  constructor(screenPixels: number, limits: PictureLimits) {
    this.#screenPixels = screenPixels
    this.#limits = limits
  }

  setLimits(limits: PictureLimits): void {
    this.#limits = limits
    this.#notBeforeMs = Number.NEGATIVE_INFINITY
  }

  /** While tiles are shown: whether it is time for video. */
  needsMotion(frame: TilesFrame): boolean {
    if (this.isLarge(frame.changedPixels))
      this.#recent = [...this.#recent.filter(({ nowMs }) => frame.nowMs - nowMs < WINDOW_MS), frame]
    this.#behindSinceMs = frame.isBehind ? (this.#behindSinceMs ?? frame.nowMs) : undefined
    if (this.#limits.motion === 'never' || frame.nowMs - this.#switchedAtMs < TILES_MIN_MS) return false
    if (frame.nowMs < this.#notBeforeMs) return false
    const large = this.#recent.filter(({ nowMs }) => frame.nowMs - nowMs < WINDOW_MS)
    if (large.length < LARGE_FRAMES) return false
    if (this.#limits.motion === 'early') return true
    const workMs = large.reduce((sum, { workMs }) => sum + workMs, 0)
    const kbps = (large.reduce((sum, { bytes }) => sum + bytes, 0) * 8) / WINDOW_MS
    const isBehind = this.#behindSinceMs !== undefined && frame.nowMs - this.#behindSinceMs >= BEHIND_MS
    return workMs > BUSY_SHARE * WINDOW_MS || kbps > this.#limits.maxKbps || (isBehind && !frame.isSimple())
  }

  /**
   * While tiles are shown and video is ready: whether it would be newer than tiles that aren't drawn since `tilesAgeMs`, or more whole pictures would be seen of it.
   * What the operator asked for, less bytes or video early, is worth it anyway.
   */
  isWorthVideo(nowMs: number, { ageMs, intervalMs }: VideoPace, tilesAgeMs: number): boolean {
    if (this.#limits.motion === 'early' || this.#limits.maxKbps < KBPS_MAX || tilesAgeMs > ageMs) return true
    const whole = this.#recent.filter(frame => nowMs - frame.nowMs < WINDOW_MS && !frame.isBehind)
    return whole.length / WINDOW_MS <= GAIN_WITHOUT_TILES / intervalMs
  }

  /** Video wasn't worth it: for a while it isn't asked for. */
  restFromVideo(nowMs: number): void {
    this.#notBeforeMs = nowMs + WORSE_REST_MS
  }

  /** While video is shown: notes what changed. */
  handleMotionFrame(nowMs: number, changedPixels: number): void {
    if (this.isLarge(changedPixels)) this.#lastLargeAtMs = nowMs
  }

  /** While video is shown: whether tiles should make the screen exact, or the operator wants nothing else. */
  isCalm(nowMs: number): boolean {
    return this.#limits.motion === 'never' || nowMs - this.#lastLargeAtMs >= CALM_MS
  }

  /** While video is shown: whether to find out if tiles would do, when `isSimple` (few colours, large areas). */
  mayTryTiles(nowMs: number, isSimple: () => boolean): boolean {
    if (this.#limits.motion === 'early' || nowMs - this.#switchedAtMs < this.#tryAfterMs) return false
    if (isSimple()) return true
    this.#switchedAtMs = nowMs
    return false
  }

  handleSwitch(to: 'tiles' | 'motion', nowMs: number): void {
    if (to === 'motion') {
      const isFailedTry = nowMs - this.#switchedAtMs < TRY_SUCCEEDED_MS
      this.#tryAfterMs = isFailedTry ? Math.min(this.#tryAfterMs * 2, TRY_MAX_MS) : TRY_AFTER_MS
      this.#lastLargeAtMs = nowMs
    }
    this.#switchedAtMs = nowMs
    this.#behindSinceMs = undefined
    this.#recent = []
  }

  /** Only of these does it matter what they took. */
  isLarge(changedPixels: number): boolean {
    return changedPixels >= this.#screenPixels * LARGE_SHARE
  }
}
