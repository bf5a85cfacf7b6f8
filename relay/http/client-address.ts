import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'

/** Prefix that counts as one client: what a provider usually gives to one household or office. */
const IPV6_GROUP_BITS = 56

/**
 * The address that the request came from. With `trustedProxyHops` of 0 it is the socket's; otherwise the entry of `X-Forwarded-For` that the outermost
 * trusted proxy wrote, counted from the end. Whatever a client writes stands left of that and is never read; no other header is.
 */
export function clientAddress(request: IncomingMessage, trustedProxyHops: number): string {
  if (trustedProxyHops === 0) return socketAddress(request)
  const forwarded = [request.headers['x-forwarded-for'] ?? []].flat().join(',').split(',')
  return normalAddress(forwarded.at(-trustedProxyHops)?.trim() ?? '') ?? socketAddress(request)
}

/** The other end of the connection itself, a proxy perhaps. */
export const socketAddress = ({ socket }: IncomingMessage): string =>
  normalAddress(socket.remoteAddress ?? '') ?? 'unknown'

/** What limits count by: an IPv4 address, or the /56 of an IPv6 address. */
export function addressKey(address: string): string {
  if (isIP(address) !== 6) return address
  const bytes = IPV6_GROUP_BITS / 8
  const [a = 0, b = 0, c = 0, d = 0] = ipv6Groups(address)
  const prefix = [a >> 8, a & 255, b >> 8, b & 255, c >> 8, c & 255, d >> 8].slice(0, bytes)
  return `${Buffer.from(prefix).toString('hex')}/${IPV6_GROUP_BITS}`
}

/** One spelling for each address: IPv4-mapped IPv6 becomes IPv4, zones go. Undefined for what is no address. */
function normalAddress(text: string): string | undefined {
  const address = text.replace(/%.*$/, '')
  const version = isIP(address)
  if (version === 0) return undefined
  if (version === 4) return address
  const groups = ipv6Groups(address)
  const isMapped = groups.slice(0, 5).every(group => group === 0) && groups[5] === 0xffff
  if (!isMapped) return groups.map(group => group.toString(16)).join(':')
  const [high = 0, low = 0] = groups.slice(6)
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}

/** The eight groups of a valid IPv6 address. */
function ipv6Groups(address: string): number[] {
  const [left = '', right] = withoutDots(address).split('::')
  const groupsOf = (part: string) => (part === '' ? [] : part.split(':').map(group => Number.parseInt(group, 16)))
  const start = groupsOf(left)
  if (right === undefined) return start
  const end = groupsOf(right)
  return [...start, ...new Array<number>(Math.max(0, 8 - start.length - end.length)).fill(0), ...end]
}

function withoutDots(address: string): string {
  return address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) =>
    [(Number(a) << 8) | Number(b), (Number(c) << 8) | Number(d)].map(group => group.toString(16)).join(':'),
  )
}
