import type { Database } from 'better-sqlite3'
import { type IdKind, idFromBytes } from '#protocol/ids.ts'
import { nameKey } from '../relay/domain/records/name-key.ts'
import { searchLine, tokensOf } from '../relay/domain/records/search-tokens.ts'

const SYSTEMS = [
  ['linux', 'Debian GNU/Linux 13 (trixie)'],
  ['linux', 'Ubuntu 26.04 LTS'],
  ['win32', 'Windows 11 Pro 25H2'],
  ['darwin', 'macOS 26.1'],
] as const
const MODELS = ['OptiPlex 7020', 'ThinkCentre M75', 'EliteDesk 800', 'Latitude 5550', 'NUC 14 Pro', 'Kiosk K-21']
const PLACES = ['berlin', 'hamburg', 'lyon', 'porto', 'krakow', 'malmo', 'turin', 'gent', 'brno', 'cork']
const NAMES = ['ada', 'bob', 'cem', 'dora', 'eva', 'finn', 'gita', 'hugo', 'ines', 'jan', 'kaja', 'lars']

export interface FleetWish {
  readonly organisationId: string
  readonly groupIds: readonly string[]
  readonly devices: number
  readonly nowMs: number
  /** The first device's number: two fleets of one database must not share any. */
  readonly firstNumber?: number
}

/** An id that is the same at every run. */
export function fleetId(kind: IdKind, number: number): string {
  const bytes = new Uint8Array(16)
  new DataView(bytes.buffer).setUint32(12, number)
  new DataView(bytes.buffer).setUint32(0, Math.imul(number, 2_654_435_761) >>> 0)
  return idFromBytes(kind, bytes)
}

/** Groups as a tree of three levels beneath the organisation's root: regions, places, rooms. */
export function fillGroups(database: Database, organisationId: string, groups: number, firstNumber = 0): string[] {
  const root = `grp_${organisationId.slice(4)}`
  const insert = database.prepare('insert into device_group (id, organisation_id, parent_id, name) values (?, ?, ?, ?)')
  const ids: string[] = []
  database.transaction(() => {
    for (let index = 0; index < groups; index++) {
      const id = fleetId('group', firstNumber + index)
      const parent = index < 10 ? root : (ids[Math.floor((index - 10) / 7)] ?? root)
      insert.run(id, organisationId, parent, `${PLACES[index % PLACES.length]} ${index}`)
      ids.push(id)
    }
  })()
  return ids
}

/** Devices as a large organisation has them, written straight into the database, in its own format. Returns their ids. */
export function fillFleet(
  database: Database,
  { organisationId, groupIds, devices, nowMs, firstNumber = 0 }: FleetWish,
): string[] {
  const insert = database.prepare(`insert into device
    (id, organisation_id, name, facts, key, key_thumbprint, enrolment_token_hash, enrolled_at_ms, last_seen_at_ms, group_id, owner, away, name_key, is_indexed)
    values (?, ?, ?, ?, ?, ?, 'fleet', ?, ?, ?, ?, ?, ?, 1)`)
  const insertLine = database.prepare('insert into device_search (device_id, text) values (?, ?)')
  const insertTokens = database.prepare('insert into device_fts (rowid, tokens) values (?, ?)')
  const insertTag = database.prepare('insert into device_tag (organisation_id, tag, device_id) values (?, ?, ?)')
  const ids: string[] = []
  database.transaction(() => {
    for (let index = 0; index < devices; index++) {
      const number = firstNumber + index
      const [platform, osName] = SYSTEMS[index % SYSTEMS.length] ?? SYSTEMS[0]
      const name = `${PLACES[Math.floor(index / 7) % PLACES.length]}-${platform === 'win32' ? 'pc' : 'kiosk'}-${index}`
      const person = NAMES[Math.floor(index / 3) % NAMES.length] ?? ''
      const owner = { userName: `${person} ${index % 97}`, email: `${person}.${index % 97}@example.org`, domain: '' }
      const id = fleetId('device', number)
      const key = { kty: 'OKP', crv: 'Ed25519', x: fleetText(number) }
      const facts = { hostname: name, platform, osName, agentVersion: '1.0.0' }
      const seenAtMs = nowMs - (index % 900) * 3_600_000
      const group = groupIds[index % groupIds.length] ?? null
      insert.run(
        id,
        organisationId,
        name,
        JSON.stringify(facts),
        JSON.stringify(key),
        `thumb-${number}`,
        nowMs - 9e9,
        seenAtMs,
        group,
        JSON.stringify(owner),
        index % 3 === 0 ? 0 : 1,
        nameKey(name),
      )
      const tags = [
        ...(index % 2 === 0 ? ['common'] : []),
        ...(index % 200 === 0 ? ['rare'] : []),
        PLACES[index % PLACES.length] ?? '',
      ]
      for (const tag of tags) insertTag.run(organisationId, tag, id)
      const address = `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`
      const line = searchLine([
        name,
        owner.userName,
        owner.email,
        ...tags,
        MODELS[index % MODELS.length],
        address,
        osName,
        id,
      ])
      const { lastInsertRowid } = insertLine.run(id, line)
      insertTokens.run(lastInsertRowid, tokensOf(organisationId, line).join(' '))
      ids.push(id)
    }
  })()
  return ids
}

const fleetText = (number: number): string => Buffer.from(String(number).padStart(32, 'k')).toString('base64url')
