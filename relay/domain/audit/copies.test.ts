import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { HeadsTarget } from '#testing/heads-target.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { TestPolicy } from '#testing/policy.ts'
import { TestRelay } from '#testing/relay.ts'
import { TestSession } from '#testing/relay-session.ts'

const clock = new ManualClock()
let target: HeadsTarget
let relay: TestRelay
beforeEach(async () => {
  target = await HeadsTarget.start()
  target.isAway = true
  relay = await TestRelay.start({ clock, config: { auditHeadsUrl: target.url } })
})
afterEach(async () => {
  await relay.close()
  await target.close()
})

it('A164 a group with strict audit takes no session while heads can’t be copied; the alarm is in the audit, and all of it is copied later', async () => {
  const session = await TestSession.connect(relay)
  const policy = new TestPolicy(relay, session.token)
  await policy.set(await policy.rootId(), { strictAudit: true })
  await target.beAwayLong(clock)
  await expect(session.request()).rejects.toThrow('audit-unavailable')
  await target.comeBack(clock, () => target.received.length > 1)
  await vi.waitFor(() => session.request(), { timeout: 15_000 })
})
