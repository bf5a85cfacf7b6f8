import type { PeerCandidates } from '#protocol/peer/candidates.ts'
import type { IcePaths } from '#protocol/peer/ice-paths.ts'

export interface VideoConnectionOptions {
  readonly paths: IcePaths
  readonly onTrack: (track: MediaStreamTrack) => void
  readonly candidates: () => PeerCandidates
  /** For the device. */
  readonly onAnswer: (sdp: string) => void
}

/** Another offer isn't answered sooner, so that a device can't keep the window busy with them. */
const OFFER_INTERVAL_MS = 500

/** The connection on which the device sends video while much moves. It comes and goes within a session; what the device offers last takes the place of what was. */
export class VideoConnection {
  readonly #options: VideoConnectionOptions
  #connection: RTCPeerConnection | undefined
  #offeredAtMs = Number.NEGATIVE_INFINITY
  #isClosed = false

  constructor(options: VideoConnectionOptions) {
    this.#options = options
  }

  /** `sdp` has all candidates of the device. What can't be answered is left: the device then shows the picture without video. */
  handleOffer(sdp: string): void {
    const nowMs = performance.now()
    if (this.#isClosed || nowMs - this.#offeredAtMs < OFFER_INTERVAL_MS) return
    this.#offeredAtMs = nowMs
    this.#connection?.close()
    const connection = new RTCPeerConnection(this.#options.paths.next())
    this.#connection = connection
    connection.ontrack = event => this.#handleTrack(event)
    // The device carries all else on the session's own connection.
    connection.ondatachannel = event => event.channel.close()
    this.#answer(connection, sdp).catch(() => connection.close())
  }

  async stats(): Promise<RTCStatsReport | undefined> {
    const connection = this.#connection
    return connection && connection.connectionState !== 'closed' ? connection.getStats() : undefined
  }

  /** Idempotent, and for good. */
  close(): void {
    this.#isClosed = true
    this.#connection?.close()
    this.#connection = undefined
  }

  async #answer(connection: RTCPeerConnection, sdp: string): Promise<void> {
    await connection.setRemoteDescription({ type: 'offer', sdp: this.#options.candidates().within(sdp) })
    await connection.setLocalDescription(await connection.createAnswer())
    await untilGathered(connection)
    const answer = connection.localDescription?.sdp
    if (answer !== undefined && connection === this.#connection) this.#options.onAnswer(answer)
  }

  #handleTrack({ track, receiver }: RTCTrackEvent): void {
    if (track.kind !== 'video') return
    // A support session wants the newest frame now, not an even flow of older ones.
    receiver.jitterBufferTarget = 0
    this.#options.onTrack(track)
  }
}

function untilGathered(connection: RTCPeerConnection): Promise<void> {
  return new Promise(resolve => {
    const check = () => {
      if (connection.iceGatheringState !== 'complete' && connection.connectionState !== 'closed') return
      connection.removeEventListener('icegatheringstatechange', check)
      resolve()
    }
    connection.addEventListener('icegatheringstatechange', check)
    check()
  })
}
