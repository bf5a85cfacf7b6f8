import { PeerCandidates } from '#protocol/peer/candidates.ts'
import type { IceConfiguration, IcePaths } from '#protocol/peer/ice-paths.ts'
import type { Clock } from '../../links/clock.ts'
import { withQuietTimers } from '../quiet-timers.ts'
import { type MediaTrack, type PeerConnection, type VideoSource, wrtc } from './native.ts'
import { closeListeners } from './no-listeners.ts'
import { type BitrateHints, preferVideoCodec, type VideoCodec, videoCodecsIn, withBitrateHints } from './sdp.ts'
import { wrtcConfiguration } from './wrtc-configuration.ts'

// libwebrtc starts at 300 kbit/s: with that the first 1080p picture on loopback took 1.3 s, with 6 Mbit/s 0.42 s.
export const BITRATE_HINTS: BitrateHints = { startKbps: 6_000, maxKbps: 20_000 }

/** A link on which no video came up isn't tried again sooner: tiles show everything meanwhile. */
const RETRY_AFTER_MS = 10_000
/** How long it may take from the offer to the first packet. */
const CONNECT_WITHIN_MS = 10_000

export interface EncoderStats {
  readonly framesEncoded: number
  /** Seconds. */
  readonly totalEncodeTimeS: number
  /** What the encoder may aim at; 0 while there is no estimate. */
  readonly targetKbps: number
}

export interface VideoLinkOptions {
  readonly clock: Clock
  readonly paths: IcePaths
  /** For the other side, over the connection that is there already. Returns false where it can't be told. */
  readonly sendOffer: (sdp: string) => boolean
}

/**
 * The video's own WebRTC connection, made when a motion first needs it and given back when none does any more: libwebrtc's encoder keeps some 100 MiB that
 * go only with the connection. Its description travels on the session's own channel, whose other end has proved who it is; no relay sees it.
 */
export class VideoLink {
  readonly #options: VideoLinkOptions
  #open: OpenVideo | undefined
  #codec: VideoCodec = 'VP8'
  #hints = BITRATE_HINTS
  #notBeforeMs = Number.NEGATIVE_INFINITY
  #isClosed = false

  constructor(options: VideoLinkOptions) {
    this.#options = options
  }

  /** Where frames go, once packets can; undefined before. */
  get source(): VideoSource | undefined {
    return this.#open?.isUp ? this.#open.source : undefined
  }

  /** What both sides can encode and decode; empty before the other side answered. */
  get codecs(): readonly VideoCodec[] {
    return this.#open?.answer === undefined ? [] : videoCodecsIn(this.#open.answer)
  }

  /** Asks the other side for video: most sessions never need it. Idempotent. */
  request(): void {
    const { clock, paths, sendOffer } = this.#options
    if (this.#isClosed || this.#open || clock.monotonicMs() < this.#notBeforeMs) return
    const open = new OpenVideo(clock, { codec: this.#codec, ice: paths.next(), onGone: () => this.#giveUp(open) })
    this.#open = open
    open.offer().then(
      sdp => {
        if (this.#open === open && !sendOffer(sdp)) this.#giveUp(open)
      },
      () => this.#giveUp(open),
    )
  }

  /** The other side's answer; one that nobody asked for is ignored. */
  handleAnswer(sdp: string): void {
    const open = this.#open
    open?.accept(sdp, this.#codec, this.#hints).catch(() => this.#giveUp(open))
  }

  /** What the encoder makes of the video, of this connection and later ones; takes effect with its next frames. */
  async tune(codec: VideoCodec, hints: BitrateHints): Promise<void> {
    this.#codec = codec
    this.#hints = hints
    await this.#open?.tune(codec, hints)
  }

  encoderStats(): Promise<EncoderStats | undefined> {
    return this.#open?.stats() ?? Promise.resolve(undefined)
  }

  /** Gives the encoder's memory back; the next `request` makes another connection. Idempotent. */
  release(): void {
    this.#open?.close()
    this.#open = undefined
  }

  /** Idempotent, and for good. */
  close(): void {
    this.#isClosed = true
    this.release()
  }

  #giveUp(open: OpenVideo): void {
    if (this.#open !== open) return
    this.#notBeforeMs = this.#options.clock.monotonicMs() + RETRY_AFTER_MS
    this.release()
  }
}

interface OpenVideoOptions {
  readonly codec: VideoCodec
  readonly ice: IceConfiguration
  /** It never came up, or it failed. */
  readonly onGone: () => void
}

/** One connection with one video track. */
class OpenVideo {
  readonly source: VideoSource
  answer: string | undefined
  readonly #connection: PeerConnection
  readonly #track: MediaTrack
  readonly #codec: VideoCodec
  readonly #ice: IceConfiguration
  readonly #cancelDeadline: () => void

  constructor(clock: Clock, { codec, ice, onGone }: OpenVideoOptions) {
    this.#codec = codec
    this.#ice = ice
    this.source = new wrtc.nonstandard.RTCVideoSource({ isScreencast: false })
    this.#track = this.source.createTrack()
    this.#connection = withQuietTimers(() => new wrtc.RTCPeerConnection(wrtcConfiguration(ice)))
    this.#connection.addTrack(this.#track)
    this.#cancelDeadline = clock.setTimer(() => !this.isUp && onGone(), CONNECT_WITHIN_MS)
    this.#connection.onconnectionstatechange = () => {
      if (this.#connection.connectionState === 'failed') onGone()
    }
  }

  get isUp(): boolean {
    return this.#connection.connectionState === 'connected'
  }

  /** The description with every way to this side in it: there is one message each way. */
  async offer(): Promise<string> {
    const connection = this.#connection
    const { type, sdp } = await connection.createOffer()
    const gathered = new Promise<void>(resolve => {
      connection.onicegatheringstatechange = () => {
        if (connection.iceGatheringState === 'complete') resolve()
      }
    })
    await connection.setLocalDescription({ type, sdp: preferVideoCodec(sdp, this.#codec) })
    if (connection.iceGatheringState !== 'complete') await gathered
    closeListeners(this.#ice)
    return connection.localDescription?.sdp ?? sdp
  }

  async accept(sdp: string, codec: VideoCodec, hints: BitrateHints): Promise<void> {
    if (this.answer !== undefined || this.#connection.signalingState !== 'have-local-offer') return
    const candidates = new PeerCandidates()
    candidates.noteOwn(this.#connection.localDescription?.sdp ?? '')
    this.answer = candidates.within(sdp)
    await this.#applyAnswer(codec, hints)
  }

  // The addon can't set a sender's parameters. The answer that the other side gave, with other hints and another order, to an offer that is the same as
  // before says it too, and nothing of it leaves this process: the other side takes every codec that it answered with at any time.
  async tune(codec: VideoCodec, hints: BitrateHints): Promise<void> {
    const connection = this.#connection
    if (this.answer === undefined || connection.signalingState !== 'stable') return
    await connection.setLocalDescription(await connection.createOffer())
    await this.#applyAnswer(codec, hints)
  }

  async stats(): Promise<EncoderStats | undefined> {
    const entries = [...(await this.#connection.getStats()).values()]
    const video = entries.find(({ type, kind }) => type === 'outbound-rtp' && kind === 'video')
    if (!video) return undefined
    // This libwebrtc tells no target of the encoder; the link's estimate is what the target follows.
    const link = entries.find(({ type, nominated }) => type === 'candidate-pair' && nominated === true)
    return {
      framesEncoded: numberOf(video.framesEncoded),
      totalEncodeTimeS: numberOf(video.totalEncodeTime),
      targetKbps: Math.round(numberOf(link?.availableOutgoingBitrate) / 1000),
    }
  }

  close(): void {
    this.#cancelDeadline()
    this.#connection.onconnectionstatechange = null
    this.#connection.close()
    this.#track.stop()
  }

  async #applyAnswer(codec: VideoCodec, hints: BitrateHints): Promise<void> {
    const sdp = withBitrateHints(preferVideoCodec(this.answer ?? '', codec), hints)
    await this.#connection.setRemoteDescription({ type: 'answer', sdp })
  }
}

const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0)
