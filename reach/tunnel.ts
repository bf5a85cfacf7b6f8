import { request as requestHttps } from 'node:https'
import { isIP, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import { refusalWords } from './proxy.ts'

const WITHIN_MS = 15_000

/**
 * A connection to the relay's port through the proxy. Inside TLS where the relay has it, and beside that where its certificate is of an authority that this
 * program doesn't know: TURN is behind both, and authenticated by itself. Rejects with what a person can do about it.
 */
export async function openTunnel(proxy: string, relayUrl: string): Promise<Duplex> {
  const { protocol, hostname, port } = new URL(relayUrl)
  const isTls = protocol === 'https:'
  const dial = () => throughProxy(new URL(proxy), `${hostname}:${port || (isTls ? 443 : 80)}`)
  const socket = await dial()
  return isTls ? secured(socket, hostname.replace(/^\[|\]$/g, '')).catch(dial) : socket
}

function secured(socket: Socket, host: string): Promise<Duplex> {
  const secure = connectTls({
    socket,
    host,
    ...(isIP(host) === 0 && { servername: host }),
    // Said here, because a variable of the environment could say otherwise.
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
  })
  return new Promise((resolve, reject) => {
    secure.once('error', reject)
    secure.once('secureConnect', () => resolve(secure))
  })
}

function throughProxy(proxy: URL, to: string): Promise<Socket> {
  const { username, password } = proxy
  const name = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  // Imported, this module would load the whole of Node's own fetch into programs that never use it.
  const { request: requestHttp } = process.getBuiltinModule('node:http')
  const request = (proxy.protocol === 'https:' ? requestHttps : requestHttp)({
    method: 'CONNECT',
    host: proxy.hostname.replace(/^\[|\]$/g, ''),
    port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
    path: to,
    agent: false,
    timeout: WITHIN_MS,
    headers: {
      host: to,
      ...(username !== '' && { 'proxy-authorization': `Basic ${Buffer.from(name).toString('base64')}` }),
    },
  })
  return new Promise((resolve, reject) => {
    request.once('connect', ({ statusCode }, socket: Socket) => {
      if (statusCode === 200) return resolve(socket.setTimeout(0))
      socket.destroy()
      reject(new Error(refusalWords(statusCode)))
    })
    request.once('response', ({ statusCode }) => {
      request.destroy()
      reject(new Error(refusalWords(statusCode)))
    })
    request.once('timeout', () => request.destroy(new Error('the proxy didn’t answer')))
    request.once('error', reject)
    request.end()
  })
}
