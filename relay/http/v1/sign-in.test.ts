import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ManualClock } from '#testing/manual-clock.ts'
import { ADMIN, TestRelay } from '#testing/relay.ts'

const MINUTE = 60_000
let clock: ManualClock
let relay: TestRelay
beforeEach(async () => {
  clock = new ManualClock()
  relay = await TestRelay.start({ clock, config: { trustedProxyHops: 1 } })
})
afterEach(() => relay.close())

const attempt = (email: string, password: string, from = '192.0.2.1') =>
  relay.call('POST', '/v1/sign-in', { body: { email, password }, headers: { 'x-forwarded-for': from } })

describe('POST /v1/sign-in', () => {
  it('gives a token that is in no file of the relay', async () => {
    const token = await relay.signIn()
    expect(await relay.call('GET', '/v1/me', { token })).toMatchObject({
      status: 200,
      body: { user: { email: ADMIN.email } },
    })
    for (const file of ['relay.db', 'relay.db-wal']) {
      const bytes = await readFile(join(relay.dataDir, file))
      expect(bytes.includes(token)).toBe(false)
      expect(bytes.includes(ADMIN.password)).toBe(false)
    }
  })

  it('A17 answers an unknown account and a wrong password alike', async () => {
    const unknown = await attempt('nobody@example.org', 'whatever it is')
    const wrong = await attempt(ADMIN.email, 'whatever it is')
    expect(wrong.status).toBe(401)
    expect(wrong.status).toBe(unknown.status)
    expect(wrong.body).toEqual(unknown.body)
  })

  it('takes the address in any case', async () => {
    expect((await attempt('ADA@Example.org', ADMIN.password)).status).toBe(200)
  })

  it('A19 stops the sixth failure for one account, with the right password too, until 15 minutes have passed', async () => {
    for (let index = 0; index < 5; index++)
      expect((await attempt(ADMIN.email, 'wrong', `192.0.2.${index}`)).status).toBe(401)
    expect(await attempt(ADMIN.email, ADMIN.password, '192.0.2.99')).toMatchObject({
      status: 429,
      body: { code: 'rate-limited' },
    })
    clock.advance(15 * MINUTE)
    expect((await attempt(ADMIN.email, ADMIN.password)).status).toBe(200)
  })

  it('A19 counts parallel guesses before they are checked', async () => {
    const replies = await Promise.all(Array.from({ length: 12 }, () => attempt(ADMIN.email, 'wrong')))
    expect(replies.filter(({ status }) => status === 401)).toHaveLength(5)
  })

  it.each([
    ['one IPv4 address as one', () => '198.51.100.7', 20],
    ['the addresses of an IPv6 /56 as one', (index: number) => `2001:db8:1:${(0x1200 + index).toString(16)}::5`, 20],
    ['mapped IPv4 addresses each for itself', (index: number) => `::ffff:203.0.113.${index + 1}`, 24],
  ])('A19 a password sprayed over many accounts: %s', async (_name, addressOf, tried) => {
    const guesses = Array.from({ length: 24 }, (_, index) =>
      attempt(`user${index}@example.org`, 'spring', addressOf(index)),
    )
    const replies = await Promise.all(guesses)
    expect(replies.filter(({ status }) => status === 401)).toHaveLength(tried)
    expect(replies.filter(({ status }) => status === 429)).toHaveLength(24 - tried)
  })

  it('A26 refuses a megabyte of password before hashing it', async () => {
    expect((await attempt(ADMIN.email, 'x'.repeat(1024 * 1024))).status).toBe(413)
  })

  it('ends after an hour without activity', async () => {
    const token = await relay.signIn()
    clock.advance(59 * MINUTE)
    expect((await relay.call('GET', '/v1/me', { token })).status).toBe(200)
    clock.advance(59 * MINUTE)
    expect((await relay.call('GET', '/v1/me', { token })).status).toBe(200)
    clock.advance(60 * MINUTE)
    expect((await relay.call('GET', '/v1/me', { token })).status).toBe(401)
  })

  it('ends after 12 hours in spite of activity', async () => {
    const token = await relay.signIn()
    for (let index = 0; index < 14; index++) {
      clock.advance(50 * MINUTE)
      expect((await relay.call('GET', '/v1/me', { token })).status).toBe(200)
    }
    clock.advance(20 * MINUTE)
    expect((await relay.call('GET', '/v1/me', { token })).status).toBe(401)
  })

  it('ends with sign-out, sockets included', async () => {
    const token = await relay.signIn()
    const socket = await relay.openOperatorSocket(token)
    expect((await relay.call('POST', '/v1/sign-out', { token })).status).toBe(204)
    expect(await socket.closed).toBe(4401)
    expect((await relay.call('GET', '/v1/me', { token })).status).toBe(401)
  })
})
