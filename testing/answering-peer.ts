import wrtcPackage from '@roamhq/wrtc'
import type { ChannelLabel } from '#protocol/peer/channels.ts'
import { type IceConfiguration, IcePaths } from '#protocol/peer/ice-paths.ts'
import { keepingDescriptions } from '#protocol/peer/kept-descriptions.ts'
import type { Picture } from '#protocol/peer/tiles/picture.ts'
import {
  cellCentre,
  readStamp,
  STAMP_CELLS,
  STAMP_THRESHOLD,
  type Stamp,
  stampRow,
  videoHeightOf,
} from '#protocol/peer/tiles/stamp.ts'
import { encodeSeen } from '#protocol/peer/tiles.ts'
import { OUTPUT } from '#protocol/tools/messages.ts'
import type { Signal } from '#protocol/wire/signal.ts'
import { ReceivedTiles } from './received-tiles.ts'

interface Channel {
  readonly label: string
  readonly readyState: string
  binaryType: string
  onmessage: ((event: { readonly data: unknown }) => void) | null
  onopen: (() => void) | null
  onclose: (() => void) | null
  send(data: string | Uint8Array): void
  close(): void
}

interface Description {
  readonly type: 'offer' | 'answer'
  readonly sdp: string
}

interface Connection {
  ondatachannel: ((event: { readonly channel: Channel }) => void) | null
  ontrack: ((event: { readonly track: object }) => void) | null
  onicecandidate: ((event: { readonly candidate: IceCandidate | null }) => void) | null
  readonly localDescription: Description | null
  setRemoteDescription(description: Description): Promise<void>
  setLocalDescription(description: Description): Promise<void>
  createAnswer(): Promise<Description>
  addIceCandidate(candidate: object): Promise<void>
  createDataChannel(label: string): Channel
  close(): void
}

interface IceCandidate {
  readonly candidate: string
  readonly sdpMid: string | null
  readonly sdpMLineIndex: number | null
}

interface VideoFrame {
  readonly width: number
  readonly height: number
  /** I420. */
  readonly data: Uint8Array
}

interface Sink {
  onframe: ((event: { readonly frame: VideoFrame }) => void) | null
  stop(): void
}

const wrtc = wrtcPackage as unknown as {
  readonly RTCPeerConnection: new (configuration: IceConfiguration) => Connection
  readonly nonstandard: {
    readonly RTCVideoSink: new (track: object) => Sink
  }
}

export interface Colour {
  readonly red: number
  readonly green: number
  readonly blue: number
}

/** A picture that arrived. */
export interface ReceivedPicture {
  readonly width: number
  readonly height: number
  at(x: number, y: number): Colour
}

/** The operator's end of a session, without a window: real WebRTC in this process. Close it before the process ends. */
export interface AnsweringPeer {
  handleSignal(signal: Signal): Promise<void>
  /** Takes the device for proven: says so and looks. A transcript among the signals does the same. */
  trust(): void
  /** Lossless frames that changed the picture so far. */
  readonly pictures: number
  /** Frames of the video track so far. */
  readonly videoFrames: number
  /** All messages of a channel so far, parsed. */
  received(label: ChannelLabel): readonly unknown[]
  /** Calls `listener` with each message of `control` from now on. */
  onControl(listener: (message: unknown) => void): void
  /** The next message, among those that came already too, for which `test` holds. */
  message(label: ChannelLabel, test: (message: unknown) => boolean): Promise<unknown>
  /** The next picture for which `test` holds. */
  picture(test: (picture: ReceivedPicture) => boolean): Promise<ReceivedPicture>
  /** How bright a pixel of the screen is that an operator would see now, 0 to 255; undefined before there is a picture. */
  shown(): ((x: number, y: number) => number) | undefined
  /** Whether the exact picture is shown, and is just these pixels (R, G, B, A). */
  isShowing(pixels: Uint8Array): boolean
  /** Resolves once the channel is open. */
  opened(label: ChannelLabel): Promise<void>
  /** Resolves once the channel is closed. */
  channelClosed(label: ChannelLabel): Promise<void>
  send(label: ChannelLabel, message: object | string | Uint8Array): void
  /** Opens a channel of one's own, which the protocol doesn't allow; resolves when the agent closed it. */
  openForbiddenChannel(label: string): Promise<void>
  close(): void
}

/** `paths` is asked at the first signal, and for each video. */
export function createAnsweringPeer(
  onSignal: (signal: Signal) => void,
  paths: Pick<IcePaths, 'next'> = new IcePaths(),
): AnsweringPeer {
  let made: Connection | undefined
  const connection = (): Connection => {
    made ??= open(keepingDescriptions(new wrtc.RTCPeerConnection(paths.next())))
    return made
  }
  const channels = new Map<string, Channel>()
  const inbox = new Map<string, unknown[]>()
  const watchers = new Set<() => void>()
  const closedLabels = new Set<string>()
  const controlListeners: ((message: unknown) => void)[] = []
  const pending: IceCandidate[] = []
  let hasRemote = false
  let sink: Sink | undefined
  let videoFrames = 0
  let video: ReceivedVideo | undefined
  // A message may still be handed over after the channel was closed.
  const tiles = new ReceivedTiles(ack => {
    const channel = channels.get('tiles')
    if (channel?.readyState === 'open') channel.send(ack)
  })
  const notify = () => {
    for (const watcher of [...watchers]) watcher()
  }
  const when = <T>(read: () => T | undefined): Promise<T> =>
    new Promise(resolve => {
      const check = () => {
        const value = read()
        if (value === undefined) return
        watchers.delete(check)
        resolve(value)
      }
      watchers.add(check)
      check()
    })
  let isLooking = false
  let isTrusting = false
  const trust = () => {
    isTrusting = true
    lookWhenReady()
  }
  /** As the operator's window does: the picture comes once there is something to receive it. */
  const lookWhenReady = () => {
    const isOpen = (label: ChannelLabel) => channels.get(label)?.readyState === 'open'
    if (isLooking || !isTrusting || !isOpen('control') || !isOpen('tiles')) return
    isLooking = true
    channels.get('control')?.send(JSON.stringify({ type: 'verified' }))
    channels.get('control')?.send(JSON.stringify({ type: 'watching', watching: true, stencils: true }))
  }
  const answer = async (offer: string): Promise<string> => {
    await connection().setRemoteDescription({ type: 'offer', sdp: offer })
    const description = await connection().createAnswer()
    await connection().setLocalDescription(description)
    return description.sdp
  }
  let videoConnection: Connection | undefined
  const answerVideo = async (offer: string) => {
    videoConnection?.close()
    const opened = keepingDescriptions(new wrtc.RTCPeerConnection(paths.next()))
    videoConnection = opened
    opened.ontrack = ({ track }) => {
      sink?.stop()
      sink = new wrtc.nonstandard.RTCVideoSink(track)
      sink.onframe = ({ frame }) => {
        videoFrames++
        const decoded = readVideo(frame, tiles.picture)
        if (decoded) channels.get('tiles')?.send(encodeSeen(decoded.frameNumber))
        video = decoded ?? video
        notify()
      }
    }
    const gathered = new Promise<void>(resolve => {
      opened.onicecandidate = ({ candidate }) => candidate === null && resolve()
    })
    await opened.setRemoteDescription({ type: 'offer', sdp: offer })
    await opened.setLocalDescription(await opened.createAnswer())
    await gathered
    const sdp = opened.localDescription?.sdp
    if (videoConnection === opened) channels.get('control')?.send(JSON.stringify({ type: 'video-answer', sdp }))
  }
  const open = (connection: Connection): Connection => {
    connection.ondatachannel = ({ channel }) => {
      channels.set(channel.label, channel)
      channel.binaryType = 'arraybuffer'
      channel.onmessage = ({ data }) => {
        if (!isTrusting) return
        if (data instanceof ArrayBuffer && channel.label === 'tools') {
          inbox.set('tools', [...(inbox.get('tools') ?? []), toolsMessage(new Uint8Array(data))])
          notify()
          return
        }
        if (data instanceof ArrayBuffer) {
          if (tiles.handle(new Uint8Array(data))) notify()
          return
        }
        const message = JSON.parse(String(data)) as { readonly type?: string; readonly sdp?: string }
        if (message.type === 'video-offer' && message.sdp) void answerVideo(message.sdp)
        if (channel.label === 'control') for (const listener of controlListeners) listener(message)
        inbox.set(channel.label, [...(inbox.get(channel.label) ?? []), message])
        notify()
      }
      channel.onopen = () => {
        lookWhenReady()
        notify()
      }
      lookWhenReady()
      channel.onclose = () => {
        closedLabels.add(channel.label)
        notify()
      }
      notify()
    }
    connection.onicecandidate = ({ candidate }) => {
      if (!candidate?.candidate) return
      const { candidate: text, sdpMid, sdpMLineIndex } = candidate
      onSignal({ kind: 'candidate', candidate: text, sdpMid, sdpMLineIndex })
    }
    return connection
  }
  return {
    trust,
    async handleSignal(signal) {
      // Whoever has a transcript to check does it before this peer hears of it.
      if (signal.kind === 'transcript') return trust()
      if (signal.kind === 'candidate') {
        if (hasRemote) await connection().addIceCandidate(signal)
        else pending.push(signal)
        return
      }
      if (signal.kind === 'again') return
      const sdp = await answer(signal.sdp)
      hasRemote = true
      for (const candidate of pending.splice(0)) await connection().addIceCandidate(candidate)
      onSignal({ kind: 'answer', sdp })
    },
    get pictures() {
      return tiles.frames
    },
    get videoFrames() {
      return videoFrames
    },
    onControl: listener => controlListeners.push(listener),
    received: label => inbox.get(label) ?? [],
    message: (label, test) => when(() => inbox.get(label)?.find(test)),
    picture: test =>
      when(() => {
        const picture = tiles.picture && toReceived(tiles.picture)
        return picture && test(picture) ? picture : undefined
      }),
    shown: () => {
      const { picture } = tiles
      if (picture?.epoch !== undefined && video?.epoch === picture.epoch) return video.lumaAt
      return picture && ((x, y) => lumaOf(picture.pixels[y * picture.width + x] ?? 0))
    },
    isShowing: pixels => {
      const { picture } = tiles
      return (
        picture?.epoch === undefined &&
        Buffer.compare(Buffer.from(picture?.pixels.buffer ?? new ArrayBuffer(0)), pixels) === 0
      )
    },
    opened: label => when(() => (channels.get(label)?.readyState === 'open' ? true : undefined)).then(() => undefined),
    channelClosed: label => when(() => (closedLabels.has(label) ? true : undefined)).then(() => undefined),
    send(label, message) {
      const isRaw = typeof message === 'string' || message instanceof Uint8Array
      channels.get(label)?.send(isRaw ? message : JSON.stringify(message))
    },
    openForbiddenChannel(label) {
      const channel = connection().createDataChannel(label)
      return new Promise(resolve => {
        channel.onclose = () => resolve()
      })
    },
    close() {
      sink?.stop()
      videoConnection?.close()
      made?.close()
    },
  }
}

function toReceived({ width, height, pixels }: Picture): ReceivedPicture {
  return {
    width,
    height,
    at(x, y) {
      const pixel = pixels[y * width + x] ?? 0
      return { red: pixel & 0xff, green: (pixel >>> 8) & 0xff, blue: (pixel >>> 16) & 0xff }
    },
  }
}

interface ReceivedVideo extends Stamp {
  readonly lumaAt: (x: number, y: number) => number
}

/** A frame of the video track by the protocol's rules: undefined where its stamp can't be read. */
function readVideo({ width, height, data }: VideoFrame, picture: Picture | undefined): ReceivedVideo | undefined {
  if (!picture) return undefined
  const row = stampRow(height, picture.height) * width
  const cells = Array.from(
    { length: STAMP_CELLS },
    (_, cell) => (data[row + cellCentre(cell, width)] ?? 0) >= STAMP_THRESHOLD,
  )
  const stamp = readStamp(cells)
  if (!stamp) return undefined
  const luma = Uint8Array.from(data.subarray(0, width * height))
  const scaleX = width / (picture.width & ~1)
  const scaleY = height / videoHeightOf(picture.height)
  return { ...stamp, lumaAt: (x, y) => luma[Math.floor(y * scaleY) * width + Math.floor(x * scaleX)] ?? 0 }
}

const lumaOf = (pixel: number): number =>
  0.299 * (pixel & 0xff) + 0.587 * ((pixel >>> 8) & 0xff) + 0.114 * ((pixel >>> 16) & 0xff)

/** A message of `tools`; a terminal's output becomes `{ type: 'output', terminal, text }`. */
function toolsMessage(bytes: Uint8Array): unknown {
  const rest = (from: number) => Buffer.from(bytes.subarray(from)).toString('utf8')
  return bytes[0] === OUTPUT ? { type: 'output', terminal: bytes[1], text: rest(2) } : JSON.parse(rest(0))
}
