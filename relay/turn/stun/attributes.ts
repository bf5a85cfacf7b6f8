import type { Attribute } from './message.ts'
import { ATTRIBUTE, MAGIC_COOKIE } from './message.ts'

export interface Endpoint {
  readonly ip: string
  readonly port: number
}

const IPV4 = 0x01
const COOKIE_HIGH = MAGIC_COOKIE >>> 16

/** An IPv4 address, XORed as RFC 8489 says. */
export function xorAddress(type: number, { ip, port }: Endpoint): Attribute {
  const value = Buffer.alloc(8)
  value.writeUInt8(IPV4, 1)
  value.writeUInt16BE(port ^ COOKIE_HIGH, 2)
  value.writeUInt32BE((numberOf(ip) ^ MAGIC_COOKIE) >>> 0, 4)
  return [type, value]
}

/** Undefined for what is no IPv4 address; this relay has no others. */
export function readXorAddress(value: Buffer | undefined): Endpoint | undefined {
  if (value?.length !== 8 || value.readUInt8(1) !== IPV4) return undefined
  const address = (value.readUInt32BE(4) ^ MAGIC_COOKIE) >>> 0
  return {
    ip: [address >>> 24, (address >>> 16) & 255, (address >>> 8) & 255, address & 255].join('.'),
    port: value.readUInt16BE(2) ^ COOKIE_HIGH,
  }
}

export const text = (type: number, value: string): Attribute => [type, Buffer.from(value, 'utf8')]

export function uint32(type: number, value: number): Attribute {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return [type, bytes]
}

export const readUint32 = (value: Buffer | undefined): number | undefined =>
  value?.length === 4 ? value.readUInt32BE(0) : undefined

export function errorCode(code: number, reason: string): Attribute {
  const head = Buffer.from([0, 0, Math.floor(code / 100), code % 100])
  return [ATTRIBUTE.errorCode, Buffer.concat([head, Buffer.from(reason, 'utf8')])]
}

export const readErrorCode = (value: Buffer | undefined): number | undefined =>
  value && value.length >= 4 ? value.readUInt8(2) * 100 + value.readUInt8(3) : undefined

/** Those that must be understood and aren't. */
export function unknownAttributes(types: readonly number[]): Attribute {
  const value = Buffer.alloc(types.length * 2)
  for (const [index, type] of types.entries()) value.writeUInt16BE(type, index * 2)
  return [ATTRIBUTE.unknownAttributes, value]
}

const numberOf = (ip: string): number => ip.split('.').reduce((value, part) => value * 256 + Number(part), 0)
