import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ManualClock } from '#testing/manual-clock.ts'
import { TestPolicy } from '#testing/policy.ts'
import { TestRelay } from '#testing/relay.ts'
import { TestSession } from '#testing/relay-session.ts'

let relay: TestRelay
let isAway = true
let refused = 0
const received: string[] = []
const target = createServer(async (request, response) => {
  let body = ''
  for await (const chunk of request) body += chunk
  if (isAway) refused++
  else received.push(...body.trim().split('\n'))
  response.writeHead(isAway ? 503 : 204).end()
})
const clock = new ManualClock()

beforeEach(async () => {
  await new Promise<void>(resolve => target.listen(0, '127.0.0.1', resolve))
  const auditHeadsUrl = `http://127.0.0.1:${(target.address() as AddressInfo).port}/`
  relay = await TestRelay.start({ clock, config: { auditHeadsUrl } })
})
afterEach(async () => {
  await relay.close()
  await new Promise(resolve => target.close(resolve))
})

/** Time passes until the relay has come to it. */
const pass = (check: () => void) =>
  vi.waitFor(
    () => {
      clock.advance(15_000)
      check()
    },
    { timeout: 20_000, interval: 10 },
  )

it('A164 a group with strict audit takes no session while heads can’t be copied; the alarm is in the audit, and all of it is copied later', async () => {
  const session = await TestSession.connect(relay)
  const policy = new TestPolicy(relay, session.token)
  await policy.set(await policy.rootId(), { strictAudit: true })
  // One try every 15 seconds: five minutes and a little more.
  await pass(() => expect(refused).toBeGreaterThan(22))
  await expect(session.request()).rejects.toThrow('audit-unavailable')
  isAway = false
  await pass(() => expect(received.length).toBeGreaterThan(1))
  await vi.waitFor(() => session.request())
})
