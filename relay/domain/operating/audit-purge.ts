import { chainOf } from '../audit/chain.ts'
import type { AuditSigner } from '../audit/sealing.ts'
import { type Actor, RELAY_ACTOR } from '../audit.ts'
import type { Clock } from '../clock.ts'
import type { Store } from '../store.ts'

/** Rows that go in one transaction: it holds up every other one. */
const ROWS_AT_ONCE = 1_000

/** Removes rows of an organisation (null: of none) from before that time, the oldest first; resolves with how many went. */
export type PurgeAudit = (organisationId: string | null, beforeMs: number, actor?: Actor) => Promise<number>

export interface PurgeAuditParts {
  readonly store: Store
  readonly clock: Clock
  readonly signer: AuditSigner
}

/**
 * The only way in which rows of the audit go: rows that a head has sealed, and with a signed tombstone that the rest of the chain continues from. Each part
 * leaves a row that says so, in the same transaction.
 */
export function createPurgeAudit({ store, clock, signer }: PurgeAuditParts): PurgeAudit {
  return async (organisationId, beforeMs, actor = RELAY_ACTOR) => {
    const chain = chainOf(organisationId)
    let removed = 0
    for (;;) {
      const last = await store.read.operating.lastAuditRowBefore(chain, beforeMs, ROWS_AT_ONCE)
      if (!last) return removed
      const { position, hash } = last
      const atMs = clock.nowMs()
      const statement = await signer.signTombstone({ version: 1, chain, position, hash, atMs })
      removed += await store.write(async tx => {
        const rows = await tx.chain.bury({ chain, position, statement })
        const detail = { rows, position, before: new Date(beforeMs).toISOString() }
        await tx.audit({ organisationId, atMs, actor, action: 'audit.purged', subject: 'audit', detail })
        return rows
      })
    }
  }
}
