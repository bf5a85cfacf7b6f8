import Sqlite from 'better-sqlite3'

/** Which row of the audit stands for which effect, and where the effects are. */
const EFFECTS = {
  'enrolment-token.created': 'select id from enrolment_token',
  'device.enrolled': 'select id from device',
  'device.removed': 'select id from device where removed_at_ms is not null',
  'session.requested': 'select id from session',
  'session.torn-down': `select id from session where state_name = 'closed'`,
  // One that was deleted has left a row and nothing else.
  'group.created': `select id from device_group where parent_id is not null
    union all select subject from audit where action = 'group.deleted'`,
} as const

export type Effect = keyof typeof EFFECTS

export interface EffectCounts {
  /** What was written altogether, so that nobody takes a relay that did nothing for a good one. */
  readonly effects: number
  readonly effectsWithoutRow: number
  readonly rowsWithoutEffect: number
  /** Effects that a client was told of and that aren't there. */
  readonly acknowledgedLost: number
}

/** Holds the rows of the audit against the effects in the same database. */
export function countEffects(file: string, acknowledged: ReadonlyMap<Effect, readonly string[]>): EffectCounts {
  const database = new Sqlite(file, { readonly: true })
  const ids = (sql: string): string[] => database.prepare<[], string>(sql).pluck().all()
  const counts = { effects: 0, effectsWithoutRow: 0, rowsWithoutEffect: 0, acknowledgedLost: 0 }
  for (const [action, sql] of Object.entries(EFFECTS)) {
    const effects = ids(sql)
    const rows = ids(`select subject from audit where action = '${action}'`)
    const [known, written] = [new Set(effects), new Set(rows)]
    const missing = (of: readonly string[], where: ReadonlySet<string>) => of.filter(id => !where.has(id)).length
    counts.effects += effects.length
    counts.effectsWithoutRow += missing(effects, written) + (effects.length - known.size)
    counts.rowsWithoutEffect += missing(rows, known) + (rows.length - written.size)
    counts.acknowledgedLost += missing(acknowledged.get(action as Effect) ?? [], known)
  }
  database.close()
  return counts
}
