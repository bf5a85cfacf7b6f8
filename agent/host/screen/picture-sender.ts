import type { PictureSettings } from '#protocol/peer/control.ts'
import { parseSeen } from '#protocol/peer/tiles.ts'
import type { Clock } from '../../links/clock.ts'
import type { Display, ScreenSource } from '../../platform/platform.ts'
import type { EngineFacts } from '../engine-report.ts'
import type { Peer } from '../peer/peer.ts'
import type { EngineMode } from './engine-run.ts'
import { limitsOf } from './picture-limits.ts'
import { ScreenEngine } from './screen-engine.ts'
import { TileChannel } from './tiles/tile-channel.ts'
import { VideoSender, type VideoSenderOptions } from './video-sender.ts'

export interface PictureSenderOptions {
  readonly clock: Clock
  readonly peer: Pick<Peer, 'sendTiles'>
  readonly video: VideoSenderOptions['link']
  /** Something of `facts` may have changed. Called for every message of tiles. */
  readonly onActivity: () => void
}

export interface PictureHandlers {
  /** The first picture since it was shown has left. */
  readonly onLive: () => void
  /** The display can't be captured any more; nothing is sent until it is shown again. */
  readonly onFailed: (thrown: unknown) => void
}

/** The pixels of one desktop after another to the operator. What carries them, and what the operator wished for, outlives a desktop. */
export class PictureSender {
  readonly #options: PictureSenderOptions
  readonly #tiles: TileChannel
  readonly #video: VideoSender
  #engine: ScreenEngine | undefined
  #mode: EngineMode = 'tiles'
  #settings: PictureSettings | undefined
  #hasStencils = false

  constructor(options: PictureSenderOptions) {
    this.#options = options
    const { clock, peer, video, onActivity } = options
    this.#tiles = new TileChannel(message => {
      onActivity()
      return peer.sendTiles(message)
    }, clock)
    this.#video = new VideoSender({ link: video, clock })
  }

  /** Takes pictures from `screen` from now on; none before `show`. */
  attach(screen: ScreenSource, handlers: PictureHandlers): void {
    this.detach()
    this.#engine = new ScreenEngine({
      screen,
      tiles: this.#tiles,
      video: this.#video,
      clock: this.#options.clock,
      cpuMs: threadCpuMs,
      limits: limitsOf(this.#settings),
      hasStencils: () => this.#hasStencils,
      onMode: mode => this.#setMode(mode),
      ...handlers,
    })
  }

  /** Idempotent. No frame begins to leave after it returned. */
  detach(): void {
    this.#engine?.stop()
    this.#engine = undefined
  }

  /** The operator looks at `display`; undefined: at none, for there is none. */
  show(display: Display | undefined): void {
    this.#engine?.run(display)
  }

  /** Nobody looks. */
  hide(): void {
    this.#engine?.run(undefined)
  }

  setSettings(settings: PictureSettings): void {
    this.#settings = settings
    this.#engine?.setSettings(settings)
  }

  /** Whether the operator's side knows STENCIL; from the next frame on. */
  setStencils(hasStencils: boolean): void {
    this.#hasStencils = hasStencils
  }

  /** Returns false for what is neither an acknowledgement of something on its way nor says that video arrives. */
  handleTilesMessage(message: Uint8Array): boolean {
    const frameNumber = parseSeen(message)
    if (frameNumber === undefined) return this.#tiles.handleMessage(message)
    this.#engine?.handleSeen(frameNumber)
    return true
  }

  /** What the engine does now. */
  get facts(): Omit<EngineFacts, 'failure' | 'isAsleep'> {
    const isMotion = this.#mode === 'motion'
    return {
      isMotion,
      codec: this.#video.codec,
      videoIntervalMs: this.#video.intervalMs,
      undrawnMs: this.#tiles.oldestAgeMs,
      linkKbps: isMotion ? this.#video.targetKbps : this.#tiles.linkKbps,
      isWaiting: this.#tiles.bodyBudgetBytes === 0,
      maxKbps: limitsOf(this.#settings).maxKbps,
    }
  }

  #setMode(mode: EngineMode): void {
    this.#mode = mode
    this.#options.onActivity()
  }
}

const threadCpuMs = (): number => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
