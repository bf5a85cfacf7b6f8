import { sql } from 'kysely'
import type { Challenge, IdentityReader, PersonRecord, ProviderRecord } from '../../domain/identity/store.ts'
import { TableReader } from '../table-reader.ts'
import { shownEmail, toApiKey, toChallenge, toPasskey, toPerson } from './rows.ts'

/** The questions about people and how they sign in. */
export class KyselyIdentityReader extends TableReader implements IdentityReader {
  async person(userId: string): Promise<PersonRecord | undefined> {
    const row = await this.#people().where('user.id', '=', userId).executeTakeFirst()
    return row && toPerson(row)
  }

  async people(organisationId: string): Promise<PersonRecord[]> {
    const people = this.#people().where('member.organisation_id', '=', organisationId)
    return (await people.orderBy('user.name').limit(10_000).execute()).map(toPerson)
  }

  async isMember(organisationId: string, email: string): Promise<boolean> {
    const people = this.#people().where('member.organisation_id', '=', organisationId)
    const row = people.where(({ or, eb }) => or([eb('user.email', '=', email), eb('user.shown_email', '=', email)]))
    return (await row.executeTakeFirst()) !== undefined
  }

  loginsOf(userId: string) {
    return this.db
      .selectFrom('login')
      .select(['id', 'token_hash as tokenHash', 'method', 'address', 'client', 'created_at_ms as createdAtMs'])
      .select(['last_seen_at_ms as lastSeenAtMs', 'expires_at_ms as expiresAtMs'])
      .where('user_id', '=', userId)
      .orderBy('last_seen_at_ms', 'desc')
      .limit(500)
      .execute()
  }

  async challenge(ticketHash: string, kind: Challenge['kind'], nowMs: number): Promise<Challenge | undefined> {
    const row = await this.db
      .selectFrom('challenge')
      .selectAll()
      .where('ticket_hash', '=', ticketHash)
      .where('kind', '=', kind)
      .where('expires_at_ms', '>', nowMs)
      .executeTakeFirst()
    return row && toChallenge(row)
  }

  async totp(userId: string) {
    const row = await this.db.selectFrom('totp').selectAll().where('user_id', '=', userId).executeTakeFirst()
    return (
      row && { sealedSecret: row.sealed_secret, isConfirmed: row.confirmed_at_ms !== null, lastStep: row.last_step }
    )
  }

  async recoveryCodesLeft(userId: string): Promise<number> {
    const codes = this.db.selectFrom('recovery_code').select('code_hash').where('user_id', '=', userId)
    return (await codes.execute()).length
  }

  async passkeys(userId: string) {
    const passkeys = this.db.selectFrom('passkey').selectAll().where('user_id', '=', userId)
    return (await passkeys.orderBy('created_at_ms').limit(20).execute()).map(toPasskey)
  }

  async passkeyByCredential(credentialId: string) {
    const passkey = this.db.selectFrom('passkey').selectAll().where('credential_id', '=', credentialId)
    const row = await passkey.executeTakeFirst()
    return row && toPasskey(row)
  }

  invitation(tokenHash: string, nowMs: number) {
    return this.#invitations(nowMs).where('token_hash', '=', tokenHash).executeTakeFirst()
  }

  invitations(organisationId: string, nowMs: number) {
    const invitations = this.#invitations(nowMs).where('organisation_id', '=', organisationId)
    return invitations.orderBy('created_at_ms', 'desc').limit(1000).execute()
  }

  passwordReset(tokenHash: string, nowMs: number) {
    return this.db
      .selectFrom('password_reset')
      .select('user_id as userId')
      .where('token_hash', '=', tokenHash)
      .where('expires_at_ms', '>', nowMs)
      .executeTakeFirst()
  }

  async provider(organisationId: string): Promise<ProviderRecord | undefined> {
    const row = await this.db
      .selectFrom('identity_provider')
      .selectAll()
      .where('organisation_id', '=', organisationId)
      .executeTakeFirst()
    if (!row) return undefined
    const domains = this.db.selectFrom('sso_domain').select('domain').where('organisation_id', '=', organisationId)
    return {
      organisationId,
      issuer: row.issuer,
      clientId: row.client_id,
      sealedClientSecret: row.sealed_client_secret,
      createsAccounts: row.creates_accounts === 1,
      domains: (await domains.orderBy('domain').execute()).map(({ domain }) => domain),
    }
  }

  async providerOfDomain(domain: string): Promise<ProviderRecord | undefined> {
    const row = await this.db
      .selectFrom('sso_domain')
      .select('organisation_id')
      .where('domain', '=', domain)
      .executeTakeFirst()
    return row && this.provider(row.organisation_id)
  }

  async ssoAccount(organisationId: string, issuer: string, subject: string): Promise<string | undefined> {
    const row = await this.db
      .selectFrom('sso_account')
      .select('user_id')
      .where('organisation_id', '=', organisationId)
      .where('issuer', '=', issuer)
      .where('subject', '=', subject)
      .executeTakeFirst()
    return row?.user_id
  }

  async browserFlow(by: { ticketHash: string } | { stateHash: string }, nowMs: number) {
    const flows = this.db.selectFrom('browser_flow').selectAll().where('expires_at_ms', '>', nowMs)
    const flow =
      'ticketHash' in by ? flows.where('ticket_hash', '=', by.ticketHash) : flows.where('state_hash', '=', by.stateHash)
    const row = await flow.executeTakeFirst()
    if (!row) return undefined
    return {
      ticketHash: row.ticket_hash,
      organisationId: row.organisation_id,
      sealedChecks: row.sealed_checks,
      codeHash: row.code_hash,
      userId: row.user_id,
      failed: row.failed === 1,
    }
  }

  async apiKeys(organisationId: string, nowMs: number) {
    const keys = this.#apiKeys(nowMs).where('api_key.organisation_id', '=', organisationId)
    return (await keys.orderBy('api_key.created_at_ms', 'desc').limit(500).execute()).map(toApiKey)
  }

  async apiKey(keyHash: string, nowMs: number) {
    const row = await this.#apiKeys(nowMs)
      .innerJoin('member', 'member.user_id', 'user.id')
      .innerJoin('organisation', 'organisation.id', 'member.organisation_id')
      .select(['user.id as user_id', 'user.name as user_name', 'member.role', 'organisation.name as organisation_name'])
      .where('api_key.key_hash', '=', keyHash)
      .where('user.removed_at_ms', 'is', null)
      .where('user.disabled_at_ms', 'is', null)
      .executeTakeFirst()
    if (!row) return undefined
    const key = toApiKey(row)
    const user = { id: row.user_id, name: row.user_name, email: row.email, viaKey: key.prefix }
    const organisation = { id: row.organisation_id, name: row.organisation_name }
    return { ...key, principal: { user, organisation, role: row.role } }
  }

  #apiKeys(nowMs: number) {
    return this.db
      .selectFrom('api_key')
      .innerJoin('user', 'user.id', 'api_key.user_id')
      .select(['api_key.id', 'api_key.organisation_id', 'api_key.name', 'api_key.prefix', 'api_key.scopes'])
      .select(['api_key.created_at_ms', 'api_key.expires_at_ms', 'api_key.last_used_at_ms', 'user.email'])
      .where('api_key.revoked_at_ms', 'is', null)
      .where('api_key.expires_at_ms', '>', nowMs)
  }

  #invitations(nowMs: number) {
    return this.db
      .selectFrom('invitation')
      .select(['id', 'organisation_id as organisationId', 'email', 'role'])
      .select(['created_at_ms as createdAtMs', 'expires_at_ms as expiresAtMs'])
      .where('expires_at_ms', '>', nowMs)
  }

  #people() {
    const count = (from: string) =>
      sql<number>`(select count(*) from ${sql.table(from)} as t where t.user_id = "user".id)`
    return this.db
      .selectFrom('user')
      .innerJoin('member', 'member.user_id', 'user.id')
      .innerJoin('organisation', 'organisation.id', 'member.organisation_id')
      .select(['user.id', 'user.name', 'user.created_at_ms', 'user.disabled_at_ms', 'user.shown_email'])
      .select(['member.role', 'member.organisation_id', 'organisation.name as organisation_name'])
      .select(shownEmail)
      .select([count('credential').as('passwords'), count('passkey').as('passkeys')])
      .select(({ selectFrom }) => [
        selectFrom('totp')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .whereRef('totp.user_id', '=', 'user.id')
          .where('totp.confirmed_at_ms', 'is not', null)
          .as('totps'),
        selectFrom('login')
          .select(({ fn }) => fn.max('login.last_seen_at_ms').as('at'))
          .whereRef('login.user_id', '=', 'user.id')
          .as('last_seen_at_ms'),
      ])
      .where('user.removed_at_ms', 'is', null)
  }
}
