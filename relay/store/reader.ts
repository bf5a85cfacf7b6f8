import { sql } from 'kysely'
import { DENIALS_MAX } from '#protocol/limits.ts'
import type { AuditReader } from '../domain/audit/store.ts'
import type { AuditFilter, AuditRow } from '../domain/audit.ts'
import type { EnrolmentReader } from '../domain/enrolment/store.ts'
import type { HelpReader } from '../domain/help/store.ts'
import type { IdempotencyReader } from '../domain/idempotency/store.ts'
import type { IdentityReader } from '../domain/identity/store.ts'
import type { OperatingReader } from '../domain/operating/store.ts'
import type { PolicyReader } from '../domain/policy/store.ts'
import type { ReceiptReader } from '../domain/receipts/store.ts'
import type { RecordsReader } from '../domain/records/store.ts'
import type { RunReader } from '../domain/scripts/run-store.ts'
import type { ScriptReader } from '../domain/scripts/store.ts'
import type { SessionLogReader } from '../domain/sessions/store.ts'
import type { DeviceRecord, LoginRecord, PassRecord, Reader, SessionRecord } from '../domain/store.ts'
import type { TrustReader } from '../domain/trust/store.ts'
import type { WebhookReader } from '../domain/webhooks/store.ts'
import { auditPage } from './audit/page.ts'
import { KyselyAuditReader } from './audit/reader.ts'
import { KyselyEnrolmentReader } from './enrolment/reader.ts'
import { KyselyHelpReader } from './help/store.ts'
import { KyselyIdempotencyReader } from './idempotency/store.ts'
import { KyselyIdentityReader } from './identity/reader.ts'
import { KyselyOperatingReader } from './operating/store.ts'
import { KyselyPolicyReader } from './policy/reader.ts'
import { KyselyReceiptReader } from './receipts/reader.ts'
import { KyselyRecordsReader } from './records/reader.ts'
import { toDevice, toLogin, toSession } from './rows.ts'
import { KyselyRunReader } from './scripts/runs.ts'
import { KyselyScriptReader } from './scripts/store.ts'
import { KyselySessionLogReader } from './sessions/reader.ts'
import { TableReader } from './table-reader.ts'
import { KyselyTrustReader } from './trust/reader.ts'
import { KyselyWebhookReader } from './webhooks/store.ts'

/** The questions to the database. Works on the whole database and within a transaction alike. */
export class KyselyReader extends TableReader implements Reader {
  get identity(): IdentityReader {
    return new KyselyIdentityReader(this.db)
  }

  get enrolment(): EnrolmentReader {
    return new KyselyEnrolmentReader(this.db)
  }

  get records(): RecordsReader {
    return new KyselyRecordsReader(this.db)
  }

  get policy(): PolicyReader {
    return new KyselyPolicyReader(this.db)
  }

  get operating(): OperatingReader {
    return new KyselyOperatingReader(this.db)
  }

  get idempotency(): IdempotencyReader {
    return new KyselyIdempotencyReader(this.db)
  }

  get scripts(): ScriptReader {
    return new KyselyScriptReader(this.db)
  }

  get scriptRuns(): RunReader {
    return new KyselyRunReader(this.db)
  }

  get webhooks(): WebhookReader {
    return new KyselyWebhookReader(this.db)
  }

  get sessionLog(): SessionLogReader {
    return new KyselySessionLogReader(this.db)
  }

  get chain(): AuditReader {
    return new KyselyAuditReader(this.db)
  }

  get help(): HelpReader {
    return new KyselyHelpReader(this.db)
  }

  get receipts(): ReceiptReader {
    return new KyselyReceiptReader(this.db)
  }

  get trust(): TrustReader {
    return new KyselyTrustReader(this.db)
  }

  async hasUsers(): Promise<boolean> {
    const first = this.db.selectFrom('user').select(({ fn }) => fn.min('id').as('id'))
    return (await first.executeTakeFirstOrThrow()).id !== null
  }

  userByEmail(email: string) {
    return this.db
      .selectFrom('user')
      .innerJoin('member', 'member.user_id', 'user.id')
      .select(['user.id', 'member.organisation_id as organisationId'])
      .where('user.email', '=', email)
      .executeTakeFirst()
  }

  async login(tokenHash: string): Promise<LoginRecord | undefined> {
    const row = await this.db
      .selectFrom('login')
      .innerJoin('user', 'user.id', 'login.user_id')
      .innerJoin('member', 'member.user_id', 'user.id')
      .innerJoin('organisation', 'organisation.id', 'member.organisation_id')
      .select(['login.id', 'login.token_hash', 'login.user_id', 'login.created_at_ms', 'login.expires_at_ms'])
      .select('login.authenticated_at_ms')
      .select(['user.name as user_name', 'user.email', 'member.role', 'member.organisation_id'])
      .select('organisation.name as organisation_name')
      .where('login.token_hash', '=', tokenHash)
      .where('user.removed_at_ms', 'is', null)
      .where('user.disabled_at_ms', 'is', null)
      .executeTakeFirst()
    return row && toLogin(row)
  }

  async device(id: string): Promise<DeviceRecord | undefined> {
    const row = await this.#devices().where('id', '=', id).executeTakeFirst()
    return row && toDevice(row)
  }

  async deviceByKey(keyThumbprint: string): Promise<DeviceRecord | undefined> {
    const row = await this.#devices().where('key_thumbprint', '=', keyThumbprint).executeTakeFirst()
    return row && toDevice(row)
  }

  organisation(id: string) {
    return this.db.selectFrom('organisation').select(['id', 'name']).where('id', '=', id).executeTakeFirst()
  }

  async session(id: string): Promise<SessionRecord | undefined> {
    const row = await this.#sessions().where('session.id', '=', id).executeTakeFirst()
    return row && toSession(row)
  }

  async pass(jti: string): Promise<PassRecord | undefined> {
    const row = await this.db.selectFrom('pass').selectAll().where('jti', '=', jti).executeTakeFirst()
    return row && { jti, sessionId: row.session_id, expiresAtMs: row.expires_at_ms, isUsed: row.used !== 0 }
  }

  async openSessions(): Promise<SessionRecord[]> {
    return (await this.#openSessions().execute()).map(toSession)
  }

  async openSessionsOfDevice(deviceId: string): Promise<SessionRecord[]> {
    return (await this.#openSessions().where('session.device_id', '=', deviceId).execute()).map(toSession)
  }

  async lastDenials(operatorId: string, deviceId: string): Promise<number[]> {
    const rows = await this.db
      .selectFrom('session')
      .select('ended_at_ms')
      .where('device_id', '=', deviceId)
      .where('operator_id', '=', operatorId)
      .where('end_reason', '=', 'denied')
      // Where nobody was asked, nobody refused: a burnt password or an approval that wasn't given.
      .where('unattended', 'is', null)
      .where('ended_at_ms', 'is not', null)
      .orderBy('ended_at_ms', 'desc')
      .limit(DENIALS_MAX)
      .execute()
    return rows.map(row => row.ended_at_ms ?? 0)
  }

  async isUnattendedOff(deviceId: string): Promise<boolean> {
    const row = this.db.selectFrom('unattended_off').select('device_id').where('device_id', '=', deviceId)
    return (await row.executeTakeFirst()) !== undefined
  }

  async openSessionsOfOperator(userId: string): Promise<SessionRecord[]> {
    return (await this.#openSessions().where('session.operator_id', '=', userId).limit(500).execute()).map(toSession)
  }

  async openSessionsOfCredentials(hashes: readonly string[]): Promise<SessionRecord[]> {
    if (hashes.length === 0) return []
    return (await this.#openSessions().where('session.credential_hash', 'in', hashes).execute()).map(toSession)
  }

  async openSessionsOfOrganisation(organisationId: string): Promise<SessionRecord[]> {
    return (await this.#openSessions().where('session.organisation_id', '=', organisationId).execute()).map(toSession)
  }

  auditRows(organisationId: string, before: number, limit: number, filter: AuditFilter = {}): Promise<AuditRow[]> {
    return auditPage(this.db, { organisationId, before, limit, filter })
  }

  async check(): Promise<void> {
    await sql`select 1`.execute(this.db)
  }

  #devices() {
    return this.db
      .selectFrom('device')
      .select(['id', 'organisation_id', 'name', 'facts', 'key', 'key_thumbprint', 'enrolment_token_hash'])
      .select(['enrolled_at_ms', 'last_seen_at_ms', 'group_id', 'status', 'status_reason', 'owner'])
      .where('removed_at_ms', 'is', null)
  }

  #sessions() {
    return this.db
      .selectFrom('session')
      .innerJoin('device', 'device.id', 'session.device_id')
      .innerJoin('user', 'user.id', 'session.operator_id')
      .innerJoin('organisation', 'organisation.id', 'session.organisation_id')
      .selectAll('session')
      .select([
        'device.name as device_name',
        'device.key as device_key',
        'user.name as operator_name',
        'user.email as operator_email',
      ])
      .select('organisation.name as organisation_name')
  }

  #openSessions() {
    return this.#sessions().where('session.state_name', '<>', 'closed')
  }
}
