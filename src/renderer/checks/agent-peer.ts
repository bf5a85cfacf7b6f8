import wrtc from '@roamhq/wrtc'
import SimplePeer from 'simple-peer'
import { CHANNELS } from '#protocol/peer/channels.ts'
import { steadyConnections } from '#protocol/peer/kept-descriptions.ts'
import { STAMP_ROWS, stampCells } from '#protocol/peer/tiles/stamp.ts'
import { COMMAND, MESSAGE_FIRST, MESSAGE_LAST, parseAck, parseSeen } from '#protocol/peer/tiles.ts'
import { OUTPUT } from '#protocol/tools/messages.ts'
import type { Signal } from '#protocol/wire/signal.ts'

/** The device's end of a connection, as the agent makes it: it opens every data channel, and offers video on a connection of its own at once. */
export interface AgentPeer {
  readonly received: { label: string; message: Record<string, unknown> }[]
  /** Resolves when a message for which `matches` holds has arrived. */
  waitFor(matches: (message: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>
  send(label: string, message: object): void
  /** On `tools`: a message, or what a terminal prints. */
  sendTools(message: object | { terminal: number; output: string }): void
  /** Numbers of the tiles frames that were acknowledged. */
  readonly acks: number[]
  /** One frame of the lossless picture in one message. */
  sendFrame(body: readonly number[]): void
  sendTileBytes(message: Uint8Array<ArrayBuffer>): void
  readonly tilesOpened: Promise<void>
  /** The grey picture, whether anybody wants it or not. */
  sendPicture(): void
  /** What the video shows from now on: a luma (16–235), the epoch of its stamp, and how much smaller than the screen it is. */
  setVideo(video: { luma: number; epoch: number; scale?: number }): void
  /** Resolves when so many more frames of the video have left. */
  sendVideoFrames(count: number): Promise<void>
  handleSignal(signal: Signal): void
  close(): void
}

interface VideoSource {
  createTrack(): MediaStreamTrack
  onFrame(frame: { width: number; height: number; data: Uint8Array }): void
}

const SteadyPeerConnection = steadyConnections(wrtc.RTCPeerConnection)

const FRAME_INTERVAL_MS = 50

/** `width` and `height` are even. The lossless picture is grey; the video has its stamp and flickers a little, so that frames keep coming. */
export function openAgentPeer(
  { width, height }: { width: number; height: number },
  onSignal: (signal: Signal) => void,
  { isBlank = false } = {},
): AgentPeer {
  const nonstandard = wrtc.nonstandard as unknown as { RTCVideoSource: new () => VideoSource }
  const source = new nonstandard.RTCVideoSource()
  const track = source.createTrack()
  const peer = new SimplePeer({
    initiator: true,
    wrtc: { ...wrtc, RTCPeerConnection: SteadyPeerConnection } as never,
    channelName: 'control',
    config: { iceServers: [] },
    objectMode: true,
  })
  const received: AgentPeer['received'] = []
  const waiting = new Set<(message: Record<string, unknown>) => void>()
  const acks: number[] = []
  const video = new SteadyPeerConnection({ iceServers: [] })
  video.addTrack(track)
  const offerVideo = async () => {
    const gathered = new Promise<void>(resolve => {
      video.onicecandidate = ({ candidate }) => candidate === null && resolve()
    })
    await video.setLocalDescription(await video.createOffer())
    await gathered
    peer.send(JSON.stringify({ type: 'video-offer', sdp: video.localDescription?.sdp }))
  }
  const receive = (label: string, data: unknown) => {
    if (label === 'tiles') {
      const bytes = new Uint8Array(data as ArrayBuffer)
      const frameNumber = parseSeen(bytes)
      if (frameNumber === undefined) acks.push(parseAck(bytes) ?? Number.NaN)
      else received.push({ label, message: { type: 'seen', frameNumber } })
      return
    }
    const text = data instanceof ArrayBuffer ? Buffer.from(data).toString('utf8') : String(data)
    const message = JSON.parse(text) as Record<string, unknown>
    // It is said again while nothing answers.
    if (message.type === 'verified' && !hasBegun) begin()
    if (message.type === 'video-answer') void video.setRemoteDescription({ type: 'answer', sdp: String(message.sdp) })
    received.push({ label, message })
    for (const check of [...waiting]) check(message)
  }
  const connection = (peer as unknown as { _pc: RTCPeerConnection })._pc
  const channels = new Map<string, RTCDataChannel>()
  for (const label of Object.keys(CHANNELS).filter(name => name !== 'control')) {
    const channel = connection.createDataChannel(label, { ordered: true })
    channel.onmessage = event => receive(label, event.data)
    channels.set(label, channel)
  }
  peer.on('data', data => receive('control', data))
  // A closed page takes the connection with it, which is no failure of a check.
  peer.on('error', () => undefined)
  peer.on('signal', (data: { type: string; sdp?: string; candidate?: RTCIceCandidateInit }) => {
    if (data.type === 'offer' && data.sdp) onSignal({ kind: 'offer', sdp: data.sdp })
    if (data.candidate) {
      const { candidate = '', sdpMid = null, sdpMLineIndex = null } = data.candidate
      onSignal({ kind: 'candidate', candidate, sdpMid, sdpMLineIndex })
    }
  })
  const tiles = channels.get('tiles')
  const sendTileBytes = (message: Uint8Array<ArrayBuffer>) => tiles?.send(message)
  const sendFrame = (body: readonly number[]) => sendTileBytes(Uint8Array.of(MESSAGE_FIRST | MESSAGE_LAST, ...body))
  // As the agent: nothing is said before the operator trusts it.
  const opened = Promise.withResolvers<void>()
  if (tiles) tiles.onopen = () => opened.resolve()
  const sendPicture = () => sendFrame(greyPicture(width, height))
  let hasBegun = false
  const begin = () => {
    hasBegun = true
    void offerVideo()
    if (!isBlank) void opened.promise.then(sendPicture)
  }
  let shown: Parameters<AgentPeer['setVideo']>[0] = { luma: 128, epoch: 0 }
  let frameNumber = 0
  const countingFrames = new Set<() => void>()
  const frames = setInterval(() => {
    const stamp = stampCells({ epoch: shown.epoch, frameNumber })
    source.onFrame(videoFrame({ width, height }, shown.scale ?? 1, shown.luma + (frameNumber++ % 2), stamp))
    for (const check of [...countingFrames]) check()
  }, FRAME_INTERVAL_MS)

  return {
    received,
    acks,
    sendFrame,
    sendTileBytes,
    tilesOpened: opened.promise,
    sendPicture,
    setVideo(next) {
      shown = next
    },
    sendVideoFrames(count) {
      const lastFrame = frameNumber + count
      return new Promise(resolve => {
        const check = () => {
          if (frameNumber < lastFrame) return
          countingFrames.delete(check)
          resolve()
        }
        countingFrames.add(check)
      })
    },
    waitFor(matches) {
      const known = received.find(({ message }) => matches(message))
      if (known) return Promise.resolve(known.message)
      return new Promise(resolve => {
        const check = (message: Record<string, unknown>) => {
          if (!matches(message)) return
          waiting.delete(check)
          resolve(message)
        }
        waiting.add(check)
      })
    },
    send(label, message) {
      const text = JSON.stringify(message)
      if (label === 'control') peer.send(text)
      else channels.get(label)?.send(text)
    },
    sendTools(message) {
      const bytes =
        'output' in message && 'terminal' in message
          ? [OUTPUT, message.terminal, ...Buffer.from(message.output)]
          : [...Buffer.from(JSON.stringify(message))]
      channels.get('tools')?.send(Uint8Array.from(bytes))
    },
    handleSignal(signal) {
      if (signal.kind === 'answer') peer.signal({ type: 'answer', sdp: signal.sdp })
      else if (signal.kind === 'candidate') peer.signal({ type: 'candidate', candidate: signal as never })
    },
    close() {
      clearInterval(frames)
      track.stop()
      video.close()
      peer.destroy()
    },
  }
}

const varint = (value: number): number[] => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)])

function greyPicture(width: number, height: number): number[] {
  const size = [...varint(width), ...varint(height)]
  return [COMMAND.size, ...size, COMMAND.fill, 0, 0, ...size, 128, 128, 128, COMMAND.exact]
}

function videoFrame(screen: { width: number; height: number }, scale: number, luma: number, stamp: readonly boolean[]) {
  const width = screen.width * scale
  const rows = screen.height * scale
  const height = (screen.height + STAMP_ROWS) * scale
  const data = new Uint8Array((width * height * 3) / 2).fill(128)
  data.fill(luma, 0, width * rows)
  data.fill(16, width * rows, width * height)
  const cellWidth = Math.floor(width / stamp.length)
  for (let row = rows; row < height; row++)
    for (const [cell, isWhite] of stamp.entries())
      if (isWhite) data.fill(235, row * width + cell * cellWidth, row * width + (cell + 1) * cellWidth)
  return { width, height, data }
}
