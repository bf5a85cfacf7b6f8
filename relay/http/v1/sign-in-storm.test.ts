import { type AsyncHook, createHook } from 'node:async_hooks'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ADMIN, TestRelay } from '#testing/relay.ts'
import { SCRYPT } from '../../identity/credentials.ts'

/** More than the two that are hashed at once, the 64 that wait (relay/identity/credentials.ts) and those that are done before the last one comes. */
const GUESSES = 150

let relay: TestRelay
let hashes: number
let running: Set<number>
let mostAtOnce: number
let hook: AsyncHook
beforeEach(async () => {
  relay = await TestRelay.start({ passwordHashing: SCRYPT, config: { trustedProxyHops: 1 } })
  hashes = 0
  mostAtOnce = 0
  running = new Set()
  hook = createHook({
    init(id, type) {
      if (type !== 'SCRYPTREQUEST') return
      hashes++
      mostAtOnce = Math.max(mostAtOnce, running.add(id).size)
    },
    // The work is done when its answer is about to be heard.
    before: id => void running.delete(id),
  }).enable()
})
afterEach(async () => {
  hook.disable()
  await relay.close()
})

it('A145 a storm of sign-ins: few are hashed, the others are refused before any work, and the rest of the relay answers meanwhile', async () => {
  const token = await relay.signIn()
  hashes = 0
  let answered = 0
  const guesses = Array.from({ length: GUESSES }, async (_, index) => {
    const headers = { 'x-forwarded-for': `198.51.${index % 250}.${1 + (index % 200)}` }
    const body = { email: `user${index}@example.org`, password: 'a password of nobody' }
    const { status } = await relay.call('POST', '/v1/sign-in', { body, headers })
    answered++
    return status
  })
  // Asked after them, and answered while they are still hashed.
  expect((await relay.call('GET', '/v1/me', { token })).status).toBe(200)
  expect(answered).toBeLessThan(GUESSES)
  const statuses = await Promise.all(guesses)
  expect(new Set(statuses)).toEqual(new Set([401, 429]))
  expect(hashes).toBe(statuses.filter(status => status === 401).length)
  expect(mostAtOnce).toBeLessThanOrEqual(2)
  // Whoever comes after it gets in.
  expect(await relay.signIn(ADMIN)).toMatch(/^hhl_/)
}, 60_000)
