import { type Actor, RELAY_ACTOR } from '../audit.ts'
import type { Clock } from '../clock.ts'
import type { Store } from '../store.ts'

/** Rows that go in one transaction: it holds up every other one. */
const ROWS_AT_ONCE = 1_000

/** Removes rows of an organisation (null: of none) from before that time, the oldest first; resolves with how many went. */
export type PurgeAudit = (organisationId: string | null, beforeMs: number, actor?: Actor) => Promise<number>

/** The only way in which rows of the audit go. Each part leaves a row that says so, in the same transaction. */
export function createPurgeAudit(store: Store, clock: Clock): PurgeAudit {
  return async (organisationId, beforeMs, actor = RELAY_ACTOR) => {
    let removed = 0
    for (;;) {
      const through = await store.read.operating.lastAuditRowBefore(organisationId, beforeMs, ROWS_AT_ONCE)
      if (through === undefined) return removed
      removed += await store.write(async tx => {
        const rows = await tx.operating.deleteOldestAudit(organisationId, through)
        const detail = { rows, through, before: new Date(beforeMs).toISOString() }
        await tx.audit({ organisationId, atMs: clock.nowMs(), actor, action: 'audit.purged', subject: 'audit', detail })
        return rows
      })
    }
  }
}
