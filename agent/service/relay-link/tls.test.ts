import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { FALSE_RELAYS, type FalseRelay, startFalseRelay } from '#testing/false-relays.ts'
import { systemClock } from '../../links/clock.ts'
import { postJson } from '../http-client.ts'
import { type ConnectionEnd, RelayConnection } from './connection.ts'

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

const enrol = (url: string) =>
  postJson(new URL('/v1/enrol', url), { token: 'an-enrolment-token' }, new AbortController().signal)

function dial(relayUrl: string): Promise<ConnectionEnd> {
  return new Promise(onClosed => {
    new RelayConnection({
      relayUrl,
      clock: systemClock,
      makeHello: () => Promise.reject(new Error('nobody greeted')),
      onWelcome: () => undefined,
      onRelayTime: () => undefined,
      onStandby: () => undefined,
      onMessage: async () => undefined,
      onProblem: () => undefined,
      onClosed,
    })
  })
}

it.each(FALSE_RELAYS)(
  'A116 A125 a device tells nothing to a relay with a certificate %s, whatever the environment says',
  async kind => {
    relay = await startFalseRelay(folder, kind)
    const { url, received } = relay
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
    await expect(enrol(url)).rejects.toMatchObject({ code: 'relay-unreachable' })
    expect(await dial(url)).toMatchObject({ code: 1006, isAuthentic: false })
    expect(received()).toBe('')
  },
)

it('a device tells the right one what it has', async () => {
  relay = await startFalseRelay(folder, 'right')
  const { url, received } = relay
  expect(await enrol(url)).toMatchObject({ status: 418 })
  expect(await dial(url)).toMatchObject({ why: 'the relay answered 418' })
  expect(received()).toContain('an-enrolment-token')
})
