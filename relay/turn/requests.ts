import { TURN_LIFETIME_S } from '#protocol/limits.ts'
import type { Clock } from '../domain/clock.ts'
import { Allocation, type AllocationOptions } from './allocation.ts'
import type { Holder } from './room.ts'
import { type Endpoint, readUint32, readXorAddress, uint32, unknownAttributes, xorAddress } from './stun/attributes.ts'
import { isChannel } from './stun/frames.ts'
import { ATTRIBUTE, type Attribute, METHOD, type StunMessage } from './stun/message.ts'

/** Refuses a request; `code` is one of RFC 8489 or RFC 8656. */
export class TurnRefusal extends Error {
  readonly code: number
  readonly attributes: readonly Attribute[]
  constructor(code: number, reason: string, attributes: readonly Attribute[] = []) {
    super(reason)
    this.code = code
    this.attributes = attributes
  }
}

export interface RequestContext {
  readonly holder: Holder
  readonly clock: Clock
  /** As this relay sees the client. */
  readonly client: Endpoint
  readonly allocation: Allocation | undefined
  readonly toClient: AllocationOptions['toClient']
  readonly onClosed: () => void
  readonly onAllocated: (allocation: Allocation) => void
}

const UDP = 17
const IPV4 = 0x01
/** Below it an attribute must be understood. */
const OPTIONAL_FROM = 0x8000
const UNDERSTOOD = new Set<number>(Object.values(ATTRIBUTE))

/** What a request that is signed rightly leads to: the attributes of its answer. Throws `TurnRefusal`. */
export function answerRequest(message: StunMessage, context: RequestContext): readonly Attribute[] {
  const unknown = [...message.attributes.keys()].filter(type => type < OPTIONAL_FROM && !UNDERSTOOD.has(type))
  if (unknown.length > 0) throw new TurnRefusal(420, 'Unknown Attribute', [unknownAttributes(unknown)])
  switch (message.method) {
    case METHOD.allocate:
      return allocate(message, context)
    case METHOD.refresh:
      return refresh(message, requireAllocation(context))
    case METHOD.createPermission:
      requirePeer(message, context)
      requireAllocation(context).permit()
      return []
    case METHOD.channelBind:
      return bindChannel(message, context)
    default:
      // Binding (nobody learns an address here), and the connections of RFC 6062.
      throw new TurnRefusal(400, 'Bad Request')
  }
}

function allocate({ attributes }: StunMessage, context: RequestContext): readonly Attribute[] {
  const { holder, clock, client, toClient, onClosed, onAllocated } = context
  if (context.allocation) throw new TurnRefusal(437, 'Allocation Mismatch')
  if (attributes.get(ATTRIBUTE.requestedTransport)?.at(0) !== UDP)
    throw new TurnRefusal(442, 'Unsupported Transport Protocol')
  const family = attributes.get(ATTRIBUTE.requestedAddressFamily)
  if (family && family.at(0) !== IPV4) throw new TurnRefusal(440, 'Address Family not Supported')
  if (attributes.has(ATTRIBUTE.evenPort) || attributes.has(ATTRIBUTE.reservationToken))
    throw new TurnRefusal(508, 'Insufficient Capacity')
  const room = holder.room.hasRoomFor(holder, clock.nowMs())
  if (room === 'expired') throw new TurnRefusal(401, 'Unauthorized')
  if (room === 'full') throw new TurnRefusal(486, 'Allocation Quota Reached')
  const allocation = new Allocation({ holder, clock, toClient, onClosed })
  allocation.refresh(TURN_LIFETIME_S * 1000)
  onAllocated(allocation)
  return [
    xorAddress(ATTRIBUTE.xorRelayedAddress, { ip: holder.room.ip, port: allocation.port }),
    uint32(ATTRIBUTE.lifetime, TURN_LIFETIME_S),
    xorAddress(ATTRIBUTE.xorMappedAddress, client),
  ]
}

function refresh({ attributes }: StunMessage, allocation: Allocation): readonly Attribute[] {
  const wished = readUint32(attributes.get(ATTRIBUTE.lifetime)) ?? TURN_LIFETIME_S
  const lifetimeS = wished === 0 ? 0 : TURN_LIFETIME_S
  if (lifetimeS > 0) allocation.refresh(lifetimeS * 1000)
  // After the answer has been written.
  else setImmediate(() => allocation.close())
  return [uint32(ATTRIBUTE.lifetime, lifetimeS)]
}

function bindChannel(message: StunMessage, context: RequestContext): readonly Attribute[] {
  const { port } = requirePeer(message, context)
  // Two bytes, and two that are reserved.
  const channel = (readUint32(message.attributes.get(ATTRIBUTE.channelNumber)) ?? 0) >>> 16
  if (!isChannel(channel) || !requireAllocation(context).bind(channel, port)) throw new TurnRefusal(400, 'Bad Request')
  return []
}

function requireAllocation({ allocation }: RequestContext): Allocation {
  if (!allocation) throw new TurnRefusal(437, 'Allocation Mismatch')
  return allocation
}

/** A peer is an address of this relay's, of the same session. There is no other. */
function requirePeer({ attributes }: StunMessage, { holder }: RequestContext): Endpoint {
  const peer = readXorAddress(attributes.get(ATTRIBUTE.xorPeerAddress))
  if (!peer) throw new TurnRefusal(400, 'Bad Request')
  if (peer.ip !== holder.room.ip) throw new TurnRefusal(403, 'Forbidden')
  return peer
}
