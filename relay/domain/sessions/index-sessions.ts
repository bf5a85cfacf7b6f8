import type { Store } from '../store.ts'

const BATCH = 200

/** Gives the sessions of an older database what they are found by. */
export async function indexSessions(store: Store): Promise<void> {
  for (;;) {
    const ids = await store.read.sessionLog.unindexed(BATCH)
    if (ids.length === 0) return
    await store.write(async tx => {
      for (const id of ids) await tx.indexSession(id)
    })
  }
}
