import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import {
  ATTRIBUTE,
  type Attribute,
  encodeMessage,
  HEADER_BYTES,
  type MessageHead,
  type StunMessage,
} from './message.ts'

const INTEGRITY_BYTES = 20

/** The long-term credential's key (RFC 8489, 9.2.2). MD5 and SHA-1 are what every peer speaks; neither is asked for resistance to collisions here. */
export const keyOf = (username: string, realm: string, password: string): Buffer =>
  createHash('md5').update(`${username}:${realm}:${password}`).digest()

/** The message with its integrity as the last attribute. */
export function signedMessage(head: MessageHead, attributes: readonly Attribute[], key: Uint8Array): Buffer {
  const bytes = encodeMessage(head, [...attributes, [ATTRIBUTE.messageIntegrity, Buffer.alloc(INTEGRITY_BYTES)]])
  const at = bytes.length - 4 - INTEGRITY_BYTES
  integrityOf(bytes, at, key).copy(bytes, at + 4)
  return bytes
}

export function isSignedWith({ bytes, integrityAt, attributes }: StunMessage, key: Uint8Array): boolean {
  const given = attributes.get(ATTRIBUTE.messageIntegrity)
  if (integrityAt === undefined || given?.length !== INTEGRITY_BYTES) return false
  return timingSafeEqual(given, integrityOf(bytes, integrityAt, key))
}

/** Over all that stands before it, with the length that a message ending with the integrity has. */
function integrityOf(bytes: Buffer, at: number, key: Uint8Array): Buffer {
  const covered = Buffer.from(bytes.subarray(0, at))
  covered.writeUInt16BE(at + 4 + INTEGRITY_BYTES - HEADER_BYTES, 2)
  return createHmac('sha1', key).update(covered).digest()
}
