import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { WireError } from '#protocol/errors.ts'
import { idFromBytes } from '#protocol/ids.ts'
import { RUN_KEPT_MS } from '#protocol/scripts/limits.ts'
import { isLive } from '#protocol/session/machine.ts'
import type { SessionNote } from '#protocol/session/note.ts'
import type { SessionState } from '#protocol/session/state.ts'
import type { UnaskedCause } from '#protocol/session/unasked.ts'
import type { DeviceFactsWire, OrganisationView } from '#protocol/wire/views.ts'
import { chainOf, genesisOf, linkHash } from '../domain/audit/chain.ts'
import type { AuditWriter } from '../domain/audit/store.ts'
import { type AuditEntry, actorText } from '../domain/audit.ts'
import type { EnrolmentWriter } from '../domain/enrolment/store.ts'
import type { HelpWriter } from '../domain/help/store.ts'
import type { IdempotencyWriter } from '../domain/idempotency/store.ts'
import type { IdentityWriter } from '../domain/identity/store.ts'
import type { OperatingWriter } from '../domain/operating/store.ts'
import type { PolicyWriter } from '../domain/policy/store.ts'
import type { ReceiptWriter } from '../domain/receipts/store.ts'
import type { RecordsWriter } from '../domain/records/store.ts'
import type { RunWriter } from '../domain/scripts/run-store.ts'
import type { ScriptWriter } from '../domain/scripts/store.ts'
import type { NewDevice, NewSession, NewUser, Writer } from '../domain/store.ts'
import type { TrustWriter } from '../domain/trust/store.ts'
import type { UnattendedPlan } from '../domain/unattended/plan.ts'
import type { WebhookWriter } from '../domain/webhooks/store.ts'
import { CLOCK_SET_MS } from './audit/spans.ts'
import { KyselyAuditWriter } from './audit/writer.ts'
import { KyselyEnrolmentWriter } from './enrolment/writer.ts'
import { KyselyHelpWriter } from './help/store.ts'
import { KyselyIdempotencyWriter } from './idempotency/store.ts'
import { KyselyIdentityWriter } from './identity/writer.ts'
import { KyselyOperatingWriter } from './operating/store.ts'
import { KyselyPolicyWriter } from './policy/writer.ts'
import { KyselyReader } from './reader.ts'
import { KyselyReceiptWriter } from './receipts/writer.ts'
import { KyselyRecordsWriter } from './records/writer.ts'
import { KyselyRunWriter } from './scripts/runs.ts'
import { KyselyScriptWriter } from './scripts/store.ts'
import { forgetSession, indexSession } from './sessions/search.ts'
import { KyselyTrustWriter } from './trust/writer.ts'
import { leaveEvents } from './webhooks/outbox.ts'
import { KyselyWebhookWriter } from './webhooks/store.ts'

const DELIVERIES_KEPT_MS = 30 * 24 * 60 * 60_000

/** The changes that one transaction can make. */
export class KyselyWriter extends KyselyReader implements Writer {
  override get identity(): IdentityWriter {
    return new KyselyIdentityWriter(this.db)
  }

  override get operating(): OperatingWriter {
    return new KyselyOperatingWriter(this.db)
  }

  override get idempotency(): IdempotencyWriter {
    return new KyselyIdempotencyWriter(this.db)
  }

  override get scripts(): ScriptWriter {
    return new KyselyScriptWriter(this.db)
  }

  override get scriptRuns(): RunWriter {
    return new KyselyRunWriter(this.db)
  }

  override get webhooks(): WebhookWriter {
    return new KyselyWebhookWriter(this.db)
  }

  override get enrolment(): EnrolmentWriter {
    return new KyselyEnrolmentWriter(this.db)
  }

  override get records(): RecordsWriter {
    return new KyselyRecordsWriter(this.db)
  }

  override get policy(): PolicyWriter {
    return new KyselyPolicyWriter(this.db)
  }

  override get chain(): AuditWriter {
    return new KyselyAuditWriter(this.db)
  }

  override get help(): HelpWriter {
    return new KyselyHelpWriter(this.db)
  }

  override get receipts(): ReceiptWriter {
    return new KyselyReceiptWriter(this.db)
  }

  override get trust(): TrustWriter {
    return new KyselyTrustWriter(this.db)
  }

  async audit(entry: AuditEntry): Promise<void> {
    const { organisationId, atMs, actor, action, subject, detail } = entry
    const chain = chainOf(organisationId)
    const rows = this.db.selectFrom('audit').select(['position', 'hash', 'at_ms']).where('chain', '=', chain)
    const last = await rows.orderBy('position', 'desc').limit(1).executeTakeFirst()
    const position = (last?.position ?? 0) + 1
    const said = { actor: actorText(actor), action, subject, detail: JSON.stringify(detail) }
    const hash = linkHash(last?.hash ?? genesisOf(chain), { chain, position, atMs, ...said })
    const row = { organisation_id: organisationId, at_ms: atMs, ...said, chain, position, hash }
    const { insertId } = await this.db.insertInto('audit').values(row).executeTakeFirstOrThrow()
    if (organisationId !== null && last && atMs < last.at_ms - CLOCK_SET_MS)
      await this.db
        .insertInto('audit_clock')
        .values({ organisation_id: organisationId, sequence: Number(insertId) })
        .execute()
    await leaveEvents(this.db, entry, kind => idFromBytes(kind, randomBytes(16)))
  }

  async insertOrganisation({ id, name }: OrganisationView, atMs: number): Promise<void> {
    await this.db.insertInto('organisation').values({ id, name, created_at_ms: atMs }).execute()
  }

  async insertUser({ id, organisationId, name, email, passwordHash, role, atMs, isElsewhere }: NewUser): Promise<void> {
    // `.invalid` can't be anybody's address, so nobody signs in with it.
    const address = isElsewhere
      ? { email: `${id}@elsewhere.invalid`.toLowerCase(), shown_email: email }
      : { email, shown_email: null }
    await this.db
      .insertInto('user')
      .values({ id, name, created_at_ms: atMs, ...address })
      .execute()
    if (passwordHash !== null) await this.identity.setPassword(id, passwordHash, atMs)
    await this.db.insertInto('member').values({ user_id: id, organisation_id: organisationId, role }).execute()
  }

  async extendLogin(tokenHash: string, expiresAtMs: number, seenAtMs: number): Promise<void> {
    const set = { expires_at_ms: expiresAtMs, last_seen_at_ms: seenAtMs }
    await this.db.updateTable('login').set(set).where('token_hash', '=', tokenHash).execute()
  }

  async deleteLogin(tokenHash: string): Promise<void> {
    await this.db.deleteFrom('login').where('token_hash', '=', tokenHash).execute()
  }

  async deleteStale(nowMs: number, loginsCreatedBeforeMs: number): Promise<void> {
    await this.db
      .deleteFrom('login')
      .where(({ or, eb }) => or([eb('expires_at_ms', '<=', nowMs), eb('created_at_ms', '<=', loginsCreatedBeforeMs)]))
      .execute()
    await this.db.deleteFrom('pass').where('expires_at_ms', '<=', nowMs).execute()
    await this.identity.deleteStaleIdentity(nowMs)
    await this.idempotency.deleteExpired(nowMs)
    await this.help.deleteExpired(nowMs)
    await this.webhooks.deleteDoneDeliveries(nowMs - DELIVERIES_KEPT_MS)
    await this.scriptRuns.deleteRuns(nowMs - RUN_KEPT_MS)
  }

  async insertDevice(device: NewDevice): Promise<void> {
    await this.db
      .insertInto('device')
      .values({
        id: device.id,
        organisation_id: device.organisationId,
        name: device.name,
        facts: JSON.stringify(device.facts),
        key: JSON.stringify(device.key),
        key_thumbprint: device.keyThumbprint,
        enrolment_token_hash: device.enrolmentTokenHash,
        enrolled_at_ms: device.enrolledAtMs,
        last_seen_at_ms: null,
        removed_at_ms: null,
        group_id: device.groupId,
        status: device.status,
        status_since_ms: device.enrolledAtMs,
      })
      .execute()
    await this.records.index(device.id)
  }

  async updateDeviceFacts(id: string, name: string, facts: DeviceFactsWire, seenAtMs: number): Promise<void> {
    await this.db
      .updateTable('device')
      .set({ name, facts: JSON.stringify(facts), last_seen_at_ms: seenAtMs })
      .where('id', '=', id)
      .execute()
  }

  async removeDevice(id: string, atMs: number): Promise<void> {
    await this.db.updateTable('device').set({ removed_at_ms: atMs }).where('id', '=', id).execute()
    await this.records.forget(id, atMs)
  }

  async insertSession(session: NewSession): Promise<void> {
    await this.db
      .insertInto('session')
      .values({
        id: session.id,
        organisation_id: session.organisationId,
        device_id: session.deviceId,
        operator_id: session.operatorId,
        reason: session.reason,
        ticket: session.ticket,
        scopes: JSON.stringify(session.scopes),
        operator_key_thumbprint: session.operatorKeyThumbprint,
        state: JSON.stringify(session.state),
        state_name: session.state.name,
        state_since_ms: session.requestedAtMs,
        agent_nonce: null,
        requested_at_ms: session.requestedAtMs,
        joins: 0,
        consent_timeout_ms: session.consentTimeoutMs,
        duration_max_ms: session.durationMaxMs,
        match_commitment: session.matchCommitment,
        group_id: this.db.selectFrom('device').select('group_id').where('id', '=', session.deviceId),
        unattended: session.unattended && JSON.stringify(session.unattended),
        operator_chain: session.operatorChain && JSON.stringify(session.operatorChain),
        beside: session.beside,
        credential_hash: session.credentialHash,
        skips_consent: Number(session.skipsConsent),
        without_chat: Number(session.withoutChat),
      })
      .execute()
    await this.indexSession(session.id)
  }

  indexSession(id: string): Promise<void> {
    return indexSession(this.db, id)
  }

  async updateSession(id: string, state: SessionState, sinceMs: number, agentNonce: string | null): Promise<void> {
    await this.db
      .updateTable('session')
      .set({ state: JSON.stringify(state), state_name: state.name, state_since_ms: sinceMs, agent_nonce: agentNonce })
      .$if('scopes' in state, session => session.set({ granted_at_ms: firstTime('granted_at_ms', sinceMs) }))
      .$if(isLive(state), session => session.set({ connected_at_ms: firstTime('connected_at_ms', sinceMs) }))
      .$if('reason' in state, session =>
        session.set({
          ended_at_ms: firstTime('ended_at_ms', sinceMs),
          end_reason: 'reason' in state ? state.reason : null,
        }),
      )
      .where('id', '=', id)
      .execute()
  }

  async countJoin(sessionId: string, credentialHash: string): Promise<void> {
    await this.db
      .updateTable('session')
      .set(({ eb }) => ({ joins: eb('joins', '+', 1), credential_hash: credentialHash }))
      .where('id', '=', sessionId)
      .execute()
  }

  async setUnattended(sessionId: string, plan: UnattendedPlan): Promise<void> {
    const set = { unattended: JSON.stringify(plan) }
    await this.db.updateTable('session').set(set).where('id', '=', sessionId).execute()
  }

  async setSessionNote(sessionId: string, note: SessionNote | null): Promise<void> {
    await this.db
      .updateTable('session')
      .set({
        note: note?.text ?? null,
        noted_at_ms: note?.atMs ?? null,
        note_changed_at_ms: note?.changedAtMs ?? null,
      })
      .where('id', '=', sessionId)
      .execute()
    await forgetSession(this.db, sessionId)
    await this.indexSession(sessionId)
  }

  async setUnasked(sessionId: string, unasked: UnaskedCause): Promise<void> {
    await this.db.updateTable('session').set({ unasked }).where('id', '=', sessionId).execute()
  }

  async setRefusal(sessionId: string, refusal: WireError): Promise<void> {
    const set = { refusal: JSON.stringify(refusal) }
    await this.db.updateTable('session').set(set).where('id', '=', sessionId).execute()
  }

  async shutUnattended(deviceId: string, atMs: number): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await this.db
      .insertInto('unattended_off')
      .values({ device_id: deviceId, since_ms: atMs })
      .onConflict(conflict => conflict.doNothing())
      .executeTakeFirstOrThrow()
    return numInsertedOrUpdatedRows === 1n
  }

  async allowUnattended(deviceId: string): Promise<void> {
    await this.db.deleteFrom('unattended_off').where('device_id', '=', deviceId).execute()
  }

  async insertPass({ jti, sessionId, expiresAtMs }: Parameters<Writer['insertPass']>[0]): Promise<void> {
    await this.db
      .insertInto('pass')
      .values({ jti, session_id: sessionId, expires_at_ms: expiresAtMs, used: 0 })
      .execute()
  }

  async spendPass(jti: string, sessionId: string): Promise<boolean> {
    const { numUpdatedRows } = await this.db
      .updateTable('pass')
      .set({ used: 1 })
      .where('jti', '=', jti)
      .where('session_id', '=', sessionId)
      .where('used', '=', 0)
      .executeTakeFirstOrThrow()
    return numUpdatedRows === 1n
  }

  async revokePasses(sessionId: string, atMs: number): Promise<number> {
    const { numUpdatedRows } = await this.db
      .updateTable('pass')
      .set({ used: 1 })
      .where('session_id', '=', sessionId)
      .where('used', '=', 0)
      .where('expires_at_ms', '>', atMs)
      .executeTakeFirstOrThrow()
    return Number(numUpdatedRows)
  }
}

/** The first time stays, however often the session comes back to such a state. */
const firstTime = (column: 'granted_at_ms' | 'connected_at_ms' | 'ended_at_ms', atMs: number) =>
  sql<number>`coalesce(${sql.ref(column)}, ${atMs})`
