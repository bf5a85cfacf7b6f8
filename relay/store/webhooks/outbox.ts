import type { Kysely } from 'kysely'
import type { AuditEntry } from '../../domain/audit.ts'
import { eventOf, payloadOf } from '../../domain/webhooks/events.ts'
import type { Tables } from '../tables.ts'
import { KyselyWebhookWriter } from './store.ts'

/** Leaves a delivery for each webhook that wants to hear of the entry, in the entry's own transaction. `newId` makes ids of these kinds. */
export async function leaveEvents(
  db: Kysely<Tables>,
  entry: AuditEntry,
  newId: (kind: 'webhookDelivery' | 'webhookEvent') => string,
): Promise<void> {
  const type = eventOf(entry)
  if (type === null || entry.organisationId === null) return
  const { organisationId } = entry
  const webhooks = new KyselyWebhookWriter(db)
  const wanting = (await webhooks.webhooks(organisationId)).filter(({ events }) => events.includes(type))
  if (wanting.length === 0) return
  const about = { organisationId, type, payload: payloadOf(type, entry), createdAtMs: entry.atMs }
  const event = { ...about, eventId: newId('webhookEvent') }
  for (const { id } of wanting) await webhooks.insertDelivery({ ...event, id: newId('webhookDelivery'), webhookId: id })
}
