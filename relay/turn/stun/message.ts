/** STUN messages (RFC 8489) as TURN (RFC 8656) uses them. */

export const MAGIC_COOKIE = 0x2112a442
export const HEADER_BYTES = 20
const TRANSACTION_BYTES = 12

export const METHOD = {
  binding: 0x001,
  allocate: 0x003,
  refresh: 0x004,
  send: 0x006,
  data: 0x007,
  createPermission: 0x008,
  channelBind: 0x009,
} as const

export const CLASS = { request: 0b00, indication: 0b01, success: 0b10, error: 0b11 } as const

export const ATTRIBUTE = {
  mappedAddress: 0x0001,
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  unknownAttributes: 0x000a,
  channelNumber: 0x000c,
  lifetime: 0x000d,
  xorPeerAddress: 0x0012,
  data: 0x0013,
  realm: 0x0014,
  nonce: 0x0015,
  xorRelayedAddress: 0x0016,
  requestedAddressFamily: 0x0017,
  evenPort: 0x0018,
  requestedTransport: 0x0019,
  dontFragment: 0x001a,
  xorMappedAddress: 0x0020,
  reservationToken: 0x0022,
  fingerprint: 0x8028,
} as const

export type Attribute = readonly [type: number, value: Uint8Array]

export interface StunMessage {
  readonly method: number
  readonly class: number
  readonly transactionId: Buffer
  /** The first of each type, up to the message integrity. */
  readonly attributes: ReadonlyMap<number, Buffer>
  /** Where the message integrity begins in `bytes`. */
  readonly integrityAt: number | undefined
  readonly bytes: Buffer
}

/** Undefined for anything that isn't exactly one well-formed message. */
export function parseMessage(bytes: Buffer): StunMessage | undefined {
  if (bytes.length < HEADER_BYTES || bytes.readUInt32BE(4) !== MAGIC_COOKIE) return undefined
  const type = bytes.readUInt16BE(0)
  const length = bytes.readUInt16BE(2)
  if (type > 0x3fff || length % 4 !== 0 || bytes.length !== HEADER_BYTES + length) return undefined
  const attributes = new Map<number, Buffer>()
  let integrityAt: number | undefined
  let at = HEADER_BYTES
  while (at < bytes.length) {
    const attribute = bytes.readUInt16BE(at)
    const size = bytes.readUInt16BE(at + 2)
    const end = at + 4 + padded(size)
    if (end > bytes.length) return undefined
    // What stands behind the integrity isn't covered by it and doesn't count.
    if (integrityAt === undefined && !attributes.has(attribute))
      attributes.set(attribute, bytes.subarray(at + 4, at + 4 + size))
    if (attribute === ATTRIBUTE.messageIntegrity) integrityAt ??= at
    at = end
  }
  return {
    method: (type & 0x000f) | ((type & 0x00e0) >> 1) | ((type & 0x3e00) >> 2),
    class: ((type & 0x0010) >> 4) | ((type & 0x0100) >> 7),
    transactionId: bytes.subarray(8, HEADER_BYTES),
    attributes,
    integrityAt,
    bytes,
  }
}

export interface MessageHead {
  readonly method: number
  readonly class: number
  readonly transactionId: Uint8Array
}

export function encodeMessage(head: MessageHead, attributes: readonly Attribute[]): Buffer {
  const length = attributes.reduce((sum, [, value]) => sum + 4 + padded(value.length), 0)
  const bytes = Buffer.alloc(HEADER_BYTES + length)
  bytes.writeUInt16BE(typeOf(head), 0)
  bytes.writeUInt16BE(length, 2)
  bytes.writeUInt32BE(MAGIC_COOKIE, 4)
  bytes.set(head.transactionId.subarray(0, TRANSACTION_BYTES), 8)
  let at = HEADER_BYTES
  for (const [type, value] of attributes) {
    bytes.writeUInt16BE(type, at)
    bytes.writeUInt16BE(value.length, at + 2)
    bytes.set(value, at + 4)
    at += 4 + padded(value.length)
  }
  return bytes
}

function typeOf({ method, class: kind }: MessageHead): number {
  const bits = (method & 0x000f) | ((method & 0x0070) << 1) | ((method & 0x0f80) << 2)
  return bits | ((kind & 0b01) << 4) | ((kind & 0b10) << 7)
}

/** Attributes, and ChannelData on TCP, end on a boundary of four bytes. */
export const padded = (size: number): number => (size + 3) & ~3
