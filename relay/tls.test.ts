import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { makeCertificate } from '#testing/certificate.ts'
import { TestRelay } from '#testing/relay.ts'
import { TurnClient } from '#testing/turn-client.ts'
import { METHOD } from './turn/stun/message.ts'

it('A29 A44 serves TLS itself with a certificate and a key, TURN on the same port, no socket to anything with an Origin, and more devices of one address than it may have strangers', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'handhold-tls-'))
  const { certFile, keyFile } = makeCertificate(folder)
  const relay = await TestRelay.start({
    withoutAdmin: true,
    config: { tls: { certFile, keyFile }, trustedProxyHops: 1 },
  })
  const status = await new Promise((resolve, reject) => {
    const request = get(new URL('/healthz', relay.url), { rejectUnauthorized: false }, response => {
      response.resume()
      resolve(response.statusCode)
    })
    request.once('error', reject)
  })
  expect(relay.url).toMatch(/^https:/)
  expect(status).toBe(200)
  // TURN is on the same port, behind TLS and without: clients with no way to trust the certificate have the second.
  for (const how of ['as its address says', 'plain'] as const) {
    const client = await TurnClient.open(relay.url, how)
    expect(await client.ask(METHOD.allocate, [])).toBe(401)
    await client.close()
  }
  // A29 Nothing of a browser's gets a socket here: not through a proxy's headers, and not where the certificate is one that nobody knows.
  for (const path of ['/v1/operator/socket', '/v1/agent/socket']) {
    const own = new URL(relay.url)
    for (const origin of [
      'https://evil.example',
      'null',
      own.origin,
      `http://${own.host}`,
      'https://sub.relay.example',
    ]) {
      const headers = { origin, host: origin === 'null' ? own.host : new URL(origin).host }
      const proxied = {
        ...headers,
        'x-forwarded-for': '192.0.2.1',
        'x-forwarded-proto': 'https',
        'x-forwarded-host': own.host,
      }
      for (const said of [headers, proxied])
        expect([path, said, await upgradeStatus(relay.url, path, said)]).toEqual([path, said, 403])
    }
    const known = path === '/v1/agent/socket' ? 101 : 401
    // What a proxy says of where somebody comes from opens nothing that the address itself doesn't.
    expect(await upgradeStatus(relay.url, path, { 'x-forwarded-for': '127.0.0.1', forwarded: 'for=127.0.0.1' })).toBe(
      known,
    )
  }
  // More than the connections that an address may have which are none: a fleet behind one address.
  const url = new URL('/v1/agent/socket', relay.url.replace(/^http/, 'ws'))
  const sockets: WebSocket[] = []
  for (let batch = 0; batch < 3; batch++) {
    const some = Array.from({ length: 90 }, () => new WebSocket(url, { rejectUnauthorized: false }))
    await Promise.all(some.map(socket => once(socket, 'open')))
    sockets.push(...some)
  }
  for (const socket of sockets) socket.terminate()
  await relay.close()
  await rm(folder, { recursive: true })
})

/** 101 where a socket came to be. */
function upgradeStatus(relayUrl: string, path: string, headers: Record<string, string>): Promise<number> {
  const socket = new WebSocket(new URL(path, relayUrl.replace(/^http/, 'ws')), { headers, rejectUnauthorized: false })
  return new Promise((resolve, reject) => {
    const settle = (status: number) => {
      socket.terminate()
      resolve(status)
    }
    socket.once('open', () => settle(101))
    socket.once('unexpected-response', (_request, response) => settle(response.statusCode ?? 0))
    socket.on('error', reject)
  })
}
