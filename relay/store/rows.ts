import type { Selectable } from 'kysely'
import { z } from 'zod'
import { quarantineReasonSchema } from '#protocol/device-status.ts'
import { wireErrorSchema } from '#protocol/errors.ts'
import { ed25519PublicJwkSchema } from '#protocol/keys.ts'
import { scopesSchema } from '#protocol/session/scopes.ts'
import { sessionStateSchema } from '#protocol/session/state.ts'
import { unaskedCauseSchema } from '#protocol/session/unasked.ts'
import { operatorChainSchema } from '#protocol/trust/strict/operator-chain.ts'
import { deviceFactsSchema, deviceOwnerSchema } from '#protocol/wire/views.ts'
import type { AuditRow } from '../domain/audit.ts'
import { rootGroupId } from '../domain/policy/built-in.ts'
import type { DeviceRecord, LoginRecord, SessionRecord } from '../domain/store.ts'
import { unattendedPlanSchema } from '../domain/unattended/plan.ts'
import type { Tables } from './tables.ts'

const detailSchema = z.record(z.string(), z.unknown())

type DeviceColumns = Pick<
  Selectable<Tables['device']>,
  | 'id'
  | 'organisation_id'
  | 'name'
  | 'facts'
  | 'key'
  | 'key_thumbprint'
  | 'enrolment_token_hash'
  | 'enrolled_at_ms'
  | 'last_seen_at_ms'
  | 'group_id'
  | 'status'
  | 'status_reason'
  | 'owner'
>

export const toDevice = (row: DeviceColumns): DeviceRecord => ({
  id: row.id,
  organisationId: row.organisation_id,
  name: row.name,
  facts: deviceFactsSchema.parse(JSON.parse(row.facts)),
  key: ed25519PublicJwkSchema.parse(JSON.parse(row.key)),
  keyThumbprint: row.key_thumbprint,
  enrolmentTokenHash: row.enrolment_token_hash,
  enrolledAtMs: row.enrolled_at_ms,
  lastSeenAtMs: row.last_seen_at_ms,
  groupId: row.group_id ?? rootGroupId(row.organisation_id),
  status: row.status,
  statusReason: quarantineReasonSchema.nullable().parse(row.status_reason),
  owner: row.owner === null ? null : deviceOwnerSchema.parse(JSON.parse(row.owner)),
})

export type SessionColumns = Selectable<Tables['session']> & {
  readonly device_name: string
  readonly device_key: string
  readonly operator_name: string
  readonly operator_email: string
  readonly organisation_name: string
}

export const toSession = (row: SessionColumns): SessionRecord => ({
  id: row.id,
  organisation: { id: row.organisation_id, name: row.organisation_name },
  deviceId: row.device_id,
  deviceName: row.device_name,
  deviceKey: ed25519PublicJwkSchema.parse(JSON.parse(row.device_key)),
  operator: { id: row.operator_id, name: row.operator_name, email: row.operator_email },
  reason: row.reason,
  ticket: row.ticket,
  scopes: scopesSchema.parse(JSON.parse(row.scopes)),
  operatorKeyThumbprint: row.operator_key_thumbprint,
  state: sessionStateSchema.parse(JSON.parse(row.state)),
  stateSinceMs: row.state_since_ms,
  agentNonce: row.agent_nonce,
  requestedAtMs: row.requested_at_ms,
  joins: row.joins,
  consentTimeoutMs: row.consent_timeout_ms,
  durationMaxMs: row.duration_max_ms,
  matchCommitment: row.match_commitment,
  unattended: row.unattended === null ? null : unattendedPlanSchema.parse(JSON.parse(row.unattended)),
  operatorChain: row.operator_chain === null ? null : operatorChainSchema.parse(JSON.parse(row.operator_chain)),
  skipsConsent: row.skips_consent !== 0,
  withoutChat: row.without_chat !== 0,
  unasked: unaskedCauseSchema.nullable().parse(row.unasked),
  note: noteOf(row),
  refusal: row.refusal === null ? null : wireErrorSchema.parse(JSON.parse(row.refusal)),
  beside: row.beside,
})

function noteOf({ note, noted_at_ms, note_changed_at_ms }: SessionColumns): SessionRecord['note'] {
  if (note === null || noted_at_ms === null) return null
  return { text: note, atMs: noted_at_ms, changedAtMs: note_changed_at_ms ?? noted_at_ms }
}

export interface LoginColumns {
  readonly id: string
  readonly token_hash: string
  readonly user_id: string
  readonly created_at_ms: number
  readonly authenticated_at_ms: number
  readonly expires_at_ms: number
  readonly user_name: string
  readonly email: string
  readonly role: 'admin' | 'operator'
  readonly organisation_id: string
  readonly organisation_name: string
}

export const toLogin = (row: LoginColumns): LoginRecord => ({
  id: row.id,
  tokenHash: row.token_hash,
  createdAtMs: row.created_at_ms,
  authenticatedAtMs: row.authenticated_at_ms,
  expiresAtMs: row.expires_at_ms,
  principal: {
    user: { id: row.user_id, name: row.user_name, email: row.email },
    organisation: { id: row.organisation_id, name: row.organisation_name },
    role: row.role,
  },
})

export const toAuditRow = (
  row: Omit<Tables['audit'], 'organisation_id' | 'sequence' | 'chain' | 'position' | 'hash'> & { sequence: number },
): AuditRow => ({
  sequence: row.sequence,
  atMs: row.at_ms,
  actor: row.actor,
  action: row.action,
  subject: row.subject,
  detail: detailSchema.parse(JSON.parse(row.detail)),
})
