import { sql } from 'kysely'
import { z } from 'zod'
import { apiScopeSchema } from '#protocol/api-scopes.ts'
import type { ApiKeyRecord, Challenge, PasskeyRecord, PersonRecord } from '../../domain/identity/store.ts'
import type { Role } from '../../domain/principal.ts'
import type { IdentityTables } from './tables.ts'

const kindSchema = z.enum(['second-factor', 'passkey-sign-in', 'passkey-registration'])
const textsSchema = z.array(z.string())

export const toChallenge = (row: IdentityTables['challenge']): Challenge => ({
  ticketHash: row.ticket_hash,
  kind: kindSchema.parse(row.kind),
  userId: row.user_id,
  data: row.data,
  expiresAtMs: row.expires_at_ms,
})

export const toPasskey = (row: IdentityTables['passkey']): PasskeyRecord => ({
  id: row.id,
  userId: row.user_id,
  credentialId: row.credential_id,
  publicKey: row.public_key,
  counter: row.counter,
  transports: textsSchema.parse(JSON.parse(row.transports)),
  name: row.name,
  createdAtMs: row.created_at_ms,
  lastUsedAtMs: row.last_used_at_ms,
})

/** The address as an organisation's own people see it. */
export const shownEmail = sql<string>`coalesce("user".shown_email, "user".email)`.as('email')

interface PersonColumns {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly role: Role
  readonly organisation_id: string
  readonly organisation_name: string
  readonly passwords: number
  readonly passkeys: number
  readonly totps: number | null
  readonly created_at_ms: number
  readonly last_seen_at_ms: number | null
  readonly disabled_at_ms: number | null
  readonly shown_email: string | null
}

export const toPerson = (row: PersonColumns): PersonRecord => ({
  user: { id: row.id, name: row.name, email: row.email },
  organisation: { id: row.organisation_id, name: row.organisation_name },
  role: row.role,
  hasPassword: row.passwords > 0,
  totp: (row.totps ?? 0) > 0,
  passkeys: row.passkeys,
  createdAtMs: row.created_at_ms,
  lastSeenAtMs: row.last_seen_at_ms,
  isDisabled: row.disabled_at_ms !== null,
  isElsewhere: row.shown_email !== null,
})

type ApiKeyColumns = Omit<IdentityTables['api_key'], 'user_id' | 'key_hash' | 'revoked_at_ms'> & {
  readonly email: string
}

export const toApiKey = (row: ApiKeyColumns): ApiKeyRecord => ({
  id: row.id,
  organisationId: row.organisation_id,
  name: row.name,
  prefix: row.prefix,
  scopes: z.array(apiScopeSchema).parse(JSON.parse(row.scopes)),
  createdBy: row.email,
  createdAtMs: row.created_at_ms,
  expiresAtMs: row.expires_at_ms,
  lastUsedAtMs: row.last_used_at_ms,
})
