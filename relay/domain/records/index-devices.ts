import type { Store } from '../store.ts'

const BATCH = 200

/** Gives the devices of an older database what they are found and ordered by. */
export async function indexDevices(store: Store): Promise<void> {
  for (;;) {
    const ids = await store.read.records.unindexed(BATCH)
    if (ids.length === 0) return
    await store.write(async tx => {
      for (const id of ids) await tx.records.index(id)
    })
  }
}
