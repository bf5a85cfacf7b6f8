import wrtcPackage from '@roamhq/wrtc'
import simplePeerPackage from 'simple-peer'
import type { IceConfiguration } from '#protocol/peer/ice-paths.ts'
import { steadyConnections } from '#protocol/peer/kept-descriptions.ts'

/**
 * The parts of the native addon and of simple-peer that the host uses. Both packages are typed against the DOM, which Node's side doesn't have,
 * and simple-peer hides the connection that everything beyond one channel needs: this file says once what is really there.
 */
export interface VideoFrame {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

export interface MediaTrack {
  stop(): void
}

export interface VideoSource {
  createTrack(): MediaTrack
  /** Copies the I420 picture; throws when `data` doesn't have the size that `width` and `height` ask for. */
  onFrame(frame: VideoFrame): void
}

export interface DataChannel {
  readonly label: string
  readonly readyState: 'connecting' | 'open' | 'closing' | 'closed'
  readonly bufferedAmount: number
  binaryType: string
  onopen: (() => void) | null
  onclose: (() => void) | null
  onmessage: ((event: { readonly data: unknown }) => void) | null
  send(message: string | Uint8Array): void
  close(): void
}

export interface SessionDescription {
  readonly type: 'offer' | 'answer'
  readonly sdp: string
}

export interface PeerConnection {
  readonly signalingState: string
  readonly iceConnectionState: string
  readonly iceGatheringState: string
  readonly connectionState: string
  readonly localDescription: SessionDescription | null
  readonly remoteDescription: SessionDescription | null
  ondatachannel: ((event: { readonly channel: DataChannel }) => void) | null
  onicegatheringstatechange: (() => void) | null
  onconnectionstatechange: (() => void) | null
  addTrack(track: MediaTrack): void
  close(): void
  createDataChannel(label: string, options: { readonly ordered: boolean }): DataChannel
  createOffer(): Promise<SessionDescription>
  setLocalDescription(description: SessionDescription): Promise<void>
  setRemoteDescription(description: SessionDescription): Promise<void>
  getStats(): Promise<ReadonlyMap<string, Readonly<Record<string, unknown>>>>
}

export type PeerSignal =
  | { readonly type: 'offer' | 'answer'; readonly sdp: string }
  | {
      readonly type: 'candidate'
      readonly candidate: {
        readonly candidate: string
        readonly sdpMid: string | null
        readonly sdpMLineIndex: number | null
      }
    }

export interface SimplePeer {
  /** Undefined after `destroy`. */
  readonly _pc: PeerConnection | null
  readonly destroyed: boolean
  readonly bufferSize: number
  signal(signal: PeerSignal): void
  send(text: string): void
  destroy(): void
  on(event: 'signal', listener: (signal: PeerSignal) => void): this
  on(event: 'connect' | 'close', listener: () => void): this
  on(event: 'signalingStateChange', listener: (state: string) => void): this
  on(event: 'data', listener: (data: unknown) => void): this
  on(event: 'error', listener: (error: Error) => void): this
  on(event: 'iceStateChange', listener: (connection: string, gathering: string) => void): this
}

export interface WrtcConfiguration extends IceConfiguration {
  /** The addon's own: the local ports of everything but connections to TURN by TCP. */
  readonly portRange?: { readonly min: number; readonly max: number }
}

export interface SimplePeerOptions {
  readonly initiator: boolean
  readonly wrtc: object
  readonly channelName: string
  readonly channelConfig: { readonly ordered: boolean }
  readonly config: WrtcConfiguration
  readonly objectMode: boolean
}

interface Wrtc {
  readonly RTCPeerConnection: new (configuration: WrtcConfiguration) => PeerConnection
  readonly nonstandard: {
    readonly RTCVideoSource: new (init: { readonly isScreencast: boolean }) => VideoSource
    rgbaToI420(from: VideoFrame, to: VideoFrame): void
  }
}

const native = wrtcPackage as unknown as Wrtc

export const wrtc: Wrtc = { ...native, RTCPeerConnection: steadyConnections(native.RTCPeerConnection) }
export const SimplePeerClass = simplePeerPackage as unknown as new (options: SimplePeerOptions) => SimplePeer
