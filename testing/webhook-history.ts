import { join } from 'node:path'
import { newId } from '../relay/domain/chance.ts'
import { nodeChance } from '../relay/keys/node-chance.ts'
import { SqliteStore } from '../relay/store/store.ts'

const MINUTE_MS = 60_000
const DELIVERED = { status: 'delivered', attempts: 1, nextAtMs: null, lastStatus: 204, lastError: null } as const
const OUTCOMES = [
  ['session.ended', 4, DELIVERED],
  ['session.requested', 17, DELIVERED],
  ['session.ended', 46, { ...DELIVERED, attempts: 3 }],
  ['session.requested', 61, DELIVERED],
  [
    'session.ended',
    2_960,
    { status: 'dead', attempts: 9, nextAtMs: null, lastStatus: 503, lastError: 'The receiver answered 503.' },
  ],
] as const

/** What a webhook has sent, written straight into a relay's database. */
export async function fillDeliveries(dataDir: string, webhookId: string, nowMs: number): Promise<void> {
  const store = new SqliteStore(join(dataDir, 'relay.db'))
  await store.write(async ({ webhooks }) => {
    for (const [type, minutesAgo, outcome] of OUTCOMES) {
      const id = newId('webhookDelivery', nodeChance)
      const createdAtMs = nowMs - minutesAgo * MINUTE_MS
      await webhooks.insertDelivery({ id, webhookId, eventId: id, type, payload: '{}', createdAtMs })
      await webhooks.updateDelivery(id, outcome)
    }
  })
  await store.close()
}
