import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { FALSE_RELAYS, type FalseRelay, startFalseRelay } from '#testing/false-relays.ts'
import { waitFor } from '#testing/wait-for.ts'
import { requestRelay } from './http.ts'
import { OperatorSocket } from './operator-socket.ts'

const TOKEN = 'a-token-that-nobody-else-may-have'
let folder: string
let relay: FalseRelay | undefined
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handhold-tls-'))
})
afterEach(async () => {
  delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
  await relay?.close()
  await rm(folder, { recursive: true })
})

const ask = (origin: string) => requestRelay(origin, { method: 'GET', path: '/v1/me', token: TOKEN })

async function dial(origin: string, told: () => boolean): Promise<void> {
  const nothing = () => undefined
  const socket = new OperatorSocket({
    origin,
    token: TOKEN,
    onMessage: nothing,
    onState: nothing,
    onUnauthenticated: nothing,
  })
  await waitFor('the socket to be tried', told)
  socket.close()
}

it.each(FALSE_RELAYS)(
  'A116 A125 tells nothing to a relay with a certificate %s, whatever the environment says',
  async kind => {
    relay = await startFalseRelay(folder, kind)
    const { url, received, handshakes } = relay
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
    await dial(url, () => handshakes() > 0)
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
    await expect(ask(url)).rejects.toMatchObject({ code: 'relay-unreachable' })
    expect(received()).toBe('')
  },
)

it('tells the right one who it is', async () => {
  relay = await startFalseRelay(folder, 'right')
  const { url, received } = relay
  await expect(ask(url)).rejects.toMatchObject({ code: 'internal' })
  await dial(url, () => received().includes('/v1/operator/socket'))
  expect(received().split(TOKEN)).toHaveLength(3)
})
