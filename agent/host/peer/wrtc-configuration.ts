import type { IceConfiguration } from '#protocol/peer/ice-paths.ts'
import type { WrtcConfiguration } from './native.ts'

/** A port that this process may not take: the session host has no power over ports below 1024, also where the service is root's. */
const NO_PORT = { min: 1, max: 1 }

/**
 * `relay` alone is a filter for what libwebrtc tells the other end: it binds its sockets all the same. With a range of ports that it can't have it goes on
 * without them; its connections to TURN don't come from that range.
 */
export const wrtcConfiguration = (ice: IceConfiguration): WrtcConfiguration =>
  ice.iceTransportPolicy === 'relay' ? { ...ice, portRange: NO_PORT } : ice
