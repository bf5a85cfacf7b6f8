// The types from @types/simple-peer bring Node's with them, which this folder must not see. These are the few members that peer-adapter.ts uses.
declare module 'simple-peer/simplepeer.min.js' {
  export type SimplePeerSignal =
    | RTCSessionDescriptionInit
    | { type: 'candidate'; candidate: RTCIceCandidateInit }
    | { type: 'renegotiate' | 'transceiverRequest' }

  export default class SimplePeer {
    constructor(options: { initiator: boolean; trickle: boolean; config: RTCConfiguration })
    /** Not public: simple-peer offers no way to several data channels, receivers or statistics. */
    readonly _pc: RTCPeerConnection
    signal(data: SimplePeerSignal): void
    destroy(): void
    on(event: 'signal', listener: (data: SimplePeerSignal) => void): this
    on(event: 'error', listener: (error: Error) => void): this
    on(event: 'close', listener: () => void): this
  }
}
