import { assertNever } from '#protocol/assert-never.ts'
import { type ChannelLabel, isChannelLabel } from '#protocol/peer/channels.ts'
import { type ChatMessage, chatMessageSchema } from '#protocol/peer/chat.ts'
import { type AgentControl, agentControlSchema, type OperatorControl } from '#protocol/peer/control.ts'
import { type CursorMessage, cursorMessageSchema } from '#protocol/peer/cursor.ts'
import { IcePaths } from '#protocol/peer/ice-paths.ts'
import type { InputMessage } from '#protocol/peer/input.ts'
import type { Fingerprints } from '#protocol/trust/transcript.ts'
import type { Signal } from '#protocol/wire/signal.ts'
import { Emitter } from './emitter.ts'
import type { StatsEntry } from './figures.ts'
import { parseMessage, sendMessage } from './json-channel.ts'
import { PeerAdapter } from './peer-adapter.ts'
import { VideoConnection } from './video-connection.ts'

export interface PeerSessionEvents {
  signal: Signal
  /** For main, which signs them. */
  fingerprints: Fingerprints
  track: MediaStreamTrack
  control: AgentControl
  cursor: CursorMessage
  /** What the person wrote, or did with what was written to them. */
  chat: ChatMessage
  /** The channel of the lossless picture. Whoever hears this takes it over at once: it can move to a worker only before anybody listens to it. */
  tiles: RTCDataChannel
  /** The channel of shell, processes and services. */
  tools: RTCDataChannel
  link: 'up' | 'down'
  /** A channel is open: messages may be sent on it. */
  open: ChannelLabel
  closed: { error: Error | null }
}

/** A session's connection as the rest of the window sees it. */
export type Peer = Pick<
  PeerSession,
  'events' | 'handleSignal' | 'trust' | 'sendControl' | 'sendInput' | 'sendChat' | 'stats' | 'close'
>

/** More than this waiting in the input channel means that the link stalls: an old pointer position is then worth nothing. */
const INPUT_BACKLOG_BYTES = 16 * 1024

/** What the device's WebRTC hears in the moment in which a channel opens it has been seen to lose: the word that it waits for is said again until it answers. */
const VERIFIED_AGAIN_MS = 1_000
const VERIFIED_TIMES_MAX = 8

/** One connection to a device, in messages instead of bytes. Hears every signal of its session; safe and silent after close. */
export class PeerSession {
  readonly events = new Emitter<PeerSessionEvents>()
  readonly #adapter: PeerAdapter
  readonly #channels = new Map<ChannelLabel, RTCDataChannel>()
  #isTrusted = false
  #isReady = false
  readonly #opened = new Set<ChannelLabel>()
  readonly #video: VideoConnection
  #saying: ReturnType<typeof setInterval> | undefined

  constructor(paths = new IcePaths(), adapter: PeerAdapter = new PeerAdapter(paths.next())) {
    this.#adapter = adapter
    this.#video = new VideoConnection({
      paths,
      candidates: () => adapter.candidates(),
      onTrack: track => this.events.emit('track', track),
      onAnswer: sdp => this.sendControl({ type: 'video-answer', sdp }),
    })
    adapter.events.on('signal', signal => this.events.emit('signal', signal))
    adapter.events.on('fingerprints', fingerprints => this.events.emit('fingerprints', fingerprints))
    adapter.events.on('link', link => this.events.emit('link', link))
    adapter.events.on('channel', channel => this.#handleChannel(channel))
    adapter.events.on('closed', closed => {
      clearInterval(this.#saying)
      this.#channels.clear()
      this.#video.close()
      this.events.emit('closed', closed)
      this.events.clear()
    })
  }

  handleSignal(signal: Signal): void {
    this.#adapter.handleSignal(signal)
  }

  /** The device is proven. Until then nothing that comes from it is read, and nothing is sent to it. */
  trust(): void {
    this.#isTrusted = true
    this.#becomeReady()
  }

  /** Whether it was sent; false before the device is proven and the channel open, and after close. */
  sendControl(message: OperatorControl): boolean {
    return this.#isReady && sendMessage(this.#channels.get('control'), message)
  }

  /** Whether it was sent. Pointer movements are left out while the link stalls; nothing else ever is. */
  sendInput(message: InputMessage): boolean {
    const channel = this.#channels.get('input')
    if (message.type === 'pointer-move' && (channel?.bufferedAmount ?? 0) > INPUT_BACKLOG_BYTES) return false
    return this.#isReady && sendMessage(channel, message)
  }

  /** Whether it was sent; only its answer says that it arrived. */
  sendChat(message: ChatMessage): boolean {
    return this.#isReady && sendMessage(this.#channels.get('chat'), message)
  }

  /** What the browser says of both connections, the session's own first; undefined after close. */
  async stats(): Promise<StatsEntry[] | undefined> {
    const [own, video] = await Promise.all([this.#adapter.stats(), this.#video.stats()])
    return own && [...entriesOf(own), ...(video ? entriesOf(video) : [])]
  }

  close(): void {
    this.#adapter.close()
  }

  #handleChannel(channel: RTCDataChannel): void {
    const label = channel.label
    if (!isChannelLabel(label) || this.#channels.has(label)) {
      channel.close()
      return
    }
    this.#channels.set(label, channel)
    if (label === 'tools') {
      // An honest device says nothing on it before it is trusted, and whoever takes it may speak at once.
      if (this.#isReady) this.events.emit('tools', channel)
      return
    }
    if (label === 'tiles') {
      this.events.emit('tiles', channel)
      return
    }
    channel.binaryType = 'arraybuffer'
    channel.onmessage = event => this.#handleMessage(label, event.data)
    const open = () => this.#handleOpen(label)
    if (channel.readyState === 'open') open()
    else channel.onopen = open
  }

  #handleOpen(label: ChannelLabel): void {
    this.#opened.add(label)
    if (this.#isReady) this.events.emit('open', label)
    else this.#becomeReady()
  }

  #becomeReady(): void {
    if (this.#isReady || !this.#isTrusted || !this.#opened.has('control')) return
    this.#isReady = true
    this.#sayVerified()
    const tools = this.#channels.get('tools')
    if (tools) this.events.emit('tools', tools)
    for (const label of this.#opened) this.events.emit('open', label)
  }

  #sayVerified(): void {
    let times = 0
    const say = () => {
      if (times++ < VERIFIED_TIMES_MAX) this.sendControl({ type: 'verified' })
      else clearInterval(this.#saying)
    }
    say()
    this.#saying = setInterval(say, VERIFIED_AGAIN_MS)
  }

  // A message that isn't in the protocol is dropped: the agent is no more trusted here than the operator is there.
  #handleMessage(label: Exclude<ChannelLabel, 'tiles' | 'tools'>, data: unknown): void {
    if (!this.#isReady) return
    clearInterval(this.#saying)
    switch (label) {
      case 'control': {
        const message = parseMessage(data, agentControlSchema)
        if (message?.type === 'video-offer') this.#video.handleOffer(message.sdp)
        else if (message) this.events.emit('control', message)
        return
      }
      case 'cursor': {
        const message = parseMessage(data, cursorMessageSchema)
        if (message) this.events.emit('cursor', message)
        return
      }
      case 'chat': {
        const message = parseMessage(data, chatMessageSchema)
        if (message) this.events.emit('chat', message)
        return
      }
      case 'input':
        return
      default:
        assertNever(label)
    }
  }
}

function entriesOf(report: RTCStatsReport): StatsEntry[] {
  const entries: StatsEntry[] = []
  report.forEach(entry => {
    entries.push(entry)
  })
  return entries
}
