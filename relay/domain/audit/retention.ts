import type { Actor } from '../audit.ts'
import type { Clock } from '../clock.ts'
import type { Store } from '../store.ts'
import { chainOf } from './chain.ts'
import type { AuditSigner } from './sealing.ts'
import type { AuditReader } from './store.ts'

/** Rows that go in one transaction: it holds up every other one. */
const ROWS_AT_ONCE = 5_000

export interface AuditRetentionParts {
  readonly store: Store
  readonly clock: Clock
  readonly signer: AuditSigner
}

/** The only way in which audit rows may go: from the oldest on, and with a signed tombstone that the rest continues from. */
export class AuditRetention {
  readonly #parts: AuditRetentionParts

  constructor(parts: AuditRetentionParts) {
    this.#parts = parts
  }

  /** Removes an organisation's rows from before `beforeMs` that a head has sealed; null is the server's own. Returns how many went. */
  async purge(organisationId: string | null, beforeMs: number, actor: Actor): Promise<number> {
    const { store, clock, signer } = this.#parts
    const chain = chainOf(organisationId)
    const first = await store.read.chain.firstPosition(chain)
    const last = await this.#lastBefore(chain, beforeMs)
    if (first === undefined || last === undefined) return 0
    let removed = 0
    for (let from = first; from <= last; from += ROWS_AT_ONCE) {
      const position = Math.min(from + ROWS_AT_ONCE - 1, last)
      const row = await store.read.chain.rowAt(chain, position)
      if (!row) break
      const atMs = clock.nowMs()
      const statement = await signer.signTombstone({ version: 1, chain, position, hash: row.hash, atMs })
      removed += await store.write(async tx => {
        const count = await tx.chain.bury({ chain, position, statement })
        const detail = { before: new Date(beforeMs).toISOString(), rows: count, position }
        await tx.audit({ organisationId, atMs, actor, action: 'audit.purged', subject: chain, detail })
        return count
      })
    }
    return removed
  }

  /** By halves, because rows are in the order of their times. What isn't sealed stays, and so does the chain's last row. */
  async #lastBefore(chain: string, beforeMs: number): Promise<number | undefined> {
    const audit: AuditReader = this.#parts.store.read.chain
    const end = (await audit.chainEnds()).find(candidate => candidate.chain === chain)
    let low = (await audit.firstPosition(chain)) ?? 0
    let high = Math.min(await audit.sealedTo(chain), (end?.position ?? 0) - 1)
    let found: number | undefined
    while (low <= high) {
      const middle = Math.floor((low + high) / 2)
      const row = await audit.rowAt(chain, middle)
      if (row && row.atMs < beforeMs) {
        found = middle
        low = middle + 1
      } else high = middle - 1
    }
    return found
  }
}
