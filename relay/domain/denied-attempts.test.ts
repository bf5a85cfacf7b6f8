import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ManualClock } from '#testing/manual-clock.ts'
import { SqliteStore } from '../store/store.ts'
import { DeniedAttempts } from './denied-attempts.ts'

let folder: string
let store: SqliteStore
let clock: ManualClock
let denied: DeniedAttempts
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handhold-denied-'))
  store = new SqliteStore(join(folder, 'relay.db'))
  clock = new ManualClock()
  const quiet = () => undefined
  denied = new DeniedAttempts(store, clock, { info: quiet, warn: quiet, error: quiet })
})
afterEach(async () => {
  await denied.close()
  await store.close()
  await rm(folder, { recursive: true })
})

const attempt = (address: string, organisationId: string | null = 'org_a') =>
  denied.record({
    organisationId,
    actor: { kind: 'stranger', address },
    action: 'enrolment.denied',
    subject: 'enrolment',
    detail: { code: 'token.invalid' },
  })
const rowsOf = (organisationId: string) => store.read.auditRows(organisationId, 10_000, 5_000)

describe('refused attempts', () => {
  it('are a row at once, and their repeats one with their number a minute later', async () => {
    for (let index = 0; index < 1_000; index++) attempt('192.0.2.1')
    clock.advance(60_000)
    await denied.close()
    expect((await rowsOf('org_a')).map(({ detail }) => detail.repeated)).toEqual([999, undefined])
  })

  it('A138 of ever other addresses don’t fill the database, and hide nothing of another organisation’s', async () => {
    const addresses = 2_000
    for (let index = 0; index < addresses; index++) {
      attempt(`2001:db8::${index.toString(16)}`)
      if (index === addresses / 2) attempt('192.0.2.1', 'org_b')
    }
    clock.advance(60_000)
    await denied.close()
    const flood = await rowsOf('org_a')
    // 500, and one for the rest at its beginning and at its end.
    expect(flood).toHaveLength(502)
    expect(flood[0]?.detail).toMatchObject({ crowd: true, repeated: addresses - 501 })
    expect((await rowsOf('org_b')).map(({ actor }) => actor)).toEqual(['stranger 192.0.2.1'])
  })

  it('go on to be few for as long as the flood lasts', async () => {
    for (let minute = 0; minute < 3; minute++) {
      for (let index = 0; index < 600; index++) attempt(`2001:db8:${minute}::${index}`)
      clock.advance(60_000)
    }
    await denied.close()
    expect((await rowsOf('org_a')).length).toBeLessThanOrEqual(500 + 3 * (30 + 2))
  })
})
