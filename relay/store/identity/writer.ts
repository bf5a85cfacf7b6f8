import type {
  ApiKeyRecord,
  Challenge,
  IdentityWriter,
  InvitationRecord,
  NewLogin,
  PasskeyRecord,
  ProviderRecord,
} from '../../domain/identity/store.ts'
import type { Role } from '../../domain/principal.ts'
import { KyselyIdentityReader } from './reader.ts'

/** The changes to people and to how they sign in, within one transaction. */
export class KyselyIdentityWriter extends KyselyIdentityReader implements IdentityWriter {
  async insertLogin({ id, tokenHash, userId, method, address, client, atMs, expiresAtMs }: NewLogin): Promise<void> {
    const times = { created_at_ms: atMs, authenticated_at_ms: atMs, last_seen_at_ms: atMs, expires_at_ms: expiresAtMs }
    const login = { token_hash: tokenHash, id, user_id: userId, method, address, client, ...times }
    await this.db.insertInto('login').values(login).execute()
  }

  async setLoginAuthenticated(tokenHash: string, atMs: number): Promise<void> {
    const login = this.db.updateTable('login').set({ authenticated_at_ms: atMs })
    await login.where('token_hash', '=', tokenHash).execute()
  }

  async deleteLogins(userId: string, keepTokenHash: string | null): Promise<string[]> {
    const logins = this.db.deleteFrom('login').where('user_id', '=', userId)
    const ended = keepTokenHash === null ? logins : logins.where('token_hash', '<>', keepTokenHash)
    return (await ended.returning('token_hash').execute()).map(row => row.token_hash)
  }

  async countFailure(key: string, limit: number, nowMs: number, windowMs: number): Promise<boolean> {
    await this.db.deleteFrom('sign_in_failure').where('key', '=', key).where('until_ms', '<=', nowMs).execute()
    const { numInsertedOrUpdatedRows } = await this.db
      .insertInto('sign_in_failure')
      .values({ key, count: 1, until_ms: nowMs + windowMs })
      .onConflict(conflict =>
        conflict
          .column('key')
          .doUpdateSet(({ eb }) => ({ count: eb('sign_in_failure.count', '+', 1) }))
          .where('sign_in_failure.count', '<', limit),
      )
      .executeTakeFirstOrThrow()
    return numInsertedOrUpdatedRows === 1n
  }

  async takeBackFailure(key: string): Promise<void> {
    await this.db
      .updateTable('sign_in_failure')
      .set(({ eb }) => ({ count: eb('count', '-', 1) }))
      .where('key', '=', key)
      .execute()
    await this.db.deleteFrom('sign_in_failure').where('key', '=', key).where('count', '<=', 0).execute()
  }

  async setPassword(userId: string, passwordHash: string, atMs: number): Promise<void> {
    const set = { password_hash: passwordHash, updated_at_ms: atMs }
    await this.db
      .insertInto('credential')
      .values({ user_id: userId, ...set })
      .onConflict(conflict => conflict.column('user_id').doUpdateSet(set))
      .execute()
  }

  async setRole(userId: string, role: Role): Promise<void> {
    await this.db.updateTable('member').set({ role }).where('user_id', '=', userId).execute()
  }

  async setDisabled(userId: string, sinceMs: number | null): Promise<void> {
    await this.db.updateTable('user').set({ disabled_at_ms: sinceMs }).where('id', '=', userId).execute()
  }

  async removePerson(userId: string, atMs: number): Promise<void> {
    // `.invalid` can't be anybody's address, so the real one is free for another account.
    const gone = { removed_at_ms: atMs, email: `${userId}@removed.invalid`.toLowerCase(), shown_email: null }
    await this.db.updateTable('user').set(gone).where('id', '=', userId).execute()
    for (const table of [
      'credential',
      'totp',
      'recovery_code',
      'passkey',
      'sso_account',
      'password_reset',
      'member',
    ] as const)
      await this.db.deleteFrom(table).where('user_id', '=', userId).execute()
    await this.db.updateTable('api_key').set({ revoked_at_ms: atMs }).where('user_id', '=', userId).execute()
  }

  async insertChallenge({ ticketHash, kind, userId, data, expiresAtMs }: Challenge): Promise<void> {
    const challenge = { ticket_hash: ticketHash, kind, user_id: userId, data, tries: 0, expires_at_ms: expiresAtMs }
    await this.db.insertInto('challenge').values(challenge).execute()
  }

  async takeChallenge(ticketHash: string, kind: Challenge['kind'], nowMs: number): Promise<Challenge | undefined> {
    const challenge = await this.challenge(ticketHash, kind, nowMs)
    if (challenge) await this.db.deleteFrom('challenge').where('ticket_hash', '=', ticketHash).execute()
    return challenge
  }

  async failChallenge(ticketHash: string, maxTries: number): Promise<void> {
    await this.db
      .updateTable('challenge')
      .set(({ eb }) => ({ tries: eb('tries', '+', 1) }))
      .where('ticket_hash', '=', ticketHash)
      .execute()
    const challenge = this.db.deleteFrom('challenge').where('ticket_hash', '=', ticketHash)
    await challenge.where('tries', '>=', maxTries).execute()
  }

  async setTotp(userId: string, sealedSecret: string): Promise<void> {
    await this.deleteTotp(userId)
    const totp = { user_id: userId, sealed_secret: sealedSecret, confirmed_at_ms: null, last_step: 0 }
    await this.db.insertInto('totp').values(totp).execute()
  }

  async confirmTotp(userId: string, atMs: number): Promise<void> {
    await this.db.updateTable('totp').set({ confirmed_at_ms: atMs }).where('user_id', '=', userId).execute()
  }

  async spendTotpStep(userId: string, step: number): Promise<boolean> {
    const totp = this.db.updateTable('totp').set({ last_step: step }).where('user_id', '=', userId)
    return changed(await totp.where('last_step', '<', step).executeTakeFirstOrThrow())
  }

  async deleteTotp(userId: string): Promise<boolean> {
    await this.db.deleteFrom('recovery_code').where('user_id', '=', userId).execute()
    return deleted(await this.db.deleteFrom('totp').where('user_id', '=', userId).executeTakeFirstOrThrow())
  }

  async setRecoveryCodes(userId: string, codeHashes: readonly string[]): Promise<void> {
    await this.db.deleteFrom('recovery_code').where('user_id', '=', userId).execute()
    const codes = codeHashes.map(codeHash => ({ user_id: userId, code_hash: codeHash }))
    await this.db.insertInto('recovery_code').values(codes).execute()
  }

  async spendRecoveryCode(userId: string, codeHash: string): Promise<boolean> {
    const code = this.db.deleteFrom('recovery_code').where('user_id', '=', userId).where('code_hash', '=', codeHash)
    return deleted(await code.executeTakeFirstOrThrow())
  }

  async insertPasskey(passkey: Omit<PasskeyRecord, 'lastUsedAtMs'>): Promise<void> {
    await this.db
      .insertInto('passkey')
      .values({
        id: passkey.id,
        user_id: passkey.userId,
        credential_id: passkey.credentialId,
        public_key: passkey.publicKey,
        counter: passkey.counter,
        transports: JSON.stringify(passkey.transports),
        name: passkey.name,
        created_at_ms: passkey.createdAtMs,
        last_used_at_ms: null,
      })
      .execute()
  }

  async usePasskey(id: string, fromCounter: number, toCounter: number, atMs: number): Promise<boolean> {
    const passkey = this.db.updateTable('passkey').set({ counter: toCounter, last_used_at_ms: atMs })
    return changed(await passkey.where('id', '=', id).where('counter', '=', fromCounter).executeTakeFirstOrThrow())
  }

  async deletePasskey(id: string, userId: string): Promise<boolean> {
    const passkey = this.db.deleteFrom('passkey').where('id', '=', id).where('user_id', '=', userId)
    return deleted(await passkey.executeTakeFirstOrThrow())
  }

  async insertInvitation(invitation: InvitationRecord & { tokenHash: string; createdBy: string }): Promise<void> {
    const { id, organisationId, email, role, tokenHash, createdBy, createdAtMs, expiresAtMs } = invitation
    const earlier = this.db.deleteFrom('invitation').where('organisation_id', '=', organisationId)
    await earlier.where('email', '=', email).execute()
    const times = { created_at_ms: createdAtMs, expires_at_ms: expiresAtMs }
    const row = { id, organisation_id: organisationId, email, role, token_hash: tokenHash, created_by: createdBy }
    await this.db
      .insertInto('invitation')
      .values({ ...row, ...times })
      .execute()
  }

  async takeInvitation(tokenHash: string): Promise<boolean> {
    const invitation = this.db.deleteFrom('invitation').where('token_hash', '=', tokenHash)
    return deleted(await invitation.executeTakeFirstOrThrow())
  }

  async deleteInvitation(id: string, organisationId: string): Promise<boolean> {
    const invitation = this.db.deleteFrom('invitation').where('id', '=', id)
    return deleted(await invitation.where('organisation_id', '=', organisationId).executeTakeFirstOrThrow())
  }

  async setPasswordReset(userId: string, tokenHash: string, expiresAtMs: number): Promise<void> {
    await this.deletePasswordReset(userId)
    const reset = { user_id: userId, token_hash: tokenHash, expires_at_ms: expiresAtMs }
    await this.db.insertInto('password_reset').values(reset).execute()
  }

  async deletePasswordReset(userId: string): Promise<boolean> {
    return deleted(await this.db.deleteFrom('password_reset').where('user_id', '=', userId).executeTakeFirstOrThrow())
  }

  async setProvider(provider: ProviderRecord, atMs: number): Promise<void> {
    const { organisationId } = provider
    const set = {
      issuer: provider.issuer,
      client_id: provider.clientId,
      sealed_client_secret: provider.sealedClientSecret,
      creates_accounts: provider.createsAccounts ? 1 : 0,
      updated_at_ms: atMs,
    }
    await this.db
      .insertInto('identity_provider')
      .values({ organisation_id: organisationId, ...set })
      .onConflict(conflict => conflict.column('organisation_id').doUpdateSet(set))
      .execute()
    await this.db.deleteFrom('sso_domain').where('organisation_id', '=', organisationId).execute()
    const domains = provider.domains.map(domain => ({ domain, organisation_id: organisationId }))
    await this.db.insertInto('sso_domain').values(domains).execute()
  }

  async deleteProvider(organisationId: string): Promise<boolean> {
    await this.db.deleteFrom('browser_flow').where('organisation_id', '=', organisationId).execute()
    const provider = this.db.deleteFrom('identity_provider').where('organisation_id', '=', organisationId)
    return deleted(await provider.executeTakeFirstOrThrow())
  }

  async insertSsoAccount(organisationId: string, issuer: string, subject: string, userId: string): Promise<void> {
    const account = { organisation_id: organisationId, issuer, subject, user_id: userId }
    await this.db.insertInto('sso_account').values(account).execute()
  }

  async insertBrowserFlow(flow: Parameters<IdentityWriter['insertBrowserFlow']>[0]): Promise<void> {
    await this.db
      .insertInto('browser_flow')
      .values({
        ticket_hash: flow.ticketHash,
        state_hash: flow.stateHash,
        organisation_id: flow.organisationId,
        sealed_checks: flow.sealedChecks,
        failed: 0,
        tries: 0,
        expires_at_ms: flow.expiresAtMs,
      })
      .execute()
  }

  async completeBrowserFlow(stateHash: string, done: { userId: string; codeHash: string } | null): Promise<boolean> {
    const set = done ? { user_id: done.userId, code_hash: done.codeHash } : { failed: 1 }
    const flow = this.db.updateTable('browser_flow').set(set).where('state_hash', '=', stateHash)
    return changed(await flow.where('user_id', 'is', null).where('failed', '=', 0).executeTakeFirstOrThrow())
  }

  async failBrowserFlow(ticketHash: string, maxTries: number): Promise<void> {
    await this.db
      .updateTable('browser_flow')
      .set(({ eb }) => ({ tries: eb('tries', '+', 1) }))
      .where('ticket_hash', '=', ticketHash)
      .execute()
    const flow = this.db.deleteFrom('browser_flow').where('ticket_hash', '=', ticketHash)
    await flow.where('tries', '>=', maxTries).execute()
  }

  async takeBrowserFlow(ticketHash: string, codeHash: string): Promise<boolean> {
    const flow = this.db.deleteFrom('browser_flow').where('ticket_hash', '=', ticketHash)
    return deleted(await flow.where('code_hash', '=', codeHash).executeTakeFirstOrThrow())
  }

  async insertApiKey(key: Omit<ApiKeyRecord, 'createdBy' | 'lastUsedAtMs'> & { keyHash: string; userId: string }) {
    await this.db
      .insertInto('api_key')
      .values({
        id: key.id,
        organisation_id: key.organisationId,
        user_id: key.userId,
        name: key.name,
        prefix: key.prefix,
        key_hash: key.keyHash,
        scopes: JSON.stringify(key.scopes),
        created_at_ms: key.createdAtMs,
        expires_at_ms: key.expiresAtMs,
      })
      .execute()
  }

  async setApiKeyUsed(id: string, atMs: number): Promise<void> {
    await this.db.updateTable('api_key').set({ last_used_at_ms: atMs }).where('id', '=', id).execute()
  }

  async revokeApiKey(id: string, organisationId: string, atMs: number): Promise<string | undefined> {
    const key = this.db.updateTable('api_key').set({ revoked_at_ms: atMs }).where('id', '=', id)
    const own = key.where('organisation_id', '=', organisationId).where('revoked_at_ms', 'is', null)
    return (await own.returning('key_hash').executeTakeFirst())?.key_hash
  }

  async deleteStaleIdentity(nowMs: number): Promise<void> {
    await this.db.deleteFrom('sign_in_failure').where('until_ms', '<=', nowMs).execute()
    for (const table of ['challenge', 'browser_flow', 'invitation', 'password_reset'] as const)
      await this.db.deleteFrom(table).where('expires_at_ms', '<=', nowMs).execute()
  }
}

const changed = ({ numUpdatedRows }: { numUpdatedRows: bigint }) => numUpdatedRows > 0n
const deleted = ({ numDeletedRows }: { numDeletedRows: bigint }) => numDeletedRows > 0n
