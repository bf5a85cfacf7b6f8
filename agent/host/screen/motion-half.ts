import type { Clock } from '../../links/clock.ts'
import type { ScreenFrame } from '../../platform/platform.ts'
import { type EngineMode, isOver, type Run, type WarmUp } from './engine-run.ts'
import { CALM_MS } from './mode-policy.ts'
import type { PictureLimits } from './picture-limits.ts'
import type { FrameComposer } from './tiles/frame-composer.ts'
import type { TilesHalf } from './tiles-half.ts'
import type { VideoSender } from './video-sender.ts'
import { wait } from './wait.ts'

/** A timer that is this late says that the machine is busy. */
const BUSY_MS = 50

/** The first frame of the video takes 0.3 to 0.9 s on two busy cores. Where it isn't known after this long what video would be, that is known well enough. */
const WARM_UP_MAX_MS = 3_000
/** What the encoder gets meanwhile: enough for what follows to be of the size that the link takes, and for the other side's buffer to know how long frames are on their way. */
const WARM_UP_FEED_MS = 100
/** So many decoded frames say what video would be. The first one is whole, takes long, and keeps those behind it waiting. */
const WARM_UP_FRAMES = 4
/** A need that is over by then was that of a moment, as when a window opens, and tiles do well. */
const NEED_MEMORY_MS = 500
/** A link of less has no room for both. */
const BOTH_FROM_KBPS = 4_000

export interface MotionHalfOptions {
  readonly tiles: TilesHalf
  readonly video: VideoSender
  readonly clock: Clock
  readonly onMode: (mode: EngineMode) => void
}

/** The engine's half that shows the screen as video, from the moment that much moves until it is calm. */
export class MotionHalf {
  readonly #options: MotionHalfOptions

  constructor(options: MotionHalfOptions) {
    this.#options = options
  }

  /**
   * Tiles can't keep up. They go on until the operator's side decodes video: encoder, link and decoder take their time for the first frame, and the picture would
   * stand still for that. `linkKbps` is what the link was measured to carry; undefined where it was never full.
   */
  want(run: Run, composer: FrameComposer, { maxKbps, scale }: PictureLimits, linkKbps: number | undefined): void {
    const { video, clock } = this.#options
    if (run.warmUp) return
    video.start(composer.surface, { maxKbps, scale, linkKbps })
    if (Math.min(maxKbps, linkKbps ?? maxKbps) < BOTH_FROM_KBPS) {
      this.#begin(run, composer)
      return
    }
    const cancelDeadline = clock.setTimer(() => this.#handleDeadline(run, composer), WARM_UP_MAX_MS)
    run.warmUp = { fedAtMs: Number.NEGATIVE_INFINITY, seen: 0, firstSeenAtMs: 0, cancelDeadline }
  }

  /** While the video is being made ready: gives the encoder something to begin with. */
  feed({ warmUp }: Run, { surface: { width, height } }: FrameComposer): void {
    const nowMs = this.#options.clock.monotonicMs()
    if (!warmUp || nowMs - warmUp.fedAtMs < WARM_UP_FEED_MS) return
    warmUp.fedAtMs = nowMs
    this.#options.video.send([{ x: 0, y: 0, width, height }])
  }

  /** The operator's side has decoded this frame. */
  handleSeen(run: Run, frameNumber: number): void {
    const { video, clock } = this.#options
    const elapsedMs = video.handleSeen(frameNumber)
    const { warmUp, composer } = run
    if (elapsedMs === undefined || !warmUp || !composer) return
    warmUp.seen++
    if (warmUp.seen === 1) warmUp.firstSeenAtMs = clock.monotonicMs()
    if (warmUp.seen >= WARM_UP_FRAMES) this.#weigh(run, composer, warmUp, elapsedMs)
  }

  #handleDeadline(run: Run, composer: FrameComposer): void {
    const { warmUp } = run
    if (warmUp && warmUp.seen > 0) this.#weigh(run, composer, warmUp, this.#options.video.oldestAgeMs)
    else this.#decide(run, composer)
  }

  /** A frame of the video was decoded after `ageMs`, or is still on its way after it. */
  #weigh(run: Run, composer: FrameComposer, { seen, firstSeenAtMs }: WarmUp, ageMs: number): void {
    const { clock, tiles } = this.#options
    const nowMs = clock.monotonicMs()
    const video = { ageMs, intervalMs: (nowMs - firstSeenAtMs) / Math.max(1, seen - 1) }
    // Tiles that wait for room show nothing at all.
    if (run.onRoom || run.policy.isWorthVideo(nowMs, video, tiles.oldestAgeMs)) this.#decide(run, composer)
    else {
      run.policy.restFromVideo(nowMs)
      this.cool(run)
    }
  }

  /** Tiles do after all. Idempotent. */
  cool(run: Run): void {
    if (!run.warmUp) return
    run.warmUp.cancelDeadline()
    run.warmUp = undefined
    this.#options.video.stop()
  }

  #decide(run: Run, composer: FrameComposer): void {
    const isNeeded = this.#options.clock.monotonicMs() - run.motionNeededAtMs <= NEED_MEMORY_MS
    // Who still waits for room couldn't send, and so couldn't find that tiles don't keep up.
    if (!this.#options.video.isReady || !(isNeeded || run.onRoom)) this.cool(run)
    else this.#begin(run, composer)
  }

  #begin(run: Run, composer: FrameComposer): void {
    const { video, tiles, clock, onMode } = this.#options
    run.warmUp?.cancelDeadline()
    run.warmUp = undefined
    run.mode = 'motion'
    run.isInexact = true
    run.policy.handleSwitch('motion', clock.monotonicMs())
    // What was encoded meanwhile is older than the tiles that are shown.
    video.nextEpoch()
    tiles.sendMotion(video.epoch)
    const { width, height } = composer.surface
    video.send([{ x: 0, y: 0, width, height }])
    // Video needs the changes now, not when there is room for tiles.
    run.onRoom?.()
    run.onRoom = undefined
    this.#watchCalm(run, composer)
    onMode('motion')
  }

  /** Sends one frame, or ends the motion. Resolves when the encoder can take the next one. */
  async send(run: Run, composer: FrameComposer, frame: ScreenFrame, changedPixels: number): Promise<void> {
    const { video, clock } = this.#options
    const startedAtMs = clock.monotonicMs()
    run.policy.handleMotionFrame(startedAtMs, changedPixels)
    const isDone = !video.isReady || run.policy.isCalm(startedAtMs)
    if (isDone || run.policy.mayTryTiles(startedAtMs, () => composer.isSimple())) {
      this.#end(run, composer)
      return
    }
    video.send(frame.damage)
    run.cancelCalm?.()
    const restMs = video.intervalMs - (clock.monotonicMs() - startedAtMs)
    if (restMs > 1) await wait(clock, restMs, run.stopper.signal)
    // From here on: while this waits nobody looks for changes.
    if (!isOver(run) && run.mode === 'motion') this.#watchCalm(run, composer)
  }

  // Without a change there is no frame either, and nobody else would notice that it is calm.
  #watchCalm(run: Run, composer: FrameComposer): void {
    const { clock } = this.#options
    const dueAtMs = clock.monotonicMs() + CALM_MS
    const end = () => this.#end(run, composer)
    run.cancelCalm?.()
    run.cancelCalm = clock.setTimer(() => {
      // A machine that was too busy for this timer was too busy for changes as well.
      if (clock.monotonicMs() - dueAtMs < BUSY_MS) end()
      else run.cancelCalm = clock.setTimer(end, BUSY_MS)
    }, CALM_MS)
  }

  #end(run: Run, composer: FrameComposer): void {
    if (isOver(run) || run.mode !== 'motion') return
    const { video, tiles, clock, onMode } = this.#options
    run.cancelCalm?.()
    run.mode = 'tiles'
    video.stop()
    run.policy.handleSwitch('tiles', clock.monotonicMs())
    tiles.sendTiles()
    tiles.write(run, composer)
    onMode('tiles')
  }
}
