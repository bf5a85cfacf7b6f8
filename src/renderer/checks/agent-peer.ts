import wrtc from '@roamhq/wrtc'
import SimplePeer from 'simple-peer'
import { CHANNELS } from '#protocol/peer/channels.ts'
import type { Signal } from '#protocol/wire/signal.ts'

/** The device's end of a connection, as the agent makes it: it offers one video track and every data channel. */
export interface AgentPeer {
  readonly received: { label: string; message: Record<string, unknown> }[]
  /** Resolves when a message for which `matches` holds has arrived. */
  waitFor(matches: (message: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>
  send(label: string, message: object): void
  handleSignal(signal: Signal): void
  close(): void
}

interface VideoSource {
  createTrack(): MediaStreamTrack
  onFrame(frame: { width: number; height: number; data: Uint8Array }): void
}

const FRAME_INTERVAL_MS = 50

/** `width` and `height` are even. The picture is grey and moves a little, so that frames keep coming. */
export function openAgentPeer(
  { width, height }: { width: number; height: number },
  onSignal: (signal: Signal) => void,
): AgentPeer {
  const nonstandard = wrtc.nonstandard as unknown as { RTCVideoSource: new () => VideoSource }
  const source = new nonstandard.RTCVideoSource()
  const stream = new wrtc.MediaStream()
  const track = source.createTrack()
  stream.addTrack(track)
  const peer = new SimplePeer({
    initiator: true,
    wrtc: wrtc as never,
    stream,
    channelName: 'control',
    config: { iceServers: [] },
    objectMode: true,
  })
  const received: AgentPeer['received'] = []
  const waiting = new Set<(message: Record<string, unknown>) => void>()
  const receive = (label: string, data: unknown) => {
    const message = JSON.parse(String(data)) as Record<string, unknown>
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
  const data = new Uint8Array((width * height * 3) / 2).fill(128)
  let shade = 0
  const frames = setInterval(() => {
    data.fill(64 + (shade++ % 64), 0, width * height)
    source.onFrame({ width, height, data })
  }, FRAME_INTERVAL_MS)

  return {
    received,
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
    handleSignal(signal) {
      if (signal.kind === 'answer') peer.signal({ type: 'answer', sdp: signal.sdp })
      else if (signal.kind === 'candidate') peer.signal({ type: 'candidate', candidate: signal as never })
    },
    close() {
      clearInterval(frames)
      track.stop()
      peer.destroy()
    },
  }
}
