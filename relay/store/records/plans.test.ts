import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { type CompiledQuery, Kysely, SqliteDialect } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DEVICE_SORTS } from '#protocol/records-http.ts'
import { fillFleet, fillGroups, fleetId } from '#testing/fleet.ts'
import { isScan, planOf } from '#testing/query-plans.ts'
import type { AuditFilter } from '../../domain/audit.ts'
import { tokensOf } from '../../domain/records/search-tokens.ts'
import type { DeviceKey, DeviceQuery } from '../../domain/records/store.ts'
import { KyselyAuditWriter } from '../audit/writer.ts'
import { KyselyOperatingWriter } from '../operating/store.ts'
import { KyselyReader } from '../reader.ts'
import { SqliteStore } from '../store.ts'
import type { Tables } from '../tables.ts'
import { pageOfIds } from './device-list.ts'

const ORGANISATION = fleetId('organisation', 900_001)
const OTHER = fleetId('organisation', 900_002)

let folder: string
let database: Sqlite.Database
let asked: CompiledQuery[]
let reader: KyselyReader
let writable: Kysely<Tables>
let others: readonly string[]
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handhold-plans-'))
  const file = join(folder, 'relay.db')
  await new SqliteStore(file).close()
  database = new Sqlite(file)
  for (const [id, name] of [
    [ORGANISATION, 'Example'],
    [OTHER, 'Other'],
  ])
    database.prepare('insert into organisation (id, name, created_at_ms) values (?, ?, 0)').run(id, name)
  // More than are looked at one by one, so that both ways through a tag are planned.
  const fleet = {
    organisationId: ORGANISATION,
    groupIds: fillGroups(database, ORGANISATION, 100),
    devices: 2_400,
    nowMs: 1e12,
  }
  fillFleet(database, fleet)
  const groupIds = fillGroups(database, OTHER, 3, 1_000)
  others = fillFleet(database, { organisationId: OTHER, groupIds, devices: 50, nowMs: 1e12, firstNumber: 10_000 })
  asked = []
  const dialect = new SqliteDialect({ database })
  writable = new Kysely<Tables>({ dialect, log: ({ query }) => void asked.push(query) })
  reader = new KyselyReader(writable)
})
afterAll(async () => {
  database.close()
  await rm(folder, { recursive: true })
})
beforeEach(() => void asked.splice(0))

/** Every step of the plan of every question since the last call. */
const plans = (): string[] => asked.splice(0).flatMap(question => planOf(database, question))

const query: DeviceQuery = {
  organisationId: ORGANISATION,
  groupIds: null,
  pendingGroupIds: null,
  sort: 'name',
  isDescending: false,
}
const MANY_GROUPS = Array.from({ length: 90 }, (_, index) => fleetId('group', index))
const FILTERS: Record<string, Partial<DeviceQuery>> = {
  'without a filter': {},
  'by status': { status: 'active' },
  'by presence': { isOnline: true },
  'by platform': { platform: 'linux' },
  'by a rare tag': { tag: 'rare' },
  'by a common tag': { tag: 'common' },
  'by a rare word': { text: 'pc-777' },
  'by a common word': { text: 'kiosk' },
  'by the start of a word': { text: 'pc' },
  'by a common word and a tag': { text: 'kiosk', tag: 'berlin' },
  'by a short word and a tag': { text: 'ki', tag: 'berlin' },
  'by a word and a common tag': { text: 'kiosk', tag: 'common' },
  'by a word and a tag': { text: 'kiosk-77 optiplex', tag: 'common' },
  'of some groups': { groupIds: [fleetId('group', 1), fleetId('group', 2)] },
  'by a word in some groups': { text: 'kiosk', groupIds: [fleetId('group', 1), fleetId('group', 2)] },
  'by a word and a tag in some groups': {
    text: 'kiosk',
    tag: 'lyon',
    groupIds: [fleetId('group', 1), fleetId('group', 2)],
  },
  'by a short word in some groups': { text: 'ki', groupIds: [fleetId('group', 1), fleetId('group', 2)] },
  'by a common tag in some groups': { tag: 'common', groupIds: [fleetId('group', 1), fleetId('group', 2)] },
  'of many groups': { groupIds: MANY_GROUPS, pendingGroupIds: [fleetId('group', 1)] },
  'by a common word in many groups': { text: 'kiosk', groupIds: MANY_GROUPS },
  'by a rare tag in many groups': { tag: 'rare', groupIds: MANY_GROUPS },
}

const AUDIT_FILTERS: readonly AuditFilter[] = [
  { action: 'session.ended' },
  { person: 'ada@example.org' },
  { deviceId: 'dev_1' },
  { fromMs: 1, toMs: 2 },
  { action: 'session.ended', person: 'ada@example.org', deviceId: 'dev_1', fromMs: 1, toMs: 2 },
]

describe('A146 no question reads a whole table', () => {
  it.each(Object.entries(FILTERS))(
    'the list of devices %s, in every order, first and later pages',
    async (_, filter) => {
      for (const sort of DEVICE_SORTS)
        for (const isDescending of [false, true]) {
          const sorted = { ...query, ...filter, sort, isDescending }
          const { devices } = await reader.records.page(sorted, { limit: 2, countMax: 10_001 })
          await reader.records.page(sorted, { after: devices[1]?.sortKey, limit: 2 })
        }
      const steps = plans()
      expect(steps.length).toBeGreaterThan(10)
      expect(steps.filter(isScan)).toEqual([])
    },
  )

  it.each(Object.entries(FILTERS))(
    'the list of devices %s: nothing that was found is sought once for each group',
    async (_, filter) => {
      await reader.records.page({ ...query, ...filter }, { limit: 2, countMax: 10_001 })
      expect(plans().filter(step => /device_by_id .*group_id=/.test(step))).toEqual([])
    },
  )

  it('a page of the whole list comes sorted out of an index', async () => {
    for (const sort of DEVICE_SORTS) await reader.records.page({ ...query, sort }, { limit: 50 })
    expect(plans().filter(step => step.includes('TEMP B-TREE'))).not.toContain('USE TEMP B-TREE FOR ORDER BY')
  })

  it('the audit, the policy, a sign-in, and a device with what belongs to it', async () => {
    await reader.auditRows(ORGANISATION, 1_000, 100)
    for (const filter of AUDIT_FILTERS) await reader.auditRows(ORGANISATION, 1_000, 100, filter)
    await reader.policy.version(ORGANISATION)
    await reader.policy.rows(ORGANISATION)
    await reader.login('hash')
    await reader.device('dev_1')
    await reader.records.inventory('dev_1')
    await reader.records.tags(['dev_1'])
    await reader.records.notes('dev_1', [1, 'not_1'], 10)
    await reader.records.spans('dev_1', 5, 10)
    await reader.records.filters('usr_1')
    await reader.records.unindexed(10)
    await reader.records.present()
    await reader.openSessionsOfDevice('dev_1')
    await reader.openSessionsOfOperator('usr_1')
    const sight = { organisationId: ORGANISATION, userId: 'usr_1', groupIds: null }
    for (const q of [undefined, 'printer', 'pr'])
      await reader.sessionLog.page(sight, { q, state: 'all', limit: 50, after: { requestedAtMs: 1, id: 'ses_1' } })
    await reader.sessionLog.shells(ORGANISATION, 'ses_1', 200)
    await reader.sessionLog.unindexed(10)
    for (const status of ['dead', 'retrying'] as const)
      for (const webhookId of [undefined, 'whk_1'])
        await reader.webhooks.failed(ORGANISATION, {
          status,
          webhookId,
          after: { createdAtMs: 1, id: 'whd_1' },
          limit: 50,
        })
    expect(plans().filter(isScan)).toEqual([])
  })
})

describe('A146 what runs by itself reads no whole table', () => {
  it('retention and export of the audit, presence, facts', async () => {
    const writer = new KyselyOperatingWriter(writable)
    await writer.auditSequence()
    await writer.auditAfter(5, 500)
    await writer.exported('file')
    await writer.retention(ORGANISATION)
    await writer.lastAuditRowBefore(ORGANISATION, 1, 1_000)
    await writer.lastAuditRowBefore('server', 1, 1_000)
    const chain = new KyselyAuditWriter(writable)
    await chain.sealedTo(ORGANISATION)
    await chain.lastSequence()
    await chain.hashes(ORGANISATION, 0, 1_000)
    await chain.bury({ chain: ORGANISATION, position: 1, statement: '' })
    await chain.headsAfter(1, 50)
    await writer.deletePresence(ORGANISATION, 1, 1_000)
    await writer.deleteInventories(ORGANISATION, 1, 100)
    expect(plans().filter(isScan)).toEqual([])
  })

  it('webhooks: whom something is due to, and what; no sorting either', async () => {
    await reader.webhooks.receiversDue(1)
    await reader.webhooks.due('whk_1', 1, 4)
    expect(plans().filter(step => isScan(step) || step.includes('TEMP B-TREE'))).toEqual([])
  })

  it('the numbers for monitoring: only indexes of what is open, waiting or given up', async () => {
    const operating = new KyselyOperatingWriter(writable)
    await operating.openSessionCounts()
    await operating.deliveryCounts()
    expect(plans().filter(isScan)).toEqual([])
  })
})

describe('a page of devices', () => {
  const walk = async (filter: Partial<DeviceQuery>) => {
    const found: string[] = []
    let after: DeviceKey | undefined
    for (;;) {
      const { devices: rows } = await reader.records.page({ ...query, ...filter }, { after, limit: 200 })
      found.push(...rows.map(({ id }) => id))
      after = rows.at(-1)?.sortKey
      if (rows.length < 200) return found
    }
  }

  it.each(Object.entries(FILTERS))(
    '%s: page after page has each device once, in every order, as many as are counted',
    async (_, filter) => {
      const { total } = await reader.records.page({ ...query, ...filter }, { limit: 1, countMax: 10_001 })
      for (const sort of DEVICE_SORTS) {
        const up = await walk({ ...filter, sort })
        const down = await walk({ ...filter, sort, isDescending: true })
        expect(up.length).toBe(total)
        expect(new Set(up).size).toBe(total)
        expect(down).toEqual(up.toReversed())
      }
    },
  )

  it('is the same where more is found than is looked at one by one', async () => {
    for (const filter of [
      FILTERS['by a common word'],
      FILTERS['by a word and a common tag'],
      { text: 'kiosk optiplex' },
    ])
      for (const sort of DEVICE_SORTS) {
        const sorted = { ...query, ...filter, sort }
        asked.splice(0)
        const walked = await pageOfIds(writable, sorted, { limit: 60, countMax: 10_001 }, 20)
        expect(plans().filter(isScan)).toEqual([])
        expect(walked).toEqual(await pageOfIds(writable, sorted, { limit: 60, countMax: 10_001 }))
        expect(walked.total).toBeGreaterThan(60)
      }
  })

  it('A47 never has one of another organisation, whatever is searched', async () => {
    const theirs = new Set(others)
    for (const { groupIds: _, ...filter } of Object.values(FILTERS)) {
      const rows = await walk({ ...filter, organisationId: OTHER })
      expect(rows.filter(id => !theirs.has(id))).toEqual([])
    }
    expect(await walk({ organisationId: OTHER, text: 'kiosk-777' })).toEqual([])
    expect(await walk({ organisationId: OTHER, text: fleetId('device', 3) })).toEqual([])
  })

  it('A47 a search reads no entry of another organisation: its words are others there', () => {
    const entries = database.prepare('select count(*) as n from device_fts where device_fts match ?')
    const tokens = tokensOf(OTHER, 'optiplex')
    expect(tokens.length).toBeGreaterThan(5)
    // They have 50 devices. What the 2,400 of the first organisation have is not among what is read.
    for (const token of tokens) expect(Number(entries.pluck().get(`"${token}"`))).toBeLessThanOrEqual(50)
  })
})
