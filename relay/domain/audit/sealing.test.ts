import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { readStatement } from '#protocol/trust/signed.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { TestRelay } from '#testing/relay.ts'
import { AUDIT_HEAD } from './statements.ts'

const DAY_MS = 24 * 60 * 60_000
const WAIT = { timeout: 20_000, interval: 100 }

let relay: TestRelay
let token: string
const clock = new ManualClock()
/** What a person has done to the clock; timers don't follow them. */
let offsetMs = 0
beforeEach(async () => {
  offsetMs = 0
  relay = await TestRelay.start({
    clock: { nowMs: () => clock.nowMs() + offsetMs, setTimer: clock.setTimer },
  })
  token = await relay.signIn()
})
afterEach(() => relay.close())

async function headsOf(chain: string) {
  const file = join(relay.dataDir, 'audit-heads.jsonl')
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : []
  const heads = await Promise.all(lines.map(line => readStatement(AUDIT_HEAD, line)))
  return heads.map(({ claims }) => claims).filter(claims => claims.chain === chain)
}

async function organisationHeads() {
  const me = (await relay.call('GET', '/v1/me', { token })).body as { organisation: { id: string } }
  return () => headsOf(me.organisation.id)
}

it('a clock that jumps by more than a year makes one head of what there is, and goes on from there', async () => {
  const heads = await organisationHeads()
  const before = (await heads()).length
  await relay.mintEnrolmentToken(token)
  clock.advance(400 * DAY_MS)
  await vi.waitFor(async () => expect(await heads()).toHaveLength(before + 1), WAIT)
  // Closing seals what came since; the second start finds nothing that another head would be for.
  await relay.restart()
  await relay.restart()
  const all = await heads()
  expect(all.length).toBeLessThanOrEqual(before + 2)
  expect(all.slice(1).map(head => head.after)).toEqual(all.slice(0, -1).map(head => head.position))
})

it('A137 a clock that is set back puts no head off', async () => {
  const heads = await organisationHeads()
  const before = (await heads()).length
  await relay.mintEnrolmentToken(token)
  offsetMs = -DAY_MS
  await vi.waitFor(async () => {
    clock.advance(5_000)
    expect(await heads()).toHaveLength(before + 1)
  }, WAIT)
})
