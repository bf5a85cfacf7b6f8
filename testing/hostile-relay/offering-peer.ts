import { IcePaths } from '#protocol/peer/ice-paths.ts'
import type { Signal } from '#protocol/wire/signal.ts'
import { openPeer } from '../../agent/host/peer/peer.ts'
import { systemClock } from '../../agent/links/clock.ts'

/** A peer that plays the device: it offers, and trusts whoever answers. */
export interface OfferingPeer {
  handleSignal(signal: Signal): void
  close(): void
}

const ignore = () => undefined

export function openOfferingPeer(onSignal: (signal: Signal) => void): OfferingPeer {
  const peer = openPeer(
    {
      onSignal,
      onFingerprints: ignore,
      onConnected: ignore,
      onInterrupted: ignore,
      onRestored: ignore,
      onMessage: ignore,
      onTilesMessage: ignore,
      onToolsMessage: ignore,
      onChannelOpen: ignore,
      onChannelClosed: ignore,
      onRefused: ignore,
      onForbiddenChannel: ignore,
      onClosed: ignore,
    },
    systemClock,
    new IcePaths().next(),
  )
  peer.trust()
  return peer
}
