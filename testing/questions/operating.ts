import type { Writer } from '../../relay/domain/store.ts'
import { DEVICE, NOW_MS, ORGANISATION, USER } from './names.ts'

/** Webhooks with their deliveries. */
export async function askOfWebhooks({ webhooks }: Writer): Promise<void> {
  const webhook = { id: 'whk_1', organisationId: ORGANISATION, url: 'https://example.org', description: '' }
  const secret = { sealedSecret: 'sealed', sealedOldSecret: null, oldSecretUntilMs: null, createdAtMs: NOW_MS }
  await webhooks.insertWebhook({ ...webhook, ...secret, events: ['device.enrolled'] })
  await webhooks.webhook('whk_1')
  await webhooks.webhooks(ORGANISATION)
  await webhooks.setSecret('whk_1', 'another', NOW_MS)
  const event = { eventId: 'evt_1', type: 'device.enrolled', payload: '{}', createdAtMs: NOW_MS }
  await webhooks.insertDelivery({ ...event, id: 'whd_1', webhookId: 'whk_1', organisationId: ORGANISATION })
  await webhooks.delivery('whd_1')
  const after = { createdAtMs: NOW_MS, id: 'whd_1' }
  for (const status of [undefined, 'waiting', 'delivered', 'dead'] as const)
    for (const from of [undefined, after]) await webhooks.deliveries('whk_1', { status, after: from, limit: 10 })
  for (const status of ['dead', 'retrying'] as const)
    for (const webhookId of [undefined, 'whk_1'])
      await webhooks.failed(ORGANISATION, { status, webhookId, after, limit: 10 })
  await webhooks.receiversDue(NOW_MS)
  await webhooks.due('whk_1', NOW_MS, 10)
  await webhooks.setNext('whd_1', NOW_MS)
  const tried = { attempts: 1, nextAtMs: null, lastStatus: 500, lastError: null }
  await webhooks.updateDelivery('whd_1', { ...tried, status: 'dead' })
  await webhooks.setReplayed('whd_1', NOW_MS)
  await webhooks.deleteDoneDeliveries(NOW_MS)
  await webhooks.deleteWebhook('whk_1')
}

/** The audit with its chain, requests that come twice, retention, and what goes by its age. */
export async function askOfOperating(tx: Writer): Promise<void> {
  const actor = { kind: 'user', id: USER, label: 'ada@example.org' } as const
  const entry = { organisationId: ORGANISATION, actor, subject: DEVICE, detail: {} }
  await tx.audit({ ...entry, atMs: NOW_MS, action: 'device.enrolled' })
  await tx.audit({ ...entry, atMs: 1, action: 'device.enrolled' })
  for (const filter of [{}, { action: 'device.enrolled' }, { person: 'ada@example.org' }, { deviceId: DEVICE }])
    await tx.auditRows(ORGANISATION, 100, 10, filter)
  await tx.auditRows(ORGANISATION, 100, 10, { fromMs: 1, toMs: 2 * NOW_MS })
  const { chain, operating, idempotency } = tx
  await chain.chainEnds()
  await chain.lastSequence()
  await chain.sealedTo(ORGANISATION)
  await chain.hashes(ORGANISATION, 0, 10)
  await chain.insertHead({ chain: ORGANISATION, position: 1, statement: 'head' })
  await chain.headsAfter(0, 10)
  await chain.setCopied('file', 1)
  await chain.copiedTo('file')
  await chain.pruneHeads(1)
  await operating.auditSequence()
  await operating.openSessionCounts()
  await operating.deliveryCounts()
  await operating.setRetention(ORGANISATION, { auditDays: 1, historyDays: 1, recordingDays: 1 })
  await operating.retention(ORGANISATION)
  await operating.organisationIds()
  await operating.auditAfter(0, 10)
  await operating.keepExport('file')
  await operating.setExported('file', 1)
  await operating.exported('file')
  await operating.lastAuditRowBefore(ORGANISATION, NOW_MS, 10)
  await operating.deletePresence(ORGANISATION, 2 * NOW_MS, 10)
  await operating.deleteInventories(ORGANISATION, 2 * NOW_MS, 10)
  await chain.bury({ chain: ORGANISATION, position: 1, statement: 'stone' })
  const request = { principal: USER, key: 'key', requestHash: 'hash', expiresAtMs: 2 * NOW_MS }
  await idempotency.begin(request, NOW_MS)
  await idempotency.find(USER, 'key', NOW_MS)
  await idempotency.finish(request, 'sealed')
  await idempotency.deleteExpired(NOW_MS)
  await tx.identity.deleteStaleIdentity(NOW_MS)
  await tx.deleteStale(NOW_MS, NOW_MS)
  await tx.check()
}
