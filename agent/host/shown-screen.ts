import type { ChannelLabel } from '#protocol/peer/channels.ts'
import type { AgentControl, PictureSettings } from '#protocol/peer/control.ts'
import type { Clock } from '../links/clock.ts'
import type { Desktop, Display, PlatformErrorCode, PointerPosition, Rect } from '../platform/platform.ts'
import { CursorSender } from './cursor/cursor-sender.ts'
import { EngineReport } from './engine-report.ts'
import type { Peer } from './peer/peer.ts'
import { PictureSender, type PictureSenderOptions } from './screen/picture-sender.ts'
import { ScreenState } from './screen-state.ts'
import { ShownDisplay } from './shown-display.ts'
import { SleepWatch } from './sleep-watch.ts'

const CAPTURE_AGAIN_MS = 1_000

export interface ShownScreenOptions {
  readonly clock: Clock
  /** What is shown first, if it is there; the primary display otherwise. */
  readonly displayId: string | undefined
  /** What carries the picture and the pointer. */
  readonly peer: PictureSenderOptions['peer'] & Pick<Peer, 'send'>
  readonly video: PictureSenderOptions['video']
  /** As `PictureSenderOptions` has it. */
  readonly onActivity: () => void
  /** Returns false while nobody can be told. */
  readonly send: (message: AgentControl) => boolean
  /** A warning; not for people. */
  readonly log: (message: string) => void
  /** The place of the shown display on the desktop; undefined without one. */
  readonly onBounds: (bounds: Rect | undefined) => void
}

/**
 * The screen as one operator sees it: picture, pointer, list of displays, and the words about them. Nothing of it is captured unless the operator is there and
 * looks and the session isn't paused. The desktop may come, go and come again meanwhile.
 */
export class ShownScreen {
  readonly #options: ShownScreenOptions
  readonly #display: ShownDisplay
  readonly #picture: PictureSender
  readonly #cursor: CursorSender
  readonly #sleep: SleepWatch
  readonly #report: EngineReport
  readonly #state: ScreenState
  #desktop: Desktop | undefined
  #desktopScope: AbortController | undefined
  #isConnected = false
  #hasTiles = false
  /** The operator says so when there is something to look with: what came before would be drawn nowhere. */
  #isWatched = false
  #isPaused = false
  #isClosed = false

  constructor(options: ShownScreenOptions) {
    this.#options = options
    const { clock, peer, video, send } = options
    const read = () => ({ ...this.#picture.facts, failure: this.#state.failure, isAsleep: this.#sleep.isAsleep })
    this.#report = new EngineReport({ clock, read, send })
    const onActivity = () => {
      this.#report.wake()
      options.onActivity()
    }
    this.#state = new ScreenState({ send, onFailure: onActivity })
    this.#sleep = new SleepWatch(clock, onActivity)
    const onChanged = (selected: Display | undefined) => this.#handleDisplay(selected)
    this.#display = new ShownDisplay({
      displayId: options.displayId,
      send,
      onChanged,
      onFailed: thrown => this.#state.failedWith(thrown),
    })
    this.#picture = new PictureSender({ clock, peer, video, onActivity })
    this.#cursor = new CursorSender(clock, message => {
      if (!this.#isPaused) peer.send('cursor', JSON.stringify(message))
    })
  }

  /** Shows `desktop` instead of the one before. After `close` it does nothing. */
  attach(desktop: Desktop): void {
    if (this.#isClosed) return
    this.detach()
    const scope = new AbortController()
    this.#desktop = desktop
    this.#desktopScope = scope
    this.#state.setFailure(undefined)
    this.#picture.attach(desktop.screen, {
      onLive: () => this.#state.live(),
      onFailed: thrown => this.#handleCaptureFailed(thrown, scope.signal),
    })
    this.#display.follow(desktop, scope.signal)
    this.#cursor.attach(desktop.cursor, scope.signal)
  }

  /** Idempotent. No picture leaves after it returned. */
  detach(): void {
    this.#desktopScope?.abort()
    this.#desktopScope = undefined
    this.#desktop = undefined
    this.#sleep.watch(undefined)
    this.#picture.detach()
  }

  /** The desktop is gone; `message` tells people why. */
  lose(message: string, code: PlatformErrorCode | undefined): void {
    this.detach()
    this.#state.failed(message, code)
  }

  /** Idempotent, and for good. */
  close(): void {
    this.#isClosed = true
    this.detach()
    this.#report.stop()
  }

  /** The operator's side is there: it is told whatever there is. */
  handleConnected(): void {
    this.#isConnected = true
    this.#display.tell()
    this.#state.tell()
    this.#report.start()
    this.#update()
  }

  handleChannelOpen(label: ChannelLabel): void {
    if (label === 'cursor') this.#cursor.sendShape()
    if (label !== 'tiles') return
    this.#hasTiles = true
    this.#update()
  }

  /** Returns false for what isn't an acknowledgement of something on its way. */
  handleTilesMessage(message: Uint8Array): boolean {
    return this.#picture.handleTilesMessage(message)
  }

  /** This operator moves the pointer, which needs no telling. */
  handleOwnMove(position: PointerPosition): void {
    this.#cursor.handleOwnMove(position)
  }

  setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused
    this.#update()
  }

  /** `knowsStencils`: what looks there understands STENCIL. */
  setWatched(isWatched: boolean, knowsStencils: boolean): void {
    this.#picture.setStencils(knowsStencils)
    this.#isWatched = isWatched
    this.#update()
  }

  setSettings(settings: PictureSettings): void {
    this.#picture.setSettings(settings)
  }

  /** A display that isn't there changes nothing. */
  chooseDisplay(displayId: string): void {
    this.#display.choose(displayId)
  }

  #handleDisplay(selected: Display | undefined): void {
    if (!selected) this.#state.unavailable('No display is connected to this computer.')
    this.#options.onBounds(selected?.bounds)
    this.#cursor.setBounds(selected?.bounds)
    this.#update()
  }

  #handleCaptureFailed(thrown: unknown, signal: AbortSignal): void {
    this.#state.failedWith(thrown)
    this.#options.log(`capture failed: ${String(thrown)}`)
    // The desktop is still there, so its display may be too.
    const cancel = this.#options.clock.setTimer(() => this.#update(), CAPTURE_AGAIN_MS)
    signal.addEventListener('abort', cancel, { once: true })
  }

  /** What runs follows from what is known; every change of that ends here. */
  #update(): void {
    const isShown = this.#isConnected && this.#hasTiles && this.#isWatched && !this.#isPaused && !this.#isClosed
    if (isShown) this.#picture.show(this.#display.selected)
    else this.#picture.hide()
    this.#cursor.setShown(isShown)
    this.#sleep.watch(isShown ? this.#desktop : undefined)
  }
}
