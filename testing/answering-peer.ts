import wrtcPackage from '@roamhq/wrtc'
import type { ChannelLabel } from '#protocol/peer/channels.ts'
import type { Signal } from '#protocol/wire/signal.ts'

interface Channel {
  readonly label: string
  readonly readyState: string
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

interface Frame {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

interface Sink {
  onframe: ((event: { readonly frame: Frame }) => void) | null
  stop(): void
}

const wrtc = wrtcPackage as unknown as {
  readonly RTCPeerConnection: new (configuration: { iceServers: never[] }) => Connection
  readonly nonstandard: {
    readonly RTCVideoSink: new (track: object) => Sink
    i420ToRgba(from: Frame, to: Frame): void
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
  readonly pictures: number
  /** All messages of a channel so far, parsed. */
  received(label: ChannelLabel): readonly unknown[]
  /** The next message, among those that came already too, for which `test` holds. */
  message(label: ChannelLabel, test: (message: unknown) => boolean): Promise<unknown>
  /** The next picture for which `test` holds. */
  picture(test: (picture: ReceivedPicture) => boolean): Promise<ReceivedPicture>
  /** Resolves once the channel is open. */
  opened(label: ChannelLabel): Promise<void>
  /** Resolves once the channel is closed. */
  channelClosed(label: ChannelLabel): Promise<void>
  send(label: ChannelLabel, message: object | string | Uint8Array): void
  /** Opens a channel of one's own, which the protocol doesn't allow; resolves when the agent closed it. */
  openForbiddenChannel(label: string): Promise<void>
  close(): void
}

export function createAnsweringPeer(onSignal: (signal: Signal) => void): AnsweringPeer {
  const connection = new wrtc.RTCPeerConnection({ iceServers: [] })
  const channels = new Map<string, Channel>()
  const inbox = new Map<string, unknown[]>()
  const watchers = new Set<() => void>()
  const closedLabels = new Set<string>()
  const pending: IceCandidate[] = []
  let hasRemote = false
  let sink: Sink | undefined
  let picture: ReceivedPicture | undefined
  let pictures = 0
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
  connection.ondatachannel = ({ channel }) => {
    channels.set(channel.label, channel)
    channel.onmessage = ({ data }) => {
      inbox.set(channel.label, [...(inbox.get(channel.label) ?? []), JSON.parse(String(data))])
      notify()
    }
    channel.onopen = notify
    channel.onclose = () => {
      closedLabels.add(channel.label)
      notify()
    }
    notify()
  }
  connection.ontrack = ({ track }) => {
    sink = new wrtc.nonstandard.RTCVideoSink(track)
    sink.onframe = ({ frame }) => {
      pictures++
      picture = toPicture(frame)
      notify()
    }
  }
  connection.onicecandidate = ({ candidate }) => {
    if (!candidate?.candidate) return
    const { candidate: text, sdpMid, sdpMLineIndex } = candidate
    onSignal({ kind: 'candidate', candidate: text, sdpMid, sdpMLineIndex })
  }
  return {
    async handleSignal(signal) {
      if (signal.kind === 'candidate') {
        if (hasRemote) await connection.addIceCandidate(signal)
        else pending.push(signal)
        return
      }
      await connection.setRemoteDescription({ type: 'offer', sdp: signal.sdp })
      hasRemote = true
      for (const candidate of pending.splice(0)) await connection.addIceCandidate(candidate)
      const answer = await connection.createAnswer()
      await connection.setLocalDescription(answer)
      onSignal({ kind: 'answer', sdp: answer.sdp })
    },
    get pictures() {
      return pictures
    },
    received: label => inbox.get(label) ?? [],
    message: (label, test) => when(() => inbox.get(label)?.find(test)),
    picture: test => when(() => (picture && test(picture) ? picture : undefined)),
    opened: label => when(() => (channels.get(label)?.readyState === 'open' ? true : undefined)).then(() => undefined),
    channelClosed: label => when(() => (closedLabels.has(label) ? true : undefined)).then(() => undefined),
    send(label, message) {
      const isRaw = typeof message === 'string' || message instanceof Uint8Array
      channels.get(label)?.send(isRaw ? message : JSON.stringify(message))
    },
    openForbiddenChannel(label) {
      const channel = connection.createDataChannel(label)
      return new Promise(resolve => {
        channel.onclose = () => resolve()
      })
    },
    close() {
      sink?.stop()
      connection.close()
    },
  }
}

function toPicture(frame: Frame): ReceivedPicture {
  const { width, height } = frame
  const data = new Uint8Array(width * height * 4)
  wrtc.nonstandard.i420ToRgba(frame, { width, height, data })
  return {
    width,
    height,
    at(x, y) {
      const from = (y * width + x) * 4
      return { red: data[from] ?? 0, green: data[from + 1] ?? 0, blue: data[from + 2] ?? 0 }
    },
  }
}
