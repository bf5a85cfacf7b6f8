import type { ApiScope } from '#protocol/api-scopes.ts'
import type { OrganisationView, UserView } from '#protocol/wire/views.ts'
import type { Principal, Role } from '../principal.ts'

/** One person of an organisation. Removed people are in no answer. */
export interface PersonRecord {
  readonly user: UserView
  readonly organisation: OrganisationView
  readonly role: Role
  readonly hasPassword: boolean
  /** A confirmed authenticator app: signing in with the password takes a code too. */
  readonly totp: boolean
  readonly passkeys: number
  readonly createdAtMs: number
  readonly lastSeenAtMs: number | null
  /** Switched off by an administrator: nothing that they had opens anything until they are switched on again. */
  readonly isDisabled: boolean
  /** The address has its account in another organisation: listed like everybody, and able to sign in nowhere. */
  readonly isElsewhere: boolean
}

/** One sign-in, without whose it is. */
export interface LoginSummary {
  readonly id: string
  readonly tokenHash: string
  readonly method: string
  readonly address: string
  readonly client: string
  readonly createdAtMs: number
  readonly lastSeenAtMs: number
  readonly expiresAtMs: number
}

export interface NewLogin {
  readonly id: string
  readonly tokenHash: string
  readonly userId: string
  readonly method: string
  readonly address: string
  readonly client: string
  readonly atMs: number
  readonly expiresAtMs: number
}

/** The half of a sign-in, or of a registration, that waits for its other half. `data` is the kind's own. */
export interface Challenge {
  readonly ticketHash: string
  readonly kind: 'second-factor' | 'passkey-sign-in' | 'passkey-registration'
  readonly userId: string | null
  readonly data: string
  readonly expiresAtMs: number
}

export interface TotpRecord {
  readonly sealedSecret: string
  readonly isConfirmed: boolean
  /** The newest time step whose code was used; it and older ones are worth nothing. */
  readonly lastStep: number
}

export interface PasskeyRecord {
  readonly id: string
  readonly userId: string
  readonly credentialId: string
  /** COSE key, base64url. */
  readonly publicKey: string
  readonly counter: number
  readonly transports: readonly string[]
  readonly name: string
  readonly createdAtMs: number
  readonly lastUsedAtMs: number | null
}

export interface InvitationRecord {
  readonly id: string
  readonly organisationId: string
  readonly email: string
  readonly role: Role
  readonly createdAtMs: number
  readonly expiresAtMs: number
}

export interface ProviderRecord {
  readonly organisationId: string
  readonly issuer: string
  readonly clientId: string
  readonly sealedClientSecret: string
  readonly domains: readonly string[]
  readonly createsAccounts: boolean
}

export interface BrowserFlowRecord {
  readonly ticketHash: string
  /** Whose identity provider decides; null where the relay's own page does. */
  readonly organisationId: string | null
  readonly sealedChecks: string
  /** Set when the browser is done: whoever has ticket and code is this person. */
  readonly codeHash: string | null
  readonly userId: string | null
  readonly failed: boolean
}

export interface ApiKeyRecord {
  readonly id: string
  readonly organisationId: string
  readonly name: string
  readonly prefix: string
  readonly scopes: ApiScope[]
  readonly createdBy: string
  readonly createdAtMs: number
  readonly expiresAtMs: number
  readonly lastUsedAtMs: number | null
}

export interface IdentityReader {
  person(userId: string): Promise<PersonRecord | undefined>
  people(organisationId: string): Promise<PersonRecord[]>
  /** Whether this organisation lists somebody with the address. */
  isMember(organisationId: string, email: string): Promise<boolean>
  loginsOf(userId: string): Promise<LoginSummary[]>
  /** Not expired ones only, here and wherever `nowMs` is asked for. */
  challenge(ticketHash: string, kind: Challenge['kind'], nowMs: number): Promise<Challenge | undefined>
  totp(userId: string): Promise<TotpRecord | undefined>
  recoveryCodesLeft(userId: string): Promise<number>
  passkeys(userId: string): Promise<PasskeyRecord[]>
  passkeyByCredential(credentialId: string): Promise<PasskeyRecord | undefined>
  invitation(tokenHash: string, nowMs: number): Promise<InvitationRecord | undefined>
  invitations(organisationId: string, nowMs: number): Promise<InvitationRecord[]>
  passwordReset(tokenHash: string, nowMs: number): Promise<{ readonly userId: string } | undefined>
  provider(organisationId: string): Promise<ProviderRecord | undefined>
  providerOfDomain(domain: string): Promise<ProviderRecord | undefined>
  ssoAccount(organisationId: string, issuer: string, subject: string): Promise<string | undefined>
  browserFlow(by: { ticketHash: string } | { stateHash: string }, nowMs: number): Promise<BrowserFlowRecord | undefined>
  apiKeys(organisationId: string, nowMs: number): Promise<ApiKeyRecord[]>
  /** With whom it acts for; undefined when unknown, expired, revoked or its maker was removed. */
  apiKey(keyHash: string, nowMs: number): Promise<(ApiKeyRecord & { readonly principal: Principal }) | undefined>
}

/** The boolean answers say whether there was such a row; false means that nothing changed. */
export interface IdentityWriter extends IdentityReader {
  insertLogin(login: NewLogin): Promise<void>
  setLoginAuthenticated(tokenHash: string, atMs: number): Promise<void>
  /** All of the person's but the one to keep; returns the token hashes of what ended. */
  deleteLogins(userId: string, keepTokenHash: string | null): Promise<string[]>
  /** Counts one more failure of the key; false when `limit` was reached before, then nothing is counted. */
  countFailure(key: string, limit: number, nowMs: number, windowMs: number): Promise<boolean>
  takeBackFailure(key: string): Promise<void>
  setPassword(userId: string, passwordHash: string, atMs: number): Promise<void>
  setRole(userId: string, role: Role): Promise<void>
  /** Null switches them on again. */
  setDisabled(userId: string, sinceMs: number | null): Promise<void>
  /** Wipes credentials and the address; the name stays for the sessions of before. */
  removePerson(userId: string, atMs: number): Promise<void>
  insertChallenge(challenge: Challenge): Promise<void>
  /** It can be taken once. */
  takeChallenge(ticketHash: string, kind: Challenge['kind'], nowMs: number): Promise<Challenge | undefined>
  /** A wrong answer; the challenge is gone after `maxTries` of them. */
  failChallenge(ticketHash: string, maxTries: number): Promise<void>
  setTotp(userId: string, sealedSecret: string): Promise<void>
  confirmTotp(userId: string, atMs: number): Promise<void>
  spendTotpStep(userId: string, step: number): Promise<boolean>
  deleteTotp(userId: string): Promise<boolean>
  setRecoveryCodes(userId: string, codeHashes: readonly string[]): Promise<void>
  spendRecoveryCode(userId: string, codeHash: string): Promise<boolean>
  insertPasskey(passkey: Omit<PasskeyRecord, 'lastUsedAtMs'>): Promise<void>
  /** False when the counter went on meanwhile. */
  usePasskey(id: string, fromCounter: number, toCounter: number, atMs: number): Promise<boolean>
  deletePasskey(id: string, userId: string): Promise<boolean>
  /** Takes the place of an earlier one for the same address. */
  insertInvitation(invitation: InvitationRecord & { tokenHash: string; createdBy: string }): Promise<void>
  takeInvitation(tokenHash: string): Promise<boolean>
  deleteInvitation(id: string, organisationId: string): Promise<boolean>
  setPasswordReset(userId: string, tokenHash: string, expiresAtMs: number): Promise<void>
  deletePasswordReset(userId: string): Promise<boolean>
  setProvider(provider: ProviderRecord, atMs: number): Promise<void>
  deleteProvider(organisationId: string): Promise<boolean>
  insertSsoAccount(organisationId: string, issuer: string, subject: string, userId: string): Promise<void>
  insertBrowserFlow(flow: {
    ticketHash: string
    stateHash: string
    organisationId: string | null
    sealedChecks: string
    expiresAtMs: number
  }): Promise<void>
  /** The browser came back: its state is worth nothing from here on. False when it had come back before. */
  completeBrowserFlow(stateHash: string, done: { userId: string; codeHash: string } | null): Promise<boolean>
  failBrowserFlow(ticketHash: string, maxTries: number): Promise<void>
  takeBrowserFlow(ticketHash: string, codeHash: string): Promise<boolean>
  insertApiKey(
    key: Omit<ApiKeyRecord, 'createdBy' | 'lastUsedAtMs'> & { keyHash: string; userId: string },
  ): Promise<void>
  setApiKeyUsed(id: string, atMs: number): Promise<void>
  /** Returns its hash; undefined where there is no such key that is good. */
  revokeApiKey(id: string, organisationId: string, atMs: number): Promise<string | undefined>
  deleteStaleIdentity(nowMs: number): Promise<void>
}
