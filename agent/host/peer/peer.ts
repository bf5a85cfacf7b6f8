import { CANDIDATES_PER_SESSION, CHANNEL_HIGH_WATER_BYTES, CHANNEL_MESSAGE_MAX_BYTES } from '#protocol/limits.ts'
import { PeerCandidates } from '#protocol/peer/candidates.ts'
import { CHANNELS, type ChannelLabel } from '#protocol/peer/channels.ts'
import type { IceConfiguration } from '#protocol/peer/ice-paths.ts'
import type { EndReason } from '#protocol/session/reasons.ts'
import { type Fingerprints, fingerprintIn } from '#protocol/trust/transcript.ts'
import type { Signal } from '#protocol/wire/signal.ts'
import type { Clock } from '../../links/clock.ts'
import { withQuietTimers } from '../quiet-timers.ts'
import { LinkWatch } from './link-watch.ts'
import {
  type DataChannel,
  type PeerConnection,
  type PeerSignal,
  type SimplePeer,
  SimplePeerClass,
  type SimplePeerOptions,
  wrtc,
} from './native.ts'
import { closeListeners } from './no-listeners.ts'
import { TrustGate } from './trust-gate.ts'
import { wrtcConfiguration } from './wrtc-configuration.ts'

export interface PeerHandlers {
  onSignal(signal: Signal): void
  /** Both descriptions are applied: what DTLS takes, and nothing else. Null where that isn't one certificate each. */
  onFingerprints(fingerprints: Fingerprints | null): void
  /** Connected, and each end trusts the other; that took `proofMs` after the connection. */
  onConnected(proofMs: number): void
  onInterrupted(giveUpInMs: number): void
  onRestored(): void
  /** A text message of at most 16 KiB. Larger ones, and binary ones on another channel than `tiles`, are reported to `onRefused` instead. */
  onMessage(label: ChannelLabel, text: string): void
  /** A message on `tiles`. */
  onTilesMessage(message: Uint8Array): void
  /** A message on `tools`. */
  onToolsMessage(message: Uint8Array): void
  onRefused(label: ChannelLabel): void
  /** The operator's side opened a channel of its own, which is closed. The label is theirs. */
  onForbiddenChannel(label: string): void
  onChannelOpen(label: ChannelLabel): void
  /** A channel that the operator writes to is gone: what it held down must come up. */
  onChannelClosed(label: ChannelLabel): void
  /** The peer is gone for good; nothing is called after this. Not called for one's own `close`. */
  onClosed(reason: Extract<EndReason, 'link-lost'>): void
}

/** One WebRTC connection to an operator, of which this side is the initiator. The only file that reaches below simple-peer. */
export interface Peer {
  handleSignal(signal: Signal): void
  /** The other end is proven. Until then what it sends is refused unread, and nothing is sent. */
  trust(): void
  /** Returns false when the channel isn't open or has 1 MiB waiting already. */
  send(label: ChannelLabel, text: string): boolean
  /** Returns false when the channel isn't open. How much waits there is the caller's to know; `message` must be all of its buffer. */
  sendTiles(message: Uint8Array): boolean
  /** As `sendTiles`. */
  sendTools(message: Uint8Array): boolean
  /** Bytes that wait on `tools`. To ask is dear. */
  readonly unsentToolsBytes: number
  /** Bytes that wait on `control`. */
  readonly unsentControlBytes: number
  /** Idempotent. */
  close(): void
}

export function openPeer(handlers: PeerHandlers, clock: Clock, ice: IceConfiguration): Peer {
  const options: SimplePeerOptions = {
    initiator: true,
    wrtc,
    // simple-peer always makes one channel and calls itself connected when that one is: it is `control`.
    channelName: 'control' satisfies ChannelLabel,
    channelConfig: { ordered: CHANNELS.control.ordered },
    // In the place of simple-peer's public STUN servers: nobody else may learn that this session takes place.
    config: wrtcConfiguration(ice),
    // Keeps message boundaries; a byte stream would join two messages that arrive together.
    objectMode: true,
  }
  // The first connection of a process starts libwebrtc's threads.
  const peer = withQuietTimers(() => new SimplePeerClass(options))
  return new WrtcPeer(peer, handlers, clock, ice)
}

class WrtcPeer implements Peer {
  readonly #peer: SimplePeer
  readonly #handlers: PeerHandlers
  readonly #clock: Clock
  /** Kept here because to ask a channel for its state stops this thread until libwebrtc's has answered, for every frame. */
  readonly #openChannels = new Map<ChannelLabel, DataChannel>()
  readonly #ice: IceConfiguration
  #isClosed = false
  readonly #gate: TrustGate
  readonly #candidates = new PeerCandidates()
  /** Not dialled, as far as is known now. */
  readonly #left: Extract<Signal, { kind: 'candidate' }>[] = []
  readonly #link: LinkWatch

  constructor(peer: SimplePeer, handlers: PeerHandlers, clock: Clock, ice: IceConfiguration) {
    this.#peer = peer
    this.#ice = ice
    this.#handlers = handlers
    this.#clock = clock
    this.#gate = this.#openGate()
    this.#link = new LinkWatch(clock, {
      onInterrupted: giveUpInMs => handlers.onInterrupted(giveUpInMs),
      onRestored: () => handlers.onRestored(),
      onLost: () => this.#lost(),
    })
    this.#listen()
    this.#openChannel('input')
    this.#openChannel('tiles')
    this.#openChannel('tools')
    this.#openChannel('chat')
    this.#openChannel('cursor')
  }

  get unsentControlBytes(): number {
    return this.#peer.destroyed ? 0 : this.#peer.bufferSize
  }

  handleSignal(signal: Signal): void {
    if (this.#isClosed) return
    if (signal.kind === 'answer') {
      if (!this.#gate.isReady) this.#takeAnswer(signal.sdp)
    } else if (signal.kind === 'candidate') this.#takeCandidate(signal)
    // An offer from the operator is no part of this protocol: the agent is the one who offers.
  }

  #takeCandidate(signal: Extract<Signal, { kind: 'candidate' }>): void {
    const { candidate, sdpMid, sdpMLineIndex } = signal
    if (this.#candidates.takes(candidate))
      this.#peer.signal({ type: 'candidate', candidate: { candidate, sdpMid, sdpMLineIndex } })
    else if (this.#left.length < CANDIDATES_PER_SESSION) this.#left.push(signal)
  }

  #takeAnswer(sdp: string): void {
    // As it came: libwebrtc reads one of several lines and shows only that one afterwards.
    if (isSingle(sdp)) this.#peer.signal({ type: 'answer', sdp: this.#candidates.within(sdp) })
    else this.#handlers.onFingerprints(null)
  }

  trust(): void {
    this.#gate.trust()
  }

  send(label: ChannelLabel, text: string): boolean {
    if (this.#isClosed || !this.#gate.isReady) return false
    if (label === 'control') {
      return !this.#peer.destroyed && this.#peer.bufferSize <= CHANNEL_HIGH_WATER_BYTES && trySend(this.#peer, text)
    }
    const channel = this.#openChannels.get(label)
    if (!channel || channel.bufferedAmount > CHANNEL_HIGH_WATER_BYTES) return false
    return trySend(channel, text)
  }

  sendTiles(message: Uint8Array): boolean {
    return this.#sendBinary('tiles', message)
  }

  sendTools(message: Uint8Array): boolean {
    return this.#sendBinary('tools', message)
  }

  get unsentToolsBytes(): number {
    return this.#isClosed ? 0 : (this.#openChannels.get('tools')?.bufferedAmount ?? 0)
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#link.close()
    this.#peer.destroy()
  }

  #sendBinary(label: ChannelLabel, message: Uint8Array): boolean {
    const channel = this.#openChannels.get(label)
    return !this.#isClosed && this.#gate.isReady && channel !== undefined && trySend(channel, message)
  }

  #listen(): void {
    const peer = this.#peer
    peer.on('signal', signal => this.#emitSignal(signal))
    peer.on('connect', () => this.#gate.handleOpen('control'))
    peer.on('data', data => this.#gate.handleMessage('control', data))
    peer.on('signalingStateChange', state => state === 'stable' && this.#tellFingerprints())
    // `close` follows every `error` and says all that this side acts on.
    peer.on('error', () => undefined)
    peer.on('close', () => this.#lost())
    let hasGathered = false
    peer.on('iceStateChange', (state, gathering) => {
      // Once for each time: it comes with every other change of state as well.
      if (gathering === 'complete' && !hasGathered) closeListeners(this.#ice)
      hasGathered = gathering === 'complete'
      this.#handleIceState(state)
    })
    const connection = peer._pc
    if (connection) {
      // The agent opens every channel; one that the operator opens has no row in the table.
      connection.ondatachannel = ({ channel }) => {
        const { label } = channel
        channel.close()
        if (!this.#isClosed) this.#handlers.onForbiddenChannel(label)
      }
    }
  }

  #openGate(): TrustGate {
    const handlers = this.#handlers
    return new TrustGate({
      labels: ['control', 'input', 'tiles', 'tools', 'cursor'],
      nowMs: () => this.#clock.monotonicMs(),
      onReady: proofMs => !this.#isClosed && handlers.onConnected(proofMs),
      onOpen: label => !this.#isClosed && handlers.onChannelOpen(label),
      onMessage: (label, data) => this.#receive(label, data),
      onRefused: label => !this.#isClosed && handlers.onRefused(label),
    })
  }

  #tellFingerprints(): void {
    const connection = this.#peer._pc
    if (this.#isClosed || !connection) return
    this.#handlers.onFingerprints(fingerprintsOf(connection))
  }

  #openChannel(label: ChannelLabel): void {
    const channel = this.#peer._pc?.createDataChannel(label, { ordered: CHANNELS[label].ordered })
    if (!channel) return
    channel.binaryType = 'arraybuffer'
    channel.onopen = () => {
      this.#openChannels.set(label, channel)
      this.#gate.handleOpen(label)
    }
    channel.onclose = () => {
      this.#openChannels.delete(label)
      if (!this.#isClosed) this.#handlers.onChannelClosed(label)
    }
    channel.onmessage = event => this.#gate.handleMessage(label, event.data)
  }

  #receive(label: ChannelLabel, data: unknown): void {
    if (this.#isClosed) return
    if (label === 'tiles' && data instanceof ArrayBuffer) {
      this.#handlers.onTilesMessage(new Uint8Array(data))
      return
    }
    if (label === 'tools' && data instanceof ArrayBuffer) {
      this.#handlers.onToolsMessage(new Uint8Array(data))
      return
    }
    const isAcceptable = typeof data === 'string' && Buffer.byteLength(data) <= CHANNEL_MESSAGE_MAX_BYTES
    if (!isAcceptable || CHANNELS[label].from === 'agent' || label === 'tiles' || label === 'tools')
      this.#handlers.onRefused(label)
    else this.#handlers.onMessage(label, data)
  }

  #emitSignal(signal: PeerSignal): void {
    if (this.#isClosed) return
    if (signal.type === 'offer') this.#handlers.onSignal({ kind: 'offer', sdp: signal.sdp })
    else if (signal.type === 'candidate') {
      const takesMore = this.#candidates.noteOwn(signal.candidate.candidate)
      for (const left of takesMore ? this.#left.splice(0) : []) this.#takeCandidate(left)
      this.#handlers.onSignal({ kind: 'candidate', ...signal.candidate })
    }
  }

  #handleIceState(state: string): void {
    if (this.#isClosed || !this.#gate.isReady) return
    this.#link.handleState(state)
  }

  #lost(): void {
    if (this.#isClosed) return
    this.close()
    this.#handlers.onClosed('link-lost')
  }
}

function isSingle(sdp: string): boolean {
  try {
    return fingerprintIn(sdp) !== ''
  } catch {
    return false
  }
}

function fingerprintsOf({ localDescription, remoteDescription }: PeerConnection): Fingerprints | null {
  try {
    return { own: fingerprintIn(localDescription?.sdp ?? ''), peer: fingerprintIn(remoteDescription?.sdp ?? '') }
  } catch {
    return null
  }
}

/** A channel that closes at this moment throws. */
function trySend<T extends string | Uint8Array>(channel: { send(message: T): void }, message: T): boolean {
  try {
    channel.send(message)
    return true
  } catch {
    return false
  }
}
