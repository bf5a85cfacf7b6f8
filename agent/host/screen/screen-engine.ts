import type { PictureSettings } from '#protocol/peer/control.ts'
import type { Clock } from '../../links/clock.ts'
import { areaOf } from '../../pixels/rect.ts'
import type { Surface } from '../../pixels/surface.ts'
import type { Display, ScreenFrame, ScreenSource } from '../../platform/platform.ts'
import { type EngineMode, endRun, isOver, newRun, type Run } from './engine-run.ts'
import { ModePolicy } from './mode-policy.ts'
import { MotionHalf } from './motion-half.ts'
import { canMove } from './motion-picture.ts'
import { KBPS_MAX, limitsOf, type PictureLimits } from './picture-limits.ts'
import { FrameComposer } from './tiles/frame-composer.ts'
import type { TileChannel } from './tiles/tile-channel.ts'
import { TilesHalf } from './tiles-half.ts'
import type { VideoSender } from './video-sender.ts'
import { wait } from './wait.ts'

export interface ScreenEngineOptions {
  readonly screen: ScreenSource
  readonly tiles: TileChannel
  readonly video: VideoSender
  readonly clock: Clock
  /** What this thread has worked so far. Elapsed time would count what others do on a busy machine, and video doesn't make that less. */
  readonly cpuMs: () => number
  readonly limits: PictureLimits
  /** Whether the operator's side knows STENCIL. */
  readonly hasStencils: () => boolean
  /** The first picture of a run has left. */
  readonly onLive: () => void
  readonly onMode: (mode: EngineMode) => void
  /** The display can't be captured any more; the engine has stopped. */
  readonly onFailed: (thrown: unknown) => void
}

/**
 * Moves the pixels of one display to the operator while `run` is asked for; nothing is captured, sent or timed otherwise. What changes a little goes as exact
 * tiles, what moves a lot as video, and after the motion tiles make the picture exact again. A slow link or encoder loses frames at the source, never time.
 */
export class ScreenEngine {
  readonly #options: ScreenEngineOptions
  readonly #tiles: TilesHalf
  readonly #motion: MotionHalf
  #limits: PictureLimits
  #run: Run | undefined

  constructor(options: ScreenEngineOptions) {
    this.#options = options
    this.#limits = options.limits
    const { tiles, video, clock, hasStencils, onLive, onMode } = options
    this.#tiles = new TilesHalf({ tiles, clock, hasStencils, onLive })
    this.#motion = new MotionHalf({ tiles: this.#tiles, video, clock, onMode })
  }

  /** Shows `display`; `undefined` stops. What already runs on the same display goes on. */
  run(display: Display | undefined): void {
    if (display?.id === this.#run?.display.id) return
    this.stop()
    if (display) this.#start(display)
  }

  /** Takes effect at once; the frame rate with the next start. */
  setSettings(settings: PictureSettings): void {
    const before = this.#limits
    this.#limits = limitsOf(settings)
    const { display, policy, composer } = this.#run ?? {}
    policy?.setLimits(composer ? this.#limitsFor(composer.surface) : this.#limits)
    if (!display || before.maxFramesPerSecond === this.#limits.maxFramesPerSecond) return
    this.stop()
    this.#start(display)
  }

  /** Idempotent. No frame begins to leave after it returned; the rest of a large one is gone some milliseconds later. */
  stop(): void {
    const run = this.#run
    this.#run = undefined
    if (run) endRun(run)
    if (run?.mode === 'motion') this.#options.onMode('tiles')
    this.#tiles.watchRoom(undefined)
    this.#options.video.stop()
  }

  /** The operator's side has decoded this frame of the video. One that isn't on its way is ignored: it may be of a motion that is over. */
  handleSeen(frameNumber: number): void {
    if (this.#run) this.#motion.handleSeen(this.#run, frameNumber)
  }

  #start(display: Display): void {
    const run = newRun(display, this.#limits)
    this.#run = run
    this.#tiles.watchRoom(run)
    const { maxFramesPerSecond } = this.#limits
    this.#options.screen
      .capture({ displayId: display.id, maxFramesPerSecond, signal: run.stopper.signal }, frame =>
        this.#handleFrame(run, frame),
      )
      .catch(thrown => {
        if (isOver(run)) return
        this.stop()
        this.#options.onFailed(thrown)
      })
  }

  async #handleFrame(run: Run, frame: ScreenFrame): Promise<void> {
    if (isOver(run)) return
    const composer = this.#composerOf(run, frame)
    composer.add(frame.damage)
    const changedPixels = frame.damage.reduce((sum, rect) => sum + areaOf(rect), 0)
    if (run.mode === 'motion') await this.#motion.send(run, composer, frame, changedPixels)
    else await this.#sendTiles(run, composer, changedPixels)
  }

  /** The composer of the frame's surface. A new surface is a picture of another size, of which the operator has nothing. */
  #composerOf(run: Run, { surface }: ScreenFrame): FrameComposer {
    if (run.composer?.surface === surface) return run.composer
    this.#motion.cool(run)
    if (run.mode === 'motion') {
      this.#options.video.stop()
      this.#options.onMode('tiles')
    }
    run.cancelCalm?.()
    run.mode = 'tiles'
    run.isInexact = false
    run.composer = new FrameComposer(surface)
    run.policy = new ModePolicy(surface.width * surface.height, this.#limitsFor(surface))
    this.#tiles.sendSize(surface)
    return run.composer
  }

  #limitsFor(surface: Surface): PictureLimits {
    return canMove(surface) ? this.#limits : { ...this.#limits, motion: 'never' }
  }

  async #sendTiles(run: Run, composer: FrameComposer, changedPixels: number): Promise<void> {
    const { clock, cpuMs, tiles, video } = this.#options
    const isLarge = run.policy.isLarge(changedPixels)
    const beforeMs = isLarge ? cpuMs() : 0
    const bytes = this.#tiles.write(run, composer)
    const workMs = isLarge ? cpuMs() - beforeMs : 0
    const nowMs = clock.monotonicMs()
    const { isBehind } = composer
    const { maxKbps } = this.#limits
    const isSimple = () => composer.isSimple()
    const needsMotion = run.policy.needsMotion({ nowMs, changedPixels, workMs, bytes, isBehind, isSimple })
    // Encoder and link work for both meanwhile, so tiles look better or worse than they are: what goes on changing goes on needing it.
    if (needsMotion || (run.warmUp && isLarge)) run.motionNeededAtMs = nowMs
    if (needsMotion && video.prepare()) this.#motion.want(run, composer, this.#limits, tiles.linkKbps)
    this.#motion.feed(run, composer)
    if (run.mode === 'motion') return
    // Without room nothing is captured either: what comes then is the newest picture.
    if (tiles.bodyBudgetBytes === 0) await this.#tiles.room(run)
    else if (maxKbps < KBPS_MAX) await wait(clock, (bytes * 8) / maxKbps, run.stopper.signal)
  }
}
