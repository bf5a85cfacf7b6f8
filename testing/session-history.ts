import { join } from 'node:path'
import SQLite from 'better-sqlite3'
import type { EndReason } from '#protocol/session/reasons.ts'
import { fleetId } from './fleet.ts'

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

const REASONS = [
  ['Label printer prints blank labels', 'INC-20417'],
  ['VPN asks for a certificate', 'INC-20466'],
  ['Kiosk shows a frozen start page', 'INC-20502'],
  ['Outlook search finds nothing', null],
  ['Card reader isn’t found after the update', 'INC-20519'],
  ['New scanner profile', 'CHG-3310'],
] as const

interface SessionEnd {
  readonly reason: EndReason
  readonly isConnected: boolean
}
/** As often as it happens, of a hundred. */
const ENDS: readonly (readonly [upTo: number, end: SessionEnd])[] = [
  [62, { reason: 'operator-ended', isConnected: true }],
  [76, { reason: 'user-ended', isConnected: true }],
  [84, { reason: 'denied', isConnected: false }],
  [92, { reason: 'consent-timeout', isConnected: false }],
  [96, { reason: 'idle', isConnected: true }],
  [99, { reason: 'link-lost', isConnected: true }],
  [100, { reason: 'admin-ended', isConnected: true }],
]

/** What the relay keeps of a session without a person that is over. One of eight that came about is such. */
const UNATTENDED = JSON.stringify({
  sealKey: { key: { kty: 'OKP', crv: 'X25519', x: 'A'.repeat(43) }, proof: 'seeded' },
  ...{ delivery: 'operator', endLock: 'lock' },
  ...{ needsApproval: false, approvedBy: null, otp: null, isTornDown: true },
})
const UNATTENDED_OF_A_HUNDRED = 12

export interface HistoryWish {
  readonly dataDir: string
  readonly organisationId: string
  readonly devices: readonly { readonly id: string; readonly groupId: string; readonly online: boolean }[]
  readonly operatorIds: readonly string[]
  readonly days: number
  readonly nowMs: number
  /** Sessions that live now, on the first devices that are there. */
  readonly live: number
}

/** Sessions of many days and some of now, written straight into a relay's database in its own format; the same at every run. */
export function fillHistory({ dataDir, organisationId, devices, operatorIds, days, nowMs, live }: HistoryWish): void {
  const random = seededRandom(20)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  const database = new SQLite(join(dataDir, 'relay.db'))
  const insert = database.prepare(`insert into session
    (id, organisation_id, device_id, operator_id, reason, ticket, scopes, operator_key_thumbprint, state, state_name, state_since_ms,
     requested_at_ms, group_id, granted_at_ms, connected_at_ms, ended_at_ms, end_reason, unattended)
    values (@id, @organisationId, @deviceId, @operatorId, @reason, @ticket, '["view","control"]', 'seeded', @state, @name, @sinceMs,
     @requestedAtMs, @groupId, @grantedAtMs, @connectedAtMs, @endedAtMs, @endReason, @unattended)`)
  let number = 700_000
  const add = (device: HistoryWish['devices'][number], requestedAtMs: number, end: SessionEnd | null) => {
    const [reason, ticket] = pick(REASONS)
    const isConnected = end?.isConnected ?? true
    const connectedAtMs = isConnected ? requestedAtMs + 9_000 + Math.floor(random() * 20_000) : null
    const lengthMs = connectedAtMs === null ? 30_000 : (2 + random() * random() * 50) * MINUTE_MS
    const endedAtMs = end && Math.round((connectedAtMs ?? requestedAtMs) + lengthMs)
    const state = end
      ? { name: 'closed', reason: end.reason }
      : { name: 'active', scopes: ['view', 'control'], untilMs: nowMs + 8 * 60 * MINUTE_MS, mode: 'control' }
    const isAlone = end?.isConnected === true && end.reason !== 'user-ended' && random() * 100 < UNATTENDED_OF_A_HUNDRED
    insert.run({
      unattended: isAlone ? UNATTENDED : null,
      ...{ id: fleetId('session', number++), organisationId, deviceId: device.id, groupId: device.groupId },
      ...{ operatorId: pick(operatorIds), reason, ticket, requestedAtMs, connectedAtMs, endedAtMs },
      ...{ state: JSON.stringify(state), name: state.name, sinceMs: endedAtMs ?? connectedAtMs ?? requestedAtMs },
      ...{ grantedAtMs: connectedAtMs === null ? null : requestedAtMs + 7_000, endReason: end?.reason ?? null },
    })
  }
  database.transaction(() => {
    for (let day = days; day >= 1; day--) {
      const startMs = Math.floor(nowMs / DAY_MS - day) * DAY_MS
      const isWeekend = [0, 6].includes(new Date(startMs).getUTCDay())
      const count = isWeekend ? Math.floor(random() * 4) : 9 + Math.floor(random() * 14)
      for (let index = 0; index < count; index++) {
        const chance = random() * 100
        const end = ENDS.find(([upTo]) => chance < upTo)?.[1] ?? null
        add(pick(devices), startMs + Math.floor((7 + random() * 10) * 60 * MINUTE_MS), end)
      }
    }
    const there = devices.filter(({ online }) => online)
    for (const [index, device] of there.slice(0, live).entries()) add(device, nowMs - (3 + index * 7) * MINUTE_MS, null)
    leave(
      database,
      devices.filter(({ online }) => !online),
      nowMs,
    )
  })()
  database.close()
}

/** Devices that aren't there were, some hours or days ago. */
function leave(database: SQLite.Database, devices: readonly { readonly id: string }[], nowMs: number): void {
  const seen = database.prepare('update device set last_seen_at_ms = ? where id = ? and last_seen_at_ms is null')
  const span = database.prepare('insert into presence_span (device_id, from_ms, to_ms) values (?, ?, ?)')
  for (const [index, { id }] of devices.entries()) {
    const atMs = nowMs - (1 + ((index * 17) % 120)) * 60 * MINUTE_MS
    if (seen.run(atMs, id).changes > 0) span.run(id, atMs - 9 * 60 * MINUTE_MS, atMs)
  }
}

/** From 0 to 1, the same row of numbers at every run (a linear congruential generator with the constants of Numerical Recipes). */
function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
