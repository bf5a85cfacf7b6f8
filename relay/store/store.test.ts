import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RELAY_ACTOR } from '../domain/audit.ts'
import { SqliteStore } from './store.ts'

let folder: string
let file: string
let store: SqliteStore
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handhold-store-'))
  file = join(folder, 'relay.db')
  store = new SqliteStore(file)
})
afterEach(async () => {
  await store.close()
  await rm(folder, { recursive: true })
})

const entry = { organisationId: 'org', atMs: 1, actor: RELAY_ACTOR, action: 'test', subject: 'x', detail: {} }

describe('the database', () => {
  it('A140 keeps the audit append-only, whoever asks', async () => {
    await store.write(tx => tx.audit(entry))
    const other = new Sqlite(file)
    expect(() => other.exec("update audit set action = 'nothing'")).toThrow('append-only')
    expect(() => other.exec('delete from audit')).toThrow('append-only')
    other.close()
    expect(await store.read.auditRows('org', 100, 10)).toHaveLength(1)
  })

  it('A140 lets nothing take the place of a row, a tombstone or a receipt, whichever way it is put in', async () => {
    await store.write(tx => tx.audit(entry))
    const other = new Sqlite(file)
    other.pragma('foreign_keys = OFF')
    other.exec(
      "insert into audit_tombstone values ('org', 0, 'signed'); insert into receipt values ('ses', 0, 'signed', 1)",
    )
    const row = (sequence: string, position: number) =>
      `audit values (${sequence}, 'org', 1, 'relay', 'nothing', 'x', '{}', 'org', ${position}, 'hash')`
    for (const [how, refusal] of [
      [row('1', 1), 'append-only'],
      // By its place alone, and by its number alone.
      [row('null', 1), 'append-only'],
      [row('1', 7), 'append-only'],
      ["audit_tombstone values ('org', 0, 'another')", 'append-only'],
      ["receipt values ('ses', 0, 'another', 1)", 'never changed'],
    ] as const) {
      expect(() => other.exec(`insert or replace into ${how}`)).toThrow(refusal)
      expect(() => other.exec(`replace into ${how}`)).toThrow(refusal)
    }
    expect(other.prepare('select action from audit').pluck().all()).toEqual(['test'])
    expect(other.prepare('select statement from audit_tombstone').pluck().all()).toEqual(['signed'])
    expect(other.prepare('select receipt from receipt').pluck().all()).toEqual(['signed'])
    other.close()
  })

  it('A138 writes an effect and its row together or neither', async () => {
    const failing = store.write(async tx => {
      await tx.insertOrganisation({ id: 'org', name: 'Example' }, 1)
      await tx.audit(entry)
      throw new Error('the disk is full')
    })
    await expect(failing).rejects.toThrow('the disk is full')
    expect(await store.read.organisation('org')).toBeUndefined()
    expect(await store.read.auditRows('org', 100, 10)).toEqual([])
  })

  it('is closed also when nothing was asked of it: the journal is written back', async () => {
    await store.write(tx => tx.audit(entry))
    await new SqliteStore(file).close()
    await store.close()
    await expect(stat(`${file}-wal`)).rejects.toThrow('ENOENT')
    await store.close()
  })

  it('is readable by its owner only, journal included', async () => {
    await store.write(tx => tx.audit(entry))
    for (const name of ['relay.db', 'relay.db-wal', 'relay.db-shm'])
      expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600)
  })

  it('opens again with what was in it, and refuses a file of a newer program', async () => {
    await store.write(tx => tx.audit(entry))
    await store.close()
    store = new SqliteStore(file)
    expect(await store.read.auditRows('org', 100, 10)).toHaveLength(1)
    await store.close()
    const newer = new Sqlite(file)
    const version = newer.pragma('user_version', { simple: true })
    newer.pragma('user_version = 99')
    newer.close()
    expect(() => new SqliteStore(file)).toThrow('start a newer relay')
    const older = new Sqlite(file)
    older.pragma(`user_version = ${version}`)
    older.close()
    store = new SqliteStore(file)
  })

  it('is at another moment after each commit, of this program or of another, and at no other time', async () => {
    const first = store.moment()
    await store.read.hasUsers()
    await expect(store.write(() => Promise.reject(new Error('taken back')))).rejects.toThrow('taken back')
    expect(store.moment()).toBe(first)
    await store.write(tx => tx.audit(entry))
    const second = store.moment()
    expect(second).not.toBe(first)
    const other = new SqliteStore(file)
    await other.write(tx => tx.audit(entry))
    expect(store.moment()).not.toBe(second)
    await other.close()
  })

  it('answers while a transaction runs, with what was committed before it', async () => {
    await store.write(async tx => {
      await tx.audit(entry)
      expect(await tx.auditRows('org', 100, 10)).toHaveLength(1)
      expect(await store.read.auditRows('org', 100, 10)).toHaveLength(0)
    })
    expect(await store.read.auditRows('org', 100, 10)).toHaveLength(1)
  })

  it('A146 finds audit rows and devices by an index', () => {
    const database = new Sqlite(file)
    const plan = (sql: string) => JSON.stringify(database.prepare(`explain query plan ${sql}`).all())
    expect(plan('select * from audit where organisation_id = 1 and sequence < 9 order by sequence desc')).toContain(
      'USING INDEX',
    )
    expect(plan('select * from device where organisation_id = 1 and removed_at_ms is null order by name')).toContain(
      'USING INDEX',
    )
    expect(plan('select id from device where enrolment_token_hash = 1 and removed_at_ms is null')).toContain(
      'USING INDEX',
    )
    expect(
      plan("select id from device where status = 'quarantined' and removed_at_ms is null and status_since_ms >= 1"),
    ).toContain('USING INDEX')
    expect(plan('select id from device where key_thumbprint = 1 and removed_at_ms is not null')).toContain(
      'USING INDEX',
    )
    expect(
      plan('select * from enrolment_token where organisation_id = 1 order by created_at_ms desc limit 9'),
    ).toContain('USING INDEX')
    expect(plan("select * from session where device_id = 1 and state_name <> 'closed'")).toContain('USING INDEX')
    database.close()
  })
})
