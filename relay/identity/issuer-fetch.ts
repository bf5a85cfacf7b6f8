import { type LookupAddress, type LookupOptions, lookup as lookupAddress } from 'node:dns'
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { BlockList, isIP } from 'node:net'

const TIMEOUT_MS = 10_000
const REPLY_MAX_BYTES = 256 * 1024

/** Where no identity provider lives: this machine itself, and the link-local addresses where clouds keep their machines' credentials. */
const forbidden = new BlockList()
forbidden.addSubnet('127.0.0.0', 8, 'ipv4')
forbidden.addSubnet('0.0.0.0', 8, 'ipv4')
forbidden.addSubnet('169.254.0.0', 16, 'ipv4')
forbidden.addSubnet('224.0.0.0', 3, 'ipv4')
forbidden.addSubnet('::', 127, 'ipv6')
forbidden.addSubnet('fe80::', 10, 'ipv6')
forbidden.addSubnet('ff00::', 8, 'ipv6')
forbidden.addAddress('fd00:ec2::254', 'ipv6')

export interface IssuerRequest {
  readonly method: string
  readonly headers: Record<string, string>
  readonly body?: string
}

/**
 * One request to an identity provider: HTTPS, no redirects, bounded in time and size. The address that the name stands for is checked at the moment of
 * connecting, so a name that changes its mind leads nowhere. `allowLoopback` also lets plain HTTP to this machine through; only tests say so.
 */
export function fetchIssuer(
  url: URL,
  { method, headers, body }: IssuerRequest,
  allowLoopback: boolean,
): Promise<Response> {
  const isPlain = url.protocol === 'http:' && allowLoopback
  if (url.protocol !== 'https:' && !isPlain) return Promise.reject(new Error(`${url.origin} is not HTTPS.`))
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (!allowLoopback && isIP(host) !== 0 && isForbidden(host)) return Promise.reject(notAllowed(host))
  return new Promise((resolve, reject) => {
    const send = isPlain ? requestHttp : requestHttps
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const request = send(url, {
      method,
      headers,
      signal,
      agent: false,
      ...(!allowLoopback && { lookup: checkedLookup }),
    })
    request.on('response', reply => readReply(reply).then(resolve, reject))
    request.on('error', reject)
    request.end(body)
  })
}

type LookupCallback = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void

function checkedLookup(hostname: string, options: LookupOptions, callback: LookupCallback): void {
  lookupAddress(hostname, { ...options, all: true }, (error, addresses) => {
    const [first] = addresses ?? []
    if (error || !first) return callback(error ?? notAllowed(hostname), [])
    if (addresses.some(({ address }) => isForbidden(address))) return callback(notAllowed(hostname), [])
    if (options.all) callback(null, addresses)
    else callback(null, first.address, first.family)
  })
}

/** IPv4 in IPv6 clothes is looked at as IPv4 by the list itself. */
const isForbidden = (address: string) => forbidden.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')

const notAllowed = (host: string) => new Error(`${host} is an address where no identity provider may be.`)

async function readReply(reply: IncomingMessage): Promise<Response> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of reply as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > REPLY_MAX_BYTES) throw new Error('The identity provider answered with too much.')
    chunks.push(chunk)
  }
  const headers = Object.entries(reply.headersDistinct).flatMap(([name, values = []]) =>
    values.map(value => [name, value]),
  )
  const status = reply.statusCode ?? 502
  const hasBody = status !== 204 && status !== 304
  return new Response(hasBody ? Buffer.concat(chunks) : null, { status, headers: headers as [string, string][] })
}
