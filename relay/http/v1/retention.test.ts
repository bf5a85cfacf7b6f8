import { join } from 'node:path'
import Sqlite, { type Database } from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ManualClock } from '#testing/manual-clock.ts'
import { TestRelay } from '#testing/relay.ts'
import { waitFor } from '#testing/wait-for.ts'
import { AuditAppender } from '../../store/audit/appender.ts'

const DAY_MS = 24 * 60 * 60_000
const KEEP = { auditDays: null, historyDays: null, recordingDays: null }
let clock: ManualClock
let relay: TestRelay
let admin: string
let database: Database
beforeEach(async () => {
  clock = new ManualClock()
  relay = await TestRelay.start({ clock, config: { historyDays: 60 } })
  admin = await relay.signIn()
  database = new Sqlite(join(relay.dataDir, 'relay.db'))
})
afterEach(async () => {
  database.close()
  await relay.close()
})

const put = (body: unknown, token = admin) => relay.call('PUT', '/v1/retention', { token, body })
const count = (sql: string, ...values: unknown[]) =>
  Number(
    database
      .prepare(`select count(*) from ${sql}`)
      .pluck()
      .get(...values),
  )

/** Rows of the audit, one for each of the days before today. */
function fillAudit(organisationId: string | null, days: number): void {
  const appender = new AuditAppender(database)
  const row = { organisationId, actor: 'relay', action: 'test', subject: 'x', detail: '{}' }
  database.transaction(() => {
    for (let day = days; day > 0; day--) appender.append({ ...row, atMs: clock.nowMs() - day * DAY_MS })
  })()
}

/** Every row of an organisation, as only somebody with the file can remove them. */
function emptyAudit(organisationId: string): void {
  const guard = String(database.prepare("select sql from sqlite_master where name = 'audit_keeps_rows'").pluck().get())
  database.exec('drop trigger audit_keeps_rows')
  database.prepare('delete from audit where organisation_id = ?').run(organisationId)
  database.prepare('delete from audit_head where chain = ?').run(organisationId)
  database.exec(guard)
}

/** The run of the day begins ten minutes after the start; `isDone` sees its effect. */
async function runOfTheDay(what: string, isDone: () => boolean): Promise<void> {
  clock.advance(10 * 60_000)
  await waitFor(what, isDone)
}

describe('how long things are kept', () => {
  it("is the relay's configuration until the organisation says something, and each change is in the audit", async () => {
    const unsaid = { own: KEEP, effective: { ...KEEP, historyDays: 60 } }
    expect((await relay.call('GET', '/v1/retention', { token: admin })).body).toEqual(unsaid)
    const own = { auditDays: 365, historyDays: 7, recordingDays: 30 }
    expect((await put(own)).body).toEqual({ own, effective: own })
    const { body } = await relay.call('GET', '/v1/audit?limit=1', { token: admin })
    expect(body).toMatchObject({ entries: [{ action: 'retention.changed', detail: own }] })
    const device = await relay.enrol(await relay.mintEnrolmentToken(admin))
    const socket = await relay.openAgentSocket(device)
    expect(await socket.waitFor('welcome')).toMatchObject({ recordingDays: 30 })
  })

  it('A50 A140 is set by an administrator with a fresh proof, for a month of the audit at least', async () => {
    expect(await put({ ...KEEP, auditDays: 29 })).toMatchObject({ status: 400 })
    expect(await put({ ...KEEP, organisationId: 'org_x' })).toMatchObject({ status: 400 })
    const bob = await relay.signIn(await relay.addOperator(admin, 'bob@example.org'))
    expect((await put({ ...KEEP, auditDays: 30 }, bob)).status).toBe(403)
    clock.advance(5 * 60_000 + 1)
    expect(await put({ ...KEEP, auditDays: 30 })).toMatchObject({ status: 401, body: { code: 'step-up-required' } })
  })
})

describe('the run of the day', () => {
  it('takes the oldest rows of the audit, in parts, and says so; those of others stay', async () => {
    await put({ ...KEEP, auditDays: 30 })
    const { organisation } = await relay.addOrganisation('Other Ltd', 'otto@example.net')
    const ours = String(database.prepare("select id from organisation where name = 'Example Ltd'").pluck().get())
    // What was there before the test is of today and comes first: a clock that was set back keeps rows longer, never shorter.
    emptyAudit(ours)
    fillAudit(ours, 1_400)
    fillAudit(organisation.id, 100)
    fillAudit(null, 100)
    clock.advance(65_000)
    await waitFor('the heads', () => count('audit_head where chain = ? and position = 1400', ours) === 1)
    await runOfTheDay('the purge', () => count("audit where action = 'audit.purged'") === 2)
    expect(count("audit where action = 'test' and organisation_id = ?", ours)).toBe(29)
    expect(count("audit where action = 'test' and organisation_id = ?", organisation.id)).toBe(100)
    expect(count("audit where action = 'test' and organisation_id is null")).toBe(100)
    expect(() => database.exec("delete from audit where action = 'audit.purged'")).toThrow('append-only')
  })

  it('takes presence and facts that are older, by what each organisation says', async () => {
    const device = await relay.enrol(await relay.mintEnrolmentToken(admin))
    const socket = await relay.openAgentSocket(device)
    await socket.waitFor('welcome')
    await socket.close()
    await waitFor('its end', () => count('presence_span where to_ms is not null') === 1)
    const insert = database.prepare('insert into presence_span (device_id, from_ms, to_ms) values (?, ?, ?)')
    for (const days of [100, 61, 59]) {
      const atMs = clock.nowMs() - days * DAY_MS
      insert.run(device.deviceId, atMs - 1_000, atMs)
    }
    const facts = database.prepare("insert or replace into device_inventory values (?, '{}', ?)")
    facts.run(device.deviceId, clock.nowMs() - 61 * DAY_MS)
    await runOfTheDay('the deletion', () => count("audit where action = 'history.deleted'") === 1)
    expect(count('presence_span')).toBe(2)
    expect(count('device_inventory')).toBe(0)
  })
})
