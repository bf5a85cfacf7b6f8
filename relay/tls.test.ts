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

it('A44 serves TLS itself with a certificate and a key, TURN on the same port, and more devices of one address than it may have strangers', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'handhold-tls-'))
  const { certFile, keyFile } = makeCertificate(folder)
  const relay = await TestRelay.start({ withoutAdmin: true, config: { tls: { certFile, keyFile } } })
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
