import { CHANNELS, type ChannelLabel } from '#protocol/peer/channels.ts'
import type { ChatMessage } from '#protocol/peer/chat.ts'
import type { AgentControl, ViewRequest } from '#protocol/peer/control.ts'
import type { IcePaths } from '#protocol/peer/ice-paths.ts'
import type { EndReason } from '#protocol/session/reasons.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import type { Signal } from '#protocol/wire/signal.ts'
import type { Clock } from '../links/clock.ts'
import { HOST_ACTIVITY_INTERVAL_MS, type HostToService, type KeepOut } from '../links/host-link.ts'
import type { Desktop, PlatformErrorCode } from '../platform/platform.ts'
import { ChatGate } from './chat/chat-gate.ts'
import { type ControlHandlers, dispatchControl } from './control-messages.ts'
import { untilLastWordsLeft } from './farewell.ts'
import { InputRouter } from './input/input-router.ts'
import { forbiddenChannelKind } from './peer/forbidden-channel.ts'
import { openPeer, type Peer, type PeerHandlers } from './peer/peer.ts'
import { VideoLink } from './peer/video-link.ts'
import { ShownScreen } from './shown-screen.ts'

/** As much as a line of the log may have. */
const LOG_MAX = 500

export interface LiveSessionOptions {
  readonly scopes: readonly Scope[]
  readonly clock: Clock
  /** Shared by all connections of the session. */
  readonly paths: IcePaths
  readonly send: (message: HostToService) => void
  /** Something of the picture went out, or may have changed. Called for every frame. */
  readonly onActivity?: () => void
  readonly onEnded: (reason: EndReason) => void
  /** What is shown first, if it is there; the primary display otherwise. */
  readonly displayId?: string
  /** The operator wants another picture of the session, or something of one. Left out of what is such a picture itself. */
  readonly onViewRequest?: (request: ViewRequest) => void
  /** One message for the tools, which outlive a connection. Left out of what is only a picture. */
  readonly onToolsMessage?: (message: Uint8Array) => void
}

/** One connection of an operator's to one desktop, from the offer to the end. The desktop may come, go and come again meanwhile. */
export class LiveSession {
  readonly #options: LiveSessionOptions
  /** What the person allows now. */
  #scopes: readonly Scope[]
  readonly #peer: Peer
  readonly #video: VideoLink
  readonly #input: InputRouter
  readonly #screen: ShownScreen
  readonly #chat: ChatGate
  readonly #control: ControlHandlers
  #isKeyboardPersons = false
  #isClosed = false
  #activeAtMs = Number.NEGATIVE_INFINITY

  constructor(options: LiveSessionOptions) {
    this.#options = options
    const { send, clock, paths } = options
    this.#scopes = options.scopes
    this.#input = new InputRouter({
      isAllowed: scope => this.#scopes.includes(scope),
      onHeldChanged: held => send({ type: 'held', held }),
      onDropped: (kind, why) => send({ type: 'input-dropped', kind, why }),
      onPointerMoved: position => this.#screen.handleOwnMove(position),
    })
    this.#peer = openPeer(this.#peerHandlers(), clock, paths.next())
    const sendOffer = (sdp: string) => this.sendControl({ type: 'video-offer', sdp })
    this.#video = new VideoLink({ clock, paths, sendOffer })
    this.#screen = new ShownScreen({
      clock,
      displayId: options.displayId,
      peer: this.#peer,
      video: this.#video,
      onActivity: () => options.onActivity?.(),
      send: message => this.sendControl(message),
      log: message => send({ type: 'log', level: 'warn', message: message.slice(0, LOG_MAX) }),
      onBounds: bounds => this.#input.setBounds(bounds),
    })
    this.#chat = new ChatGate({
      clock,
      onMessage: chat => send({ type: 'chat', chat }),
      onRefused: () => this.#input.refuse('chat'),
    })
    this.#control = this.#controlHandlers()
  }

  /** The channel of the tools: see `Peer`. */
  get toolsChannel(): Pick<Peer, 'sendTools' | 'unsentToolsBytes'> {
    return this.#peer
  }

  handleSignal(signal: Signal): void {
    this.#peer.handleSignal(signal)
  }

  trustPeer(): void {
    this.#peer.trust()
    this.#options.send({ type: 'peer-trusted' })
  }

  /** A desktop is there: show it and let input reach it. */
  attachDesktop(desktop: Desktop): void {
    if (this.#isClosed) return
    this.#screen.detach()
    // What still waits was meant for the desktop before.
    this.#input.attach(undefined)
    this.#input.attach(desktop.input)
    this.#screen.attach(desktop)
  }

  /** The desktop is gone; `message` tells people why. */
  desktopLost(message: string, code: PlatformErrorCode | undefined): void {
    this.#screen.detach()
    this.#input.attach(undefined)
    this.#screen.lose(message, code)
  }

  /** From the next message on. What is held down by a right that is gone comes up. */
  setScopes(scopes: readonly Scope[]): void {
    this.#scopes = scopes
    if (!scopes.includes(CHANNELS.input.scope)) void this.#input.release()
  }

  setKeepOut(keepOut: KeepOut): void {
    this.#input.setKeepOut(keepOut)
    if (keepOut.hasKeyboard === this.#isKeyboardPersons) return
    this.#isKeyboardPersons = keepOut.hasKeyboard
    this.#tellKeyboard()
  }

  async setPaused(paused: boolean): Promise<void> {
    this.#screen.setPaused(paused)
    await this.#input.setHeld('paused', paused)
  }

  /** The relay doesn't say any more that the operator may be here, or says it again: no input meanwhile. */
  async setFrozen(frozen: boolean): Promise<void> {
    this.sendControl({ type: 'lease', state: frozen ? 'frozen' : 'live' })
    await this.#input.setHeld('frozen', frozen)
  }

  /** Mouse and keyboard are this operator's, or another's. */
  async setTurn(hasTurn: boolean): Promise<void> {
    await this.#input.setHeld('turn', !hasTurn)
  }

  /** A question stands before the person, who alone may answer it. */
  async setAsking(isAsking: boolean): Promise<void> {
    await this.#input.setHeld('asking', isAsking)
  }

  /** Stops everything, says goodbye on `control` where there is a reason, and resolves once the connection is closed. Idempotent. */
  async close(reason: EndReason | null): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#screen.close()
    this.#video.close()
    // Input keeps its desktop, so that what is held can still be lifted.
    await this.#input.release().catch(() => undefined)
    const isTold = reason !== null && this.sendControl({ type: 'ended', reason })
    if (isTold) await untilLastWordsLeft(this.#options.clock, () => this.#peer.unsentControlBytes)
    this.#peer.close()
  }

  #peerHandlers(): PeerHandlers {
    const { send } = this.#options
    return {
      onSignal: signal => send({ type: 'signal', signal }),
      onFingerprints: fingerprints => send({ type: 'fingerprints', fingerprints }),
      onConnected: proofMs => {
        send({ type: 'peer-connected', proofMs })
        this.#screen.handleConnected()
        if (this.#isKeyboardPersons) this.#tellKeyboard()
      },
      onInterrupted: giveUpInMs => {
        void this.#input.release()
        send({ type: 'link-interrupted', giveUpInMs })
      },
      onRestored: () => send({ type: 'link-restored' }),
      onMessage: (label, text) => this.#handleMessage(label, text),
      onTilesMessage: message => this.#handleTilesMessage(message),
      onToolsMessage: message => {
        this.#noteActivity()
        if (this.#options.onToolsMessage) this.#options.onToolsMessage(message)
        else this.#input.refuse('tools')
      },
      onRefused: label => this.#input.refuse(label),
      onForbiddenChannel: label => this.#input.refuse(forbiddenChannelKind(label)),
      onChannelOpen: label => this.#screen.handleChannelOpen(label),
      onChannelClosed: label => label === 'input' && void this.#input.release(),
      onClosed: reason => this.#end(reason),
    }
  }

  #controlHandlers(): ControlHandlers {
    const { send } = this.#options
    return {
      onWatching: (isWatched, knowsStencils) => this.#screen.setWatched(isWatched, knowsStencils),
      onDisplayChosen: displayId => {
        this.#noteActivity()
        this.#screen.chooseDisplay(displayId)
      },
      onPictureSettings: settings => this.#screen.setSettings(settings),
      onVideoAnswer: sdp => this.#video.handleAnswer(sdp),
      onViewRequest: request => {
        if (this.#options.onViewRequest) this.#options.onViewRequest(request)
        else this.#input.refuse('control')
      },
      onTurnWished: wish => send({ type: 'turn-wished', wish }),
      onPing: sequence => this.sendControl({ type: 'pong', sequence }),
      onEnd: () => this.#end('operator-ended'),
      onRefused: () => this.#input.refuse('control'),
    }
  }

  #tellKeyboard(): void {
    this.sendControl({ type: 'keyboard', isPersons: this.#isKeyboardPersons })
  }

  /** What programs say by themselves (pings, acknowledgements, answers) is not what a person does. */
  #noteActivity(): void {
    const nowMs = this.#options.clock.monotonicMs()
    if (nowMs - this.#activeAtMs < HOST_ACTIVITY_INTERVAL_MS) return
    this.#activeAtMs = nowMs
    this.#options.send({ type: 'activity' })
  }

  #handleMessage(label: ChannelLabel, text: string): void {
    if (label !== 'control') this.#noteActivity()
    if (label === 'input') this.#input.handle(text)
    else if (label === 'control') dispatchControl(text, this.#scopes, this.#control)
    else if (label === 'chat') this.#handleChat(text)
  }

  #handleChat(text: string): void {
    if (this.#scopes.includes(CHANNELS.chat.scope)) this.#chat.handle(text)
    else this.#input.refuse('chat')
  }

  // The row's scope is checked for each message like every other channel's.
  #handleTilesMessage(message: Uint8Array): void {
    const isAllowed = this.#scopes.includes(CHANNELS.tiles.scope)
    if (!isAllowed || !this.#screen.handleTilesMessage(message)) this.#input.refuse('tiles')
  }

  /** What the person wrote, or their answer to what the operator did. Lost while the link is: whoever wrote it isn't told that it arrived. */
  sendChat(message: ChatMessage): void {
    this.#peer.send('chat', JSON.stringify(message))
  }

  /** Returns false while nobody can be told. */
  sendControl(message: AgentControl): boolean {
    return this.#peer.send('control', JSON.stringify(message))
  }

  #end(reason: EndReason): void {
    if (!this.#isClosed) this.#options.onEnded(reason)
  }
}
