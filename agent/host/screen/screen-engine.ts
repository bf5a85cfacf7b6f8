import type { PictureSettings } from '#protocol/peer/control.ts'
import type { Clock } from '../../links/clock.ts'
import { areaOf } from '../../pixels/rect.ts'
import type { Display, ScreenFrame, ScreenSource } from '../../platform/platform.ts'
import { CALM_MS, ModePolicy } from './mode-policy.ts'
import { canMove } from './motion-picture.ts'
import { KBPS_MAX, limitsOf, type PictureLimits } from './picture-limits.ts'
import { FrameBody } from './tiles/frame-body.ts'
import { FrameComposer } from './tiles/frame-composer.ts'
import type { TileChannel } from './tiles/tile-channel.ts'
import type { VideoSender } from './video-sender.ts'

export type EngineMode = 'tiles' | 'motion'

export interface ScreenEngineOptions {
  readonly screen: ScreenSource
  readonly tiles: TileChannel
  readonly video: VideoSender
  readonly clock: Clock
  /** What this thread has worked so far. Elapsed time would count what others do on a busy machine, and video doesn't make that less. */
  readonly cpuMs: () => number
  readonly limits: PictureLimits
  /** The first picture of a run has left. */
  readonly onLive: () => void
  readonly onMode: (mode: EngineMode) => void
  /** The display can't be captured any more; the engine has stopped. */
  readonly onFailed: (thrown: unknown) => void
}

/** A capture that waited for room takes this long at most. */
const REST_AFTER_MS = 12

/** What is known while one display is shown; another one starts from nothing. */
interface Run {
  readonly display: Display
  readonly stopper: AbortController
  composer: FrameComposer | undefined
  policy: ModePolicy
  mode: EngineMode
  /** The operator's picture is still partly that of the video. */
  isInexact: boolean
  isLive: boolean
  /** Resolves when the link may take more. */
  onRoom: (() => void) | undefined
  cancelCalm: (() => void) | undefined
  cancelRest: (() => void) | undefined
}

/**
 * Moves the pixels of one display to the operator while `run` is asked for; nothing is captured, sent or timed otherwise. What changes a little goes as exact
 * tiles, what moves a lot as video, and after the motion tiles make the picture exact again. A slow link or encoder loses frames at the source, never time.
 */
export class ScreenEngine {
  readonly #options: ScreenEngineOptions
  readonly #body = new FrameBody()
  #limits: PictureLimits
  #run: Run | undefined

  constructor(options: ScreenEngineOptions) {
    this.#options = options
    this.#limits = options.limits
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
    this.#run?.policy.setLimits(this.#limits)
    const { display } = this.#run ?? {}
    if (!display || before.maxFramesPerSecond === this.#limits.maxFramesPerSecond) return
    this.stop()
    this.#start(display)
  }

  /** Idempotent. No frame leaves after it returned. */
  stop(): void {
    const run = this.#run
    this.#run = undefined
    run?.stopper.abort()
    run?.cancelCalm?.()
    run?.cancelRest?.()
    run?.onRoom?.()
    this.#options.tiles.onDrawn(undefined)
    this.#options.video.stop()
  }

  #start(display: Display): void {
    const stopper = new AbortController()
    const run: Run = {
      display,
      stopper,
      composer: undefined,
      policy: new ModePolicy(areaOf(display.bounds), this.#limits),
      mode: 'tiles',
      isInexact: false,
      isLive: false,
      onRoom: undefined,
      cancelCalm: undefined,
      cancelRest: undefined,
    }
    this.#run = run
    this.#options.tiles.onDrawn(() => this.#handleRoom(run))
    const { maxFramesPerSecond } = this.#limits
    this.#options.screen
      .capture({ displayId: display.id, maxFramesPerSecond, signal: stopper.signal }, frame =>
        this.#handleFrame(run, frame),
      )
      .catch(thrown => {
        if (this.#run !== run) return
        this.stop()
        this.#options.onFailed(thrown)
      })
  }

  async #handleFrame(run: Run, frame: ScreenFrame): Promise<void> {
    if (this.#run !== run) return
    const composer = this.#composerOf(run, frame)
    composer.add(frame.damage)
    const changedPixels = frame.damage.reduce((sum, rect) => sum + areaOf(rect), 0)
    if (run.mode === 'motion') await this.#sendVideo(run, composer, frame, changedPixels)
    else await this.#sendTiles(run, composer, changedPixels)
  }

  /** The composer of the frame's surface. A new surface is a picture of another size, of which the operator has nothing. */
  #composerOf(run: Run, { surface }: ScreenFrame): FrameComposer {
    if (run.composer?.surface === surface) return run.composer
    if (run.mode === 'motion') this.#options.video.stop()
    run.cancelCalm?.()
    run.mode = 'tiles'
    run.isInexact = false
    run.composer = new FrameComposer(surface)
    run.policy = new ModePolicy(surface.width * surface.height, {
      ...this.#limits,
      motion: canMove(surface) ? this.#limits.motion : 'never',
    })
    this.#body.clear()
    this.#body.size(surface.width, surface.height)
    this.#options.tiles.sendFrame(this.#body.bytes)
    return run.composer
  }

  async #sendTiles(run: Run, composer: FrameComposer, changedPixels: number): Promise<void> {
    const { clock, cpuMs } = this.#options
    const beforeMs = cpuMs()
    const bytes = this.#writeTiles(run, composer)
    const workMs = cpuMs() - beforeMs
    const nowMs = clock.monotonicMs()
    const { isBehind } = composer
    const { maxKbps } = this.#limits
    const isSimple = () => composer.isSimple()
    const needsMotion = run.policy.needsMotion({ nowMs, changedPixels, workMs, bytes, isBehind, isSimple })
    if (needsMotion && this.#options.video.prepare()) this.#startMotion(run, composer)
    // Without room nothing is captured either: what comes then is the newest picture.
    else if (this.#options.tiles.bodyBudgetBytes === 0) await this.#room(run)
    else if (maxKbps < KBPS_MAX) await this.#wait((bytes * 8) / maxKbps, run.stopper.signal)
  }

  /** Sends one frame of what the link takes now, and answers how many bytes that was. */
  #writeTiles(run: Run, composer: FrameComposer): number {
    const { tiles } = this.#options
    const budgetBytes = tiles.bodyBudgetBytes
    if (budgetBytes === 0) return 0
    run.cancelRest?.()
    run.cancelRest = undefined
    this.#body.clear()
    composer.compose(this.#body, budgetBytes)
    if (run.isInexact && !composer.isBehind) {
      run.isInexact = false
      this.#body.exact()
    }
    const bytes = this.#body.length > 0 ? tiles.sendFrame(this.#body.bytes) : 0
    if (!run.isLive) {
      run.isLive = true
      this.#options.onLive()
    }
    return bytes
  }

  #handleRoom(run: Run): void {
    if (this.#options.tiles.bodyBudgetBytes === 0) return
    run.onRoom?.()
    run.onRoom = undefined
    if (!this.#hasRest(run) || run.cancelRest) return
    // What changed meanwhile goes first, together with the rest; the rest goes alone where nothing did.
    run.cancelRest = this.#options.clock.setTimer(() => {
      run.cancelRest = undefined
      if (this.#run === run && run.composer && this.#hasRest(run)) this.#writeTiles(run, run.composer)
    }, REST_AFTER_MS)
  }

  #hasRest({ mode, composer, isInexact }: Run): boolean {
    return mode === 'tiles' && (isInexact || composer?.isBehind === true)
  }

  #room(run: Run): Promise<void> {
    return new Promise(resolve => {
      run.onRoom = resolve
    })
  }

  #startMotion(run: Run, composer: FrameComposer): void {
    const { video, tiles, clock } = this.#options
    run.mode = 'motion'
    run.isInexact = true
    run.policy.handleSwitch('motion', clock.monotonicMs())
    const { maxKbps, scale } = this.#limits
    const linkKbps = tiles.bytesPerSecond === undefined ? undefined : (tiles.bytesPerSecond * 8) / 1000
    video.start(composer.surface, { maxKbps, scale, linkKbps })
    this.#body.clear()
    this.#body.motion(video.epoch)
    tiles.sendFrame(this.#body.bytes)
    video.send([])
    this.#watchCalm(run, composer)
    this.#options.onMode('motion')
  }

  async #sendVideo(run: Run, composer: FrameComposer, frame: ScreenFrame, changedPixels: number): Promise<void> {
    const { video, clock } = this.#options
    const startedAtMs = clock.monotonicMs()
    run.policy.handleMotionFrame(startedAtMs, changedPixels)
    if (run.policy.isCalm(startedAtMs) || run.policy.mayTryTiles(startedAtMs, () => composer.isSimple())) {
      this.#endMotion(run, composer)
      return
    }
    video.send(frame.damage)
    this.#watchCalm(run, composer)
    const restMs = video.intervalMs - (clock.monotonicMs() - startedAtMs)
    if (restMs > 1) await this.#wait(restMs, run.stopper.signal)
  }

  #watchCalm(run: Run, composer: FrameComposer): void {
    run.cancelCalm?.()
    run.cancelCalm = this.#options.clock.setTimer(() => this.#endMotion(run, composer), CALM_MS)
  }

  #endMotion(run: Run, composer: FrameComposer): void {
    if (this.#run !== run || run.mode !== 'motion') return
    run.cancelCalm?.()
    run.mode = 'tiles'
    this.#options.video.stop()
    run.policy.handleSwitch('tiles', this.#options.clock.monotonicMs())
    this.#body.clear()
    this.#body.tiles()
    this.#options.tiles.sendFrame(this.#body.bytes)
    this.#writeTiles(run, composer)
    this.#options.onMode('tiles')
  }

  #wait(delayMs: number, signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const cancel = this.#options.clock.setTimer(done, delayMs)
      signal.addEventListener('abort', done, { once: true })
      function done() {
        cancel()
        signal.removeEventListener('abort', done)
        resolve()
      }
    })
  }
}
