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

  /** `linkKbps` is what the link was measured to carry; undefined where it was never full. */
  start(run: Run, composer: FrameComposer, { maxKbps, scale }: PictureLimits, linkKbps: number | undefined): void {
    const { video, tiles, clock, onMode } = this.#options
    run.mode = 'motion'
    run.isInexact = true
    run.policy.handleSwitch('motion', clock.monotonicMs())
    video.start(composer.surface, { maxKbps, scale, linkKbps })
    tiles.sendMotion(video.epoch)
    video.send([])
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
