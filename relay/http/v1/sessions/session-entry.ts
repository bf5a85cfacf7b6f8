import type { SessionEntry } from '#protocol/sessions-http.ts'
import type { SessionHistory } from '../../../domain/sessions/store.ts'

/** A session for whoever may look at it; what its operator joins it with isn't in here. */
export const sessionEntry = (session: SessionHistory): SessionEntry => ({
  id: session.id,
  deviceId: session.deviceId,
  deviceName: session.deviceName,
  groupId: session.groupId,
  operator: session.operator,
  reason: session.reason,
  ticket: session.ticket,
  scopes: session.scopes,
  state: session.state,
  stateSinceMs: session.stateSinceMs,
  requestedAtMs: session.requestedAtMs,
  unasked: session.unasked,
  grantedAtMs: session.grantedAtMs,
  connectedAtMs: session.connectedAtMs,
  endedAtMs: session.endedAtMs,
  note: session.note,
})
