import { assertNever } from '#protocol/assert-never.ts'
import { CHANNELS, type ChannelLabel } from '#protocol/peer/channels.ts'
import {
  type AgentControl,
  type OperatorControl,
  operatorControlSchema,
  type PictureSettings,
} from '#protocol/peer/control.ts'
import type { EndReason } from '#protocol/session/reasons.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import type { Signal } from '#protocol/wire/signal.ts'
import type { Clock } from '../links/clock.ts'
import type { HostToService } from '../links/host-link.ts'
import { type Desktop, PlatformError, type PlatformErrorCode } from '../platform/platform.ts'
import { CursorSender } from './cursor/cursor-sender.ts'
import { DisplayList } from './display-list.ts'
import { type EngineFacts, EngineReport } from './engine-report.ts'
import { InputRouter } from './input/input-router.ts'
import { openPeer, type Peer } from './peer/peer.ts'
import { limitsOf } from './screen/picture-limits.ts'
import { type EngineMode, ScreenEngine } from './screen/screen-engine.ts'
import { TileChannel } from './screen/tiles/tile-channel.ts'
import { VideoSender } from './screen/video-sender.ts'
import { SleepWatch } from './sleep-watch.ts'

const CAPTURE_AGAIN_MS = 1_000

/** How long the operator's side gets to take the last words from `control`. */
const FAREWELL_MS = 150
const FAREWELL_STEP_MS = 10

export interface LiveSessionOptions {
  readonly scopes: readonly Scope[]
  readonly clock: Clock
  readonly send: (message: HostToService) => void
  readonly onEnded: (reason: EndReason) => void
}

/** One operator's session on one desktop, from the offer to the end. The desktop may come, go and come again meanwhile. */
export class LiveSession {
  readonly #options: LiveSessionOptions
  readonly #peer: Peer
  readonly #input: InputRouter
  readonly #displays = new DisplayList()
  #desktop: Desktop | undefined
  #desktopScope: AbortController | undefined
  readonly #tiles: TileChannel
  readonly #video: VideoSender
  readonly #cursor: CursorSender
  readonly #sleep: SleepWatch
  readonly #report: EngineReport
  #engine: ScreenEngine | undefined
  #settings: PictureSettings | undefined
  #engineMode: EngineMode = 'tiles'
  #failure: PlatformErrorCode | undefined
  #screenState: AgentControl | undefined
  #isConnected = false
  #hasTiles = false
  #isWatched = true
  #isPaused = false
  #isClosed = false

  constructor(options: LiveSessionOptions) {
    this.#options = options
    const { send, clock } = options
    this.#input = new InputRouter({
      scopes: options.scopes,
      onHeldChanged: held => send({ type: 'held', held }),
      onDropped: (kind, why) => send({ type: 'input-dropped', kind, why }),
      onPointerMoved: position => this.#cursor.handleOwnMove(position),
    })
    this.#cursor = new CursorSender(clock, message => {
      if (!this.#isPaused) this.#peer.send('cursor', JSON.stringify(message))
    })
    this.#report = new EngineReport({
      clock,
      read: () => this.#engineFacts(),
      send: state => this.#sendControl(state),
    })
    this.#sleep = new SleepWatch(clock, () => this.#report.wake())
    this.#peer = openPeer(
      {
        onSignal: signal => send({ type: 'signal', signal }),
        onConnected: () => this.#handleConnected(),
        onVideoOffer: sdp => this.#sendControl({ type: 'video-offer', sdp }),
        onInterrupted: giveUpInMs => {
          void this.#input.release()
          send({ type: 'link-interrupted', giveUpInMs })
        },
        onRestored: () => send({ type: 'link-restored' }),
        onMessage: (label, text) => this.#handleMessage(label, text),
        onTilesMessage: message => this.#handleTilesMessage(message),
        onRefused: label => this.#input.refuse(label),
        onChannelOpen: label => this.#handleChannelOpen(label),
        onChannelClosed: label => label === 'input' && void this.#input.release(),
        onClosed: reason => this.#end(reason),
      },
      clock,
    )
    this.#tiles = new TileChannel(message => {
      this.#report.wake()
      return this.#peer.sendTiles(message)
    }, clock)
    this.#video = new VideoSender({ peer: this.#peer, clock })
  }

  handleSignal(signal: Signal): void {
    this.#peer.handleSignal(signal)
  }

  /** A desktop is there: show it and let input reach it. */
  attachDesktop(desktop: Desktop): void {
    if (this.#isClosed) return
    this.#detachDesktop()
    const scope = new AbortController()
    this.#desktop = desktop
    this.#desktopScope = scope
    this.#setFailure(undefined)
    const { clock } = this.#options
    this.#engine = new ScreenEngine({
      screen: desktop.screen,
      tiles: this.#tiles,
      video: this.#video,
      clock,
      cpuMs: threadCpuMs,
      limits: limitsOf(this.#settings),
      onLive: () => {
        this.#setFailure(undefined)
        this.#setScreen('live', '')
      },
      onMode: mode => this.#handleMode(mode),
      onFailed: thrown => this.#handleCaptureFailed(thrown, scope.signal),
    })
    this.#input.attach(desktop.input)
    const forget = desktop.onDisplaysChanged(displays => this.#handleDisplays(displays))
    scope.signal.addEventListener('abort', forget, { once: true })
    void desktop.displays().then(
      displays => !scope.signal.aborted && this.#handleDisplays(displays),
      thrown => this.#handleScreenFailed(thrown),
    )
    this.#cursor.attach(desktop.cursor, scope.signal)
  }

  /** The desktop is gone; `message` tells people why. */
  desktopLost(message: string, code: PlatformErrorCode | undefined): void {
    this.#detachDesktop()
    this.#setFailure(code)
    this.#setScreen('unavailable', message)
  }

  async setPaused(paused: boolean): Promise<void> {
    this.#isPaused = paused
    this.#updateStream()
    await this.#input.setPaused(paused)
  }

  /** Stops everything, says goodbye on `control` and resolves once the connection is closed. Idempotent. */
  async close(reason: EndReason): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#detachDesktop({ keepInput: true })
    this.#report.stop()
    await this.#input.release().catch(() => undefined)
    if (this.#sendControl({ type: 'ended', reason })) await this.#farewell()
    this.#peer.close()
  }

  #detachDesktop({ keepInput = false } = {}): void {
    this.#desktopScope?.abort()
    this.#desktopScope = undefined
    this.#desktop = undefined
    this.#sleep.watch(undefined)
    this.#engine?.stop()
    this.#engine = undefined
    if (!keepInput) this.#input.attach(undefined)
  }

  #handleConnected(): void {
    this.#isConnected = true
    this.#options.send({ type: 'peer-connected' })
    this.#announceDisplays()
    if (this.#screenState) this.#sendControl(this.#screenState)
    this.#report.start()
    this.#updateStream()
  }

  #handleChannelOpen(label: ChannelLabel): void {
    if (label === 'cursor') this.#cursor.sendShape()
    if (label !== 'tiles') return
    this.#hasTiles = true
    this.#updateStream()
  }

  // The row's scope is checked for each message like every other channel's.
  #handleTilesMessage(message: Uint8Array): void {
    const isAllowed = this.#options.scopes.includes(CHANNELS.tiles.scope)
    if (!isAllowed || !this.#tiles.handleMessage(message)) this.#input.refuse('tiles')
  }

  #handleMode(mode: EngineMode): void {
    this.#engineMode = mode
    this.#report.wake()
  }

  #handleMessage(label: ChannelLabel, text: string): void {
    if (label === 'input') this.#input.handle(text)
    else if (label === 'control') this.#handleControl(text)
  }

  #handleControl(text: string): void {
    const message = parseControl(text)
    // The row's scope is checked for each message like every other channel's, though today every session has it.
    if (!message || !this.#options.scopes.includes(CHANNELS.control.scope)) {
      this.#input.refuse('control')
      return
    }
    switch (message.type) {
      case 'watching':
        this.#isWatched = message.watching
        this.#updateStream()
        break
      case 'select-display':
        if (!this.#displays.choose(message.displayId)) return
        this.#showSelected()
        break
      case 'picture-settings':
        this.#settings = message
        this.#engine?.setSettings(message)
        return
      case 'video-answer':
        this.#peer.handleVideoAnswer(message.sdp)
        return
      case 'ping':
        this.#sendControl({ type: 'pong', sequence: message.sequence })
        return
      case 'end':
        this.#end('operator-ended')
        break
      default:
        assertNever(message)
    }
  }

  #handleDisplays(displays: Parameters<DisplayList['replace']>[0]): void {
    this.#displays.replace(displays)
    if (!this.#displays.selected) this.#setScreen('unavailable', 'No display is connected to this computer.')
    this.#showSelected()
  }

  #showSelected(): void {
    const bounds = this.#displays.selected?.bounds
    this.#announceDisplays()
    this.#input.setBounds(bounds)
    this.#cursor.setBounds(bounds)
    this.#updateStream()
  }

  #handleScreenFailed(thrown: unknown): void {
    this.#setFailure(thrown instanceof PlatformError ? thrown.code : undefined)
    this.#setScreen('unavailable', screenProblem(thrown))
  }

  #setFailure(code: PlatformErrorCode | undefined): void {
    this.#failure = code
    this.#report.wake()
  }

  #handleCaptureFailed(thrown: unknown, signal: AbortSignal): void {
    this.#handleScreenFailed(thrown)
    const message = `capture failed: ${String(thrown)}`.slice(0, 500)
    this.#options.send({ type: 'log', level: 'warn', message })
    // The desktop is still there, so its display may be too.
    const cancel = this.#options.clock.setTimer(() => this.#updateStream(), CAPTURE_AGAIN_MS)
    signal.addEventListener('abort', cancel, { once: true })
  }

  #updateStream(): void {
    const isShown = this.#isConnected && this.#hasTiles && this.#isWatched && !this.#isPaused && !this.#isClosed
    this.#engine?.run(isShown ? this.#displays.selected : undefined)
    this.#cursor.setShown(isShown)
    this.#sleep.watch(isShown ? this.#desktop : undefined)
    if (!isShown && this.#engineMode !== 'tiles') this.#handleMode('tiles')
  }

  #engineFacts(): EngineFacts {
    const isMotion = this.#engineMode === 'motion'
    const bytesPerSecond = this.#tiles.bytesPerSecond
    const tilesKbps = bytesPerSecond === undefined ? undefined : (bytesPerSecond * 8) / 1000
    return {
      failure: this.#failure,
      isAsleep: this.#sleep.isAsleep,
      isMotion,
      codec: this.#video.codec,
      videoIntervalMs: this.#video.intervalMs,
      undrawnMs: this.#tiles.oldestAgeMs,
      linkKbps: isMotion ? this.#video.targetKbps : tilesKbps,
      isWaiting: this.#tiles.bodyBudgetBytes === 0,
      maxKbps: limitsOf(this.#settings).maxKbps,
    }
  }

  #announceDisplays(): void {
    const message = this.#displays.toMessage()
    if (message) this.#sendControl(message)
  }

  #setScreen(state: 'live' | 'unavailable', message: string): void {
    const before = this.#screenState
    const next: AgentControl = { type: 'screen', state, message: message.slice(0, 300) }
    if (before?.type === 'screen' && before.state === state && before.message === next.message) return
    this.#screenState = next
    this.#sendControl(next)
  }

  #sendControl(message: AgentControl): boolean {
    return this.#peer.send('control', JSON.stringify(message))
  }

  #end(reason: EndReason): void {
    if (!this.#isClosed) this.#options.onEnded(reason)
  }

  async #farewell(): Promise<void> {
    // libwebrtc's addon never says that a buffer ran empty, so it is asked. Closing at once would drop what is in flight.
    for (let waitedMs = 0; waitedMs < FAREWELL_MS; waitedMs += FAREWELL_STEP_MS) {
      await new Promise<void>(resolve => this.#options.clock.setTimer(resolve, FAREWELL_STEP_MS))
      if (this.#peer.unsentControlBytes === 0 && waitedMs >= FAREWELL_STEP_MS * 4) return
    }
  }
}

const threadCpuMs = (): number => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

/** For people; what isn't meant for them stays in the log. */
const screenProblem = (thrown: unknown): string =>
  thrown instanceof PlatformError ? thrown.message : 'The screen of this computer can’t be shown right now.'

function parseControl(text: string): OperatorControl | undefined {
  try {
    return operatorControlSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
