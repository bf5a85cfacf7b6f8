import type { Clock } from '../../links/clock.ts'
import type { ScreenFrame } from '../../platform/platform.ts'
import { type EngineMode, isOver, type Run } from './engine-run.ts'
import { CALM_MS } from './mode-policy.ts'
import type { PictureLimits } from './picture-limits.ts'
import type { FrameComposer } from './tiles/frame-composer.ts'
import type { TilesHalf } from './tiles-half.ts'
import type { VideoSender } from './video-sender.ts'
import { wait } from './wait.ts'

/** A timer that is this late says that the machine is busy. */
const BUSY_MS = 50

/** The first frame of the video takes 0.3 to 0.9 s on two busy cores. When none was seen for this long nothing but video is shown, whatever comes of it. */
const WARM_UP_MAX_MS = 3_000
/** What the encoder gets meanwhile: enough for the first frame not to be far from what follows it. */
const WARM_UP_FEED_MS = 100
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
    const cancelDeadline = clock.setTimer(() => this.#decide(run, composer), WARM_UP_MAX_MS)
    run.warmUp = { fedAtMs: Number.NEGATIVE_INFINITY, cancelDeadline }
  }

  /** While the video is being made ready: gives the encoder something to begin with. */
  feed({ warmUp }: Run, { surface: { width, height } }: FrameComposer): void {
    const nowMs = this.#options.clock.monotonicMs()
    if (!warmUp || nowMs - warmUp.fedAtMs < WARM_UP_FEED_MS) return
    warmUp.fedAtMs = nowMs
    this.#options.video.send([{ x: 0, y: 0, width, height }])
  }

  /** The operator's side decodes frames of this epoch. */
  handleSeen(run: Run, epoch: number): void {
    if (run.warmUp && run.composer && epoch === this.#options.video.epoch) this.#decide(run, run.composer)
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
    // Frames that were encoded meanwhile are older than the tiles that are shown.
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
