import SimplePeer, { type SimplePeerSignal } from 'simple-peer/simplepeer.min.js'
import { CANDIDATES_PER_SESSION } from '#protocol/limits.ts'
import { PeerCandidates } from '#protocol/peer/candidates.ts'
import type { IceConfiguration } from '#protocol/peer/ice-paths.ts'
import { type Fingerprints, fingerprintIn } from '#protocol/trust/transcript.ts'
import type { Signal } from '#protocol/wire/signal.ts'
import { Emitter } from './emitter.ts'

export interface PeerAdapterEvents {
  /** For the other peer. */
  signal: Signal
  channel: RTCDataChannel
  /** Both descriptions are applied. */
  fingerprints: Fingerprints
  /** Whether packets flow. Down and up again may alternate; `closed` is final. */
  link: 'up' | 'down'
  /** Once, whoever closed it. `error` is for the log. */
  closed: { error: Error | null }
}

/**
 * The answering end of one WebRTC connection, and the only file that reaches into simple-peer's `_pc`.
 * Everything is safe after close and then does nothing.
 */
export class PeerAdapter {
  readonly events = new Emitter<PeerAdapterEvents>()
  readonly #peer: SimplePeer
  // simple-peer forgets its connection when it is destroyed, which it may do by itself.
  readonly #connection: RTCPeerConnection
  readonly #candidates = new PeerCandidates()
  /** Not dialled, as far as is known now. */
  readonly #left: Signal[] = []
  #isClosed = false

  constructor(config: IceConfiguration) {
    // Without an own list simple-peer asks two public STUN servers, which nobody agreed to.
    this.#peer = new SimplePeer({ initiator: false, trickle: true, config })
    this.#peer.on('signal', data => this.#handleOutgoing(data))
    this.#peer.on('error', error => this.#finish(error))
    this.#peer.on('close', () => this.#finish(null))
    const connection = this.#peer._pc
    this.#connection = connection
    // simple-peer knows one data channel; the labels are ours to route.
    connection.ondatachannel = event => this.events.emit('channel', event.channel)
    connection.addEventListener('signalingstatechange', () => this.#handleSignalingState())
    connection.addEventListener('connectionstatechange', () => this.#handleConnectionState())
  }

  handleSignal(signal: Signal): void {
    const data = this.#toSimplePeer(signal)
    if (!data || this.#isClosed) return
    // Before it is applied: DTLS would begin anew with the other certificate, beneath the trust in the first.
    if (signal.kind === 'offer' && !this.#isSameCertificate(signal.sdp))
      this.#finish(new Error('The certificate changed within a connection.'))
    else this.#peer.signal(data)
  }

  /** Which of the device's addresses another connection dials. */
  candidates(): PeerCandidates {
    return this.#candidates.another()
  }

  async stats(): Promise<RTCStatsReport | undefined> {
    return this.#isClosed ? undefined : this.#connection.getStats()
  }

  close(): void {
    this.#finish(null)
  }

  #handleOutgoing(data: SimplePeerSignal): void {
    const signal = fromSimplePeer(data)
    const takesMore = signal?.kind === 'candidate' && this.#candidates.noteOwn(signal.candidate)
    for (const left of takesMore ? this.#left.splice(0) : []) this.handleSignal(left)
    if (signal && !this.#isClosed) this.events.emit('signal', signal)
  }

  #toSimplePeer(signal: Signal): SimplePeerSignal | undefined {
    if (signal.kind === 'transcript' || signal.kind === 'again') return undefined
    if (signal.kind !== 'candidate') return { type: signal.kind, sdp: this.#candidates.within(signal.sdp) }
    const { candidate, sdpMid, sdpMLineIndex } = signal
    if (this.#candidates.takes(candidate)) return { type: 'candidate', candidate: { candidate, sdpMid, sdpMLineIndex } }
    if (this.#left.length < CANDIDATES_PER_SESSION) this.#left.push(signal)
    return undefined
  }

  #isSameCertificate(offer: string): boolean {
    const first = this.#connection.remoteDescription
    try {
      // As it came: a browser that reads one of several lines shows only that one afterwards.
      const offered = fingerprintIn(offer)
      return !first || fingerprintIn(first.sdp) === offered
    } catch {
      return false
    }
  }

  #handleSignalingState(): void {
    const { signalingState, localDescription, remoteDescription } = this.#connection
    if (this.#isClosed || signalingState !== 'stable') return
    try {
      const own = fingerprintIn(localDescription?.sdp ?? '')
      this.events.emit('fingerprints', { own, peer: fingerprintIn(remoteDescription?.sdp ?? '') })
    } catch (thrown) {
      this.#finish(thrown instanceof Error ? thrown : new Error(String(thrown)))
    }
  }

  #handleConnectionState(): void {
    const state = this.#connection.connectionState
    if (state === 'connected') this.events.emit('link', 'up')
    if (state === 'disconnected') this.events.emit('link', 'down')
  }

  #finish(error: Error | null): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#connection.ondatachannel = null
    this.#peer.destroy()
    // simple-peer closes a moment later, which is too late for a page that goes.
    this.#connection.close()
    this.events.emit('closed', { error })
    this.events.clear()
  }
}

function fromSimplePeer(data: SimplePeerSignal): Signal | undefined {
  if ('candidate' in data) {
    const { candidate, sdpMid, sdpMLineIndex } = data.candidate
    return {
      kind: 'candidate',
      candidate: candidate ?? '',
      sdpMid: sdpMid ?? null,
      sdpMLineIndex: sdpMLineIndex ?? null,
    }
  }
  if ('sdp' in data && data.sdp && data.type === 'answer') return { kind: 'answer', sdp: data.sdp }
  // Requests to negotiate again: the agent decides what its peer carries.
  return undefined
}
