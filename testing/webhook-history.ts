import { join } from 'node:path'
import { RELAY_ACTOR } from '../relay/domain/audit.ts'
import { newId } from '../relay/domain/chance.ts'
import { payloadOf } from '../relay/domain/webhooks/events.ts'
import { nodeChance } from '../relay/keys/node-chance.ts'
import { SqliteStore } from '../relay/store/store.ts'

const MINUTE_MS = 60_000
const DELIVERED = { status: 'delivered', attempts: 1, nextAtMs: null, lastStatus: 204, lastError: null } as const
const DEAD = { status: 'dead', nextAtMs: null } as const
const TOLD_OUTCOMES = [
  ['session.ended', 4, DELIVERED],
  ['session.requested', 17, DELIVERED],
  ['session.ended', 46, { ...DELIVERED, attempts: 3 }],
  ['session.requested', 61, DELIVERED],
  ['session.ended', 2_960, { ...DEAD, attempts: 9, lastStatus: 503, lastError: 'The receiver answered 503.' }],
] as const
/** Of a gateway that was away for a night and a day. */
export const GATEWAY_OUTCOMES = [
  ['device.connect-wanted', 35, DELIVERED],
  [
    'device.connect-wanted',
    4_390,
    { ...DEAD, attempts: 11, lastStatus: null, lastError: 'connect ECONNREFUSED 198.51.100.20:443' },
  ],
  ['device.connect-wanted', 4_805, { ...DEAD, attempts: 11, lastStatus: 502, lastError: 'The receiver answered 502.' }],
  [
    'device.connect-wanted',
    5_120,
    { ...DEAD, attempts: 11, lastStatus: null, lastError: 'The operation was aborted due to timeout' },
  ],
] as const

/** What a webhook has sent, written straight into a relay's database. */
export async function fillDeliveries(
  dataDir: string,
  webhookId: string,
  nowMs: number,
  outcomes: typeof TOLD_OUTCOMES | typeof GATEWAY_OUTCOMES = TOLD_OUTCOMES,
): Promise<void> {
  const store = new SqliteStore(join(dataDir, 'relay.db'))
  await store.write(async ({ webhooks }) => {
    const organisationId = (await webhooks.webhook(webhookId))?.organisationId ?? ''
    for (const [type, minutesAgo, outcome] of outcomes) {
      const id = newId('webhookDelivery', nodeChance)
      const createdAtMs = nowMs - minutesAgo * MINUTE_MS
      const entry = {
        action: type,
        subject: newId(type === 'device.connect-wanted' ? 'device' : 'session', nodeChance),
        atMs: createdAtMs,
        actor: RELAY_ACTOR,
      }
      const event = { eventId: newId('webhookEvent', nodeChance), type, payload: payloadOf(type, entry) }
      await webhooks.insertDelivery({ ...event, id, organisationId, webhookId, createdAtMs })
      await webhooks.updateDelivery(id, outcome)
    }
  })
  await store.close()
}
