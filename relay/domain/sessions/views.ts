import type { UnaskedRules } from '#protocol/session/unasked.ts'
import type { SessionRequest } from '#protocol/wire/agent.ts'
import type { DeviceView, SessionView } from '#protocol/wire/views.ts'
import type { ShownDevice } from '../records/store.ts'
import type { SessionRecord } from '../store.ts'
import { orderOf, planView } from '../unattended/plan.ts'

/** The session as its operator may see it. */
export const sessionView = (session: SessionRecord): SessionView => ({
  id: session.id,
  deviceId: session.deviceId,
  deviceName: session.deviceName,
  reason: session.reason,
  ticket: session.ticket,
  scopes: session.scopes,
  state: session.state,
  agentNonce: session.agentNonce,
  ...(session.unasked && { unasked: session.unasked }),
  ...(session.withoutChat && { withoutChat: true }),
  ...(session.note && { note: session.note }),
  ...(session.unattended && { unattended: planView(session.unattended, session.state) }),
  deviceKey: session.deviceKey,
  ...(session.refusal && { refusal: session.refusal }),
  ...(session.beside !== null && { beside: session.beside }),
  requestedAtMs: session.requestedAtMs,
})

/** What holds for the session from what the policy says when the device hears of it. */
export interface SessionBounds {
  readonly idleMs: number
  readonly mayChat: boolean
  readonly unasked: UnaskedRules | undefined
}

/** The words of the consent dialog. */
export const sessionRequest = (
  session: SessionRecord,
  { idleMs, mayChat, unasked }: SessionBounds,
): SessionRequest => ({
  sessionId: session.id,
  operator: session.operator,
  organisation: session.organisation,
  reason: session.reason,
  ticket: session.ticket,
  scopes: session.scopes,
  operatorKeyThumbprint: session.operatorKeyThumbprint,
  consentTimeoutMs: session.consentTimeoutMs,
  durationMs: session.durationMaxMs,
  idleMs,
  ...(!mayChat && { withoutChat: true }),
  ...(unasked && { unasked }),
  matchCommitment: session.matchCommitment,
  ...(session.operatorChain && { operatorChain: session.operatorChain }),
  ...(session.beside !== null && { beside: session.beside }),
  ...(session.unattended && { unattended: orderOf(session.unattended, session.durationMaxMs) }),
})

export const deviceView = (device: ShownDevice, online: boolean): DeviceView => ({
  id: device.id,
  name: device.name,
  groupId: device.groupId,
  tags: [...device.tags],
  facts: device.facts,
  status: device.status,
  statusReason: device.statusReason,
  owner: device.owner,
  online,
  lastSeenAtMs: device.lastSeenAtMs,
  enrolledAtMs: device.enrolledAtMs,
  busy: device.busy,
})
