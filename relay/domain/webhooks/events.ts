import type { WebhookEvent } from '#protocol/webhooks-http.ts'
import { type AuditEntry, actorText } from '../audit.ts'

const EVENTS: Readonly<Record<string, WebhookEvent>> = {
  'device.enrolled': 'device.enrolled',
  'device.approved': 'device.approved',
  'device.quarantined': 'device.quarantined',
  'device.released': 'device.released',
  'device.moved': 'device.moved',
  'device.removed': 'device.removed',
  'device.wake-requested': 'device.connect-wanted',
  'session.device-offline': 'device.connect-wanted',
  'session.requested': 'session.requested',
  'session.consent-granted': 'session.granted',
  'session.peer-connected': 'session.connected',
  'session.end': 'session.ended',
  'user.added': 'operator.added',
  'user.removed': 'operator.removed',
  'user.role-changed': 'operator.role-changed',
  'enrolment-token.created': 'enrolment.token-created',
  'enrolment-token.revoked': 'enrolment.token-revoked',
}
const isPolicy = (action: string) => /^(group|role|assignment)\./.test(action)

/** The event that an entry of the audit is for the world outside; null for what stays inside. */
export function eventOf({ action }: AuditEntry): WebhookEvent | null {
  return EVENTS[action] ?? (isPolicy(action) ? 'policy.changed' : null)
}

/** What the event of a payload is about; a device that is wanted, where a session wants it. */
export function subjectOf(payload: string): string {
  const { data } = JSON.parse(payload) as { data?: { subject?: string; deviceId?: string } }
  return data?.deviceId ?? data?.subject ?? ''
}

/** Who, what and when, and nothing else: whoever needs more asks the API, with their own rights. A wanted device is named also where a session is the subject. */
export function payloadOf(
  type: string,
  entry: Pick<AuditEntry, 'action' | 'subject' | 'atMs' | 'actor'> & Partial<Pick<AuditEntry, 'detail'>>,
): string {
  const { action, subject, atMs, actor, detail } = entry
  const wanted = type === 'device.connect-wanted' ? { deviceId: detail?.deviceId } : {}
  return JSON.stringify({
    type,
    timestamp: new Date(atMs).toISOString(),
    data: { subject, action, actor: actorText(actor), ...wanted },
  })
}
