import { createHmac } from 'node:crypto'
import { type LookupAddress, type LookupOptions, lookup as lookupAddress } from 'node:dns'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { BlockList, isIP } from 'node:net'
import { HandholdError } from '#protocol/errors.ts'
import type { PostWebhook } from '../domain/webhooks/sender.ts'

const TIMEOUT_MS = 10_000
const REPLY_MAX_BYTES = 64 * 1024

/** Everything that isn't the public Internet: an event must not become a request of the relay's own in its network. */
const inside = new BlockList()
for (const [network, bits] of [
  ...([
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
  ] as const),
  ...([
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
    ['224.0.0.0', 3],
  ] as const),
])
  inside.addSubnet(network, bits, 'ipv4')
// 64:ff9b:: and 2002:: carry an IPv4 address within, which could be any of those above.
for (const [network, bits] of [
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  inside.addSubnet(network, bits, 'ipv6')

/** IPv4 in IPv6 clothes is looked at as IPv4 by the list itself. */
const isInside = (address: string) => inside.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')

export const hmacSha256 = (key: Uint8Array, text: string): string =>
  createHmac('sha256', key).update(text).digest('base64')

/** Throws `bad-request` for an address that no delivery would be sent to. `allowLoopback` lets plain HTTP to this machine through; only tests say so. */
export function requireOutsideUrl(text: string, allowLoopback: boolean): void {
  const url = new URL(text)
  const host = hostOf(url)
  if (url.username !== '' || url.password !== '') throw refused('must carry no credentials')
  if (allowLoopback) return
  if (url.protocol !== 'https:') throw refused('must be https')
  if (isIP(host) !== 0 && isInside(host)) throw refused('is an address inside of a network')
}

/**
 * One POST: the addresses that the name stands for are checked at the moment of connecting and the connection goes to one of them, so a name that changes its
 * mind leads nowhere. Redirects are not followed; time and answer are bounded.
 */
export const createPostWebhook =
  (allowLoopback: boolean): PostWebhook =>
  (text, headers, body) =>
    new Promise((resolve, reject) => {
      requireOutsideUrl(text, allowLoopback)
      const url = new URL(text)
      const send = url.protocol === 'https:' ? requestHttps : requestHttp
      const signal = AbortSignal.timeout(TIMEOUT_MS)
      const length = Buffer.byteLength(body)
      const request = send(url, {
        method: 'POST',
        headers: { ...headers, 'content-length': length, 'user-agent': 'Handhold-Webhooks' },
        signal,
        agent: false,
        ...(!allowLoopback && { lookup: outsideLookup }),
      })
      request.on('error', reject)
      request.on('response', reply => {
        let bytes = 0
        reply.on('data', (chunk: Buffer) => {
          bytes += chunk.length
          if (bytes > REPLY_MAX_BYTES) request.destroy(new Error('The receiver answered with too much.'))
        })
        reply.on('error', reject)
        reply.on('end', () => resolve(reply.statusCode ?? 0))
      })
      request.end(body)
    })

type LookupCallback = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void

function outsideLookup(hostname: string, options: LookupOptions, callback: LookupCallback): void {
  lookupAddress(hostname, { ...options, all: true }, (error, addresses) => {
    const [first] = addresses ?? []
    if (error || !first) return callback(error ?? new Error(`${hostname} has no address.`), [])
    if (addresses.some(({ address }) => isInside(address)))
      return callback(new Error(`${hostname} leads to an address inside of a network.`), [])
    if (options.all) callback(null, addresses)
    else callback(null, first.address, first.family)
  })
}

const hostOf = (url: URL) => url.hostname.replace(/^\[|\]$/g, '')
const refused = (why: string) => new HandholdError('bad-request', `body.url: ${why}`)
