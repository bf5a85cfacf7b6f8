import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import Sqlite, { type Database } from 'better-sqlite3'
import { fillFleet, fillGroups, fleetId } from '#testing/fleet.ts'
import { rootGroupId } from '../../relay/domain/policy/built-in.ts'
import { AuditAppender } from '../../relay/store/audit/appender.ts'
import { SqliteStore } from '../../relay/store/store.ts'

export interface Operator {
  readonly userId: string
  readonly token: string
  readonly mayReadAudit: boolean
}

export interface Seed {
  readonly operators: readonly Operator[]
  readonly groupIds: readonly string[]
  readonly deviceCount: number
  /** Devices that every operator reaches, by operator. */
  readonly devicesOf: ReadonlyMap<string, readonly string[]>
}

export interface SeedSize {
  readonly devices: number
  readonly groups: number
  readonly auditRows: number
  readonly operators: number
}

const ORGANISATION = 900_001
const NEIGHBOUR = 900_002
/** Of ten people one administers everything, five connect to everything and read the audit, four connect to some branches only. */
const KINDS = [
  'administrator',
  'all',
  'all',
  'branches',
  'branches',
  'all',
  'all',
  'branches',
  'branches',
  'all',
] as const
const BRANCHES_EACH = 3
const AUDITOR = 'rol_00000000000000000000000000'

/** Writes an organisation of that size, and a smaller one beside it, into a new database file. */
export async function seed(dataDir: string, size: SeedSize): Promise<Seed> {
  const file = join(dataDir, 'relay.db')
  await new SqliteStore(file).close()
  const database = new Sqlite(file)
  database.pragma('synchronous = OFF')
  const nowMs = Date.now()
  const organisationId = organisation(database, ORGANISATION, 'Example Ltd')
  const groupIds = fillGroups(database, organisationId, size.groups)
  const deviceIds = fillFleet(database, { organisationId, groupIds, devices: size.devices, nowMs })
  const neighbourId = organisation(database, NEIGHBOUR, 'Neighbour Ltd')
  const theirGroups = fillGroups(database, neighbourId, 20, size.groups)
  fillFleet(database, {
    organisationId: neighbourId,
    groupIds: theirGroups,
    devices: 1_000,
    nowMs,
    firstNumber: size.devices,
  })
  fillAudit(database, [organisationId, neighbourId], size.auditRows, nowMs)
  const seeded = database.transaction(() =>
    fillOperators(database, organisationId, size.operators, groupIds, deviceIds, nowMs),
  )()
  database.close()
  return { ...seeded, groupIds, deviceCount: deviceIds.length }
}

function organisation(database: Database, number: number, name: string): string {
  const id = fleetId('organisation', number)
  database.prepare('insert into organisation (id, name, created_at_ms) values (?, ?, 0)').run(id, name)
  return id
}

const ACTIONS = ['session.requested', 'session.closed', 'user.signed-in', 'device.renamed'] as const

/** Nine rows of ten are the organisation's, a second between each; the audit is chained, so they are appended one by one. */
function fillAudit(database: Database, [own, other]: readonly [string, string], rows: number, nowMs: number): void {
  const appender = new AuditAppender(database)
  database.transaction(() => {
    for (let row = 1; row <= rows; row++) {
      appender.append({
        organisationId: row % 10 === 0 ? other : own,
        atMs: nowMs - (rows - row) * 1000,
        actor: `user operator${row % 50}@example.org`,
        action: ACTIONS[row % ACTIONS.length] ?? ACTIONS[0],
        subject: `ses_${String(row).padStart(26, '0')}`,
        detail: '{"reason":"The printer at the front desk is offline","scopes":["view","control"]}',
      })
    }
  })()
}

function fillOperators(
  database: Database,
  organisationId: string,
  count: number,
  groupIds: readonly string[],
  deviceIds: readonly string[],
  nowMs: number,
) {
  database
    .prepare('insert into role (organisation_id, id, name, capabilities) values (?, ?, ?, ?)')
    .run(organisationId, AUDITOR, 'Auditor', '["read-audit"]')
  const operators: Operator[] = []
  const devicesOf = new Map<string, readonly string[]>()
  for (let index = 0; index < count; index++) {
    const kind = KINDS[index % KINDS.length] ?? 'all'
    const userId = fleetId('user', index + 1)
    const role = kind === 'administrator' ? 'admin' : 'operator'
    database
      .prepare('insert into user (id, name, email, created_at_ms) values (?, ?, ?, 0)')
      .run(userId, `Operator ${index}`, `operator${index}@example.org`)
    database
      .prepare('insert into member (user_id, organisation_id, role) values (?, ?, ?)')
      .run(userId, organisationId, role)
    const branches =
      kind === 'branches' ? groupIds.filter((_, at) => at % 17 === index % 17).slice(0, BRANCHES_EACH) : null
    if (branches) assignBranches(database, organisationId, userId, branches)
    if (kind === 'all') assign(database, organisationId, userId, AUDITOR, rootGroupId(organisationId))
    const reached = branches ? new Set(branches.map(id => groupIds.indexOf(id))) : null
    devicesOf.set(
      userId,
      deviceIds.filter((_, at) => reached === null || reached.has(at % groupIds.length)),
    )
    operators.push({ userId, token: signIn(database, userId, index, nowMs), mayReadAudit: kind !== 'branches' })
  }
  return { operators, devicesOf }
}

function assignBranches(database: Database, organisationId: string, userId: string, branches: readonly string[]): void {
  database.prepare('delete from role_assignment where user_id = ?').run(userId)
  for (const groupId of branches) assign(database, organisationId, userId, 'operator', groupId)
}

function assign(database: Database, organisationId: string, userId: string, roleId: string, groupId: string): void {
  database
    .prepare(`insert into role_assignment values ('asg_' || lower(hex(randomblob(13))), ?, ?, ?, ?, 'allow')`)
    .run(organisationId, userId, roleId, groupId)
}

/** A sign-in as the relay writes it: its token is one like any other. */
function signIn(database: Database, userId: string, index: number, nowMs: number): string {
  const token = `hhl_${randomBytes(32).toString('base64url')}`
  database
    .prepare('insert into login values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
    .run(
      createHash('sha256').update(token).digest('base64url'),
      fleetId('login', index),
      userId,
      'password',
      '192.0.2.1',
      'bench',
      nowMs,
      nowMs,
      nowMs,
      nowMs + 3_600_000,
    )
  return token
}
