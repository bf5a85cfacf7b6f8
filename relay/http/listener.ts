import { readFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Socket } from 'node:net'
import { createSecureContext } from 'node:tls'
import { HTTP_HEADER_MAX_BYTES, HTTP_REQUEST_TIMEOUT_MS } from '#protocol/limits.ts'
import type { RelayConfig } from '../config/config.ts'
import { shareWithTurn } from '../turn/first-byte.ts'

/** Open TCP connections of all kinds, agents included. */
const CONNECTIONS_MAX = 16_000
/** TCP connections of one address that are no sockets (yet); a slow client costs its own share only. */
const PLAIN_CONNECTIONS_PER_ADDRESS = 256

export interface HttpTimeouts {
  readonly headersMs: number
  readonly requestMs: number
  /** How often connections are looked at; a timeout may come this much later. */
  readonly checkMs: number
}

export const HTTP_TIMEOUTS: HttpTimeouts = {
  headersMs: 10_000,
  requestMs: HTTP_REQUEST_TIMEOUT_MS,
  checkMs: 2_000,
}

export interface TlsFiles {
  readonly cert: Buffer
  readonly key: Buffer
}

/** The contents of the configured files; throws when they can't be read or don't belong together. */
export function readTls(tls: RelayConfig['tls']): TlsFiles | null {
  if (!tls) return null
  const files = { cert: readFileSync(tls.certFile), key: readFileSync(tls.keyFile) }
  createSecureContext(files)
  return files
}

export interface ListenerOptions {
  readonly tls: TlsFiles | null
  readonly trustedProxyHops: number
  readonly timeouts: HttpTimeouts
  /** A connection that begins as TURN. `onAllocated` is to be called once it has shown that it may be here. */
  readonly onTurn: (socket: Socket, onAllocated: () => void) => void
}

/** The HTTP or HTTPS server with every bound that a stranger's connection has, and TURN on the same port. */
export function createListener(
  { tls, trustedProxyHops, timeouts, onTurn }: ListenerOptions,
  handler: RequestListener,
): Server {
  const bounds = {
    maxHeaderSize: HTTP_HEADER_MAX_BYTES,
    headersTimeout: timeouts.headersMs,
    requestTimeout: timeouts.requestMs,
    connectionsCheckingInterval: timeouts.checkMs,
    keepAliveTimeout: 10_000,
    requireHostHeader: true,
    rejectNonStandardBodyWrites: false,
  }
  const server: Server = tls
    ? createTlsServer({ ...bounds, minVersion: 'TLSv1.2', ...tls }, handler)
    : createServer(bounds, handler)
  const endSilent = shareWithTurn(server, tls !== null, {
    timeoutMs: timeouts.headersMs,
    onTurn: socket => onTurn(socket, () => void socket.emit(UPGRADED)),
  })
  endWith(server, endSilent)
  server.maxConnections = CONNECTIONS_MAX
  server.maxHeadersCount = 100
  // Behind a proxy every connection has the proxy's address, and the proxy does this.
  if (trustedProxyHops === 0) boundPlainConnections(server)
  return server
}

/** Closing the server is also the end of connections that it doesn't know of as its own. */
function endWith(server: Server, end: () => void): void {
  const close = server.closeAllConnections.bind(server)
  server.closeAllConnections = () => {
    end()
    close()
  }
}

function boundPlainConnections(server: Server): void {
  const plain = new Map<string, number>()
  const releases = new Map<string, () => void>()
  server.on('connection', socket => {
    const address = socket.remoteAddress ?? ''
    const count = (plain.get(address) ?? 0) + 1
    if (count > PLAIN_CONNECTIONS_PER_ADDRESS) return void socket.destroy()
    plain.set(address, count)
    const name = nameOf(socket)
    const release = () => {
      if (!releases.delete(name)) return
      const left = (plain.get(address) ?? 1) - 1
      if (left > 0) plain.set(address, left)
      else plain.delete(address)
    }
    releases.set(name, release)
    socket.once('close', release)
    socket.once(UPGRADED, release)
  })
  // With TLS it is another object over the same connection that becomes a socket.
  server.on('secureConnection', (socket: Socket) => socket.once(UPGRADED, () => releases.get(nameOf(socket))?.()))
}

const nameOf = ({ remoteAddress, remotePort }: Socket) => `${remoteAddress} ${remotePort}`

/** Emitted on a TCP connection that became a socket: from here on the socket's own limits count. */
export const UPGRADED = 'handhold:upgraded'
