import { HandholdError } from '#protocol/errors.ts'
import { userActor } from '../audit.ts'
import type { Clock } from '../clock.ts'
import type { Principal } from '../principal.ts'
import type { Store } from '../store.ts'
import type { Seal } from './seal.ts'
import type { ProviderRecord } from './store.ts'

/** What an identity provider says about somebody, after every check. */
export interface IdentityClaims {
  readonly subject: string
  readonly email: string | null
  /** Null when the provider says nothing about it. */
  readonly isEmailVerified: boolean | null
  readonly name: string | null
}

export interface OidcClientConfig {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  readonly redirectUri: string
}

/** OpenID Connect, as a client. */
export interface OidcClient {
  /** Throws `sso-unavailable` when the issuer isn't one, isn't allowed or doesn't answer. */
  discover(config: OidcClientConfig): Promise<void>
  /** The address for the browser, and what `finish` needs to check the answer: PKCE verifier and nonce. */
  begin(config: OidcClientConfig, state: string, email: string): Promise<{ url: string; checks: string }>
  /** Exchanges the code. Throws for anything that isn't right. */
  finish(config: OidcClientConfig, query: URLSearchParams, state: string, checks: string): Promise<IdentityClaims>
}

export interface IdentityProvidersParts {
  readonly store: Store
  readonly clock: Clock
  readonly seal: Seal
  readonly oidc: OidcClient
  readonly redirectUri: () => string
}

export interface ProviderSettings {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret?: string | undefined
  readonly domains: readonly string[]
  readonly createsAccounts: boolean
}

/** Each organisation's identity provider. The client secret is sealed in the database and is in no answer. */
export class IdentityProviders {
  readonly #parts: IdentityProvidersParts

  constructor(parts: IdentityProvidersParts) {
    this.#parts = parts
  }

  /** Where every provider sends browsers back to. */
  redirectUri(): string {
    return this.#parts.redirectUri()
  }

  async get({ organisation }: Principal) {
    const provider = await this.#parts.store.read.identity.provider(organisation.id)
    return provider ? { ...provider, domains: [...provider.domains], redirectUri: this.#parts.redirectUri() } : null
  }

  /** Asks the issuer before anything is stored. Throws `sso-unavailable`, or `bad-request` for a domain that another organisation has. */
  async set({ user, organisation }: Principal, settings: ProviderSettings): Promise<void> {
    const { store, clock, seal, oidc } = this.#parts
    const { issuer, clientId, createsAccounts } = settings
    const organisationId = organisation.id
    const known = await store.read.identity.provider(organisationId)
    // A stored secret stays with the issuer that it was given for: nobody can have it sent to an issuer of their own.
    const kept = known?.issuer === issuer && known.clientId === clientId ? known.sealedClientSecret : undefined
    const sealedClientSecret =
      settings.clientSecret === undefined ? kept : seal.seal(settings.clientSecret, sealedFor(organisationId))
    if (sealedClientSecret === undefined)
      throw new HandholdError('bad-request', 'A new issuer or client takes its client secret too.')
    const domains = [...new Set(settings.domains)]
    const provider = { organisationId, issuer, clientId, sealedClientSecret, domains, createsAccounts }
    await oidc.discover(this.#config(provider))
    await store.write(async tx => {
      for (const domain of domains) {
        const owner = await tx.identity.providerOfDomain(domain)
        if (owner && owner.organisationId !== organisationId)
          throw new HandholdError('bad-request', `The domain ${domain} can't be used here.`)
      }
      const atMs = clock.nowMs()
      await tx.identity.setProvider(provider, atMs)
      const detail = { issuer, clientId, domains, createsAccounts, newSecret: settings.clientSecret !== undefined }
      await tx.audit({ organisationId, atMs, actor: userActor(user), action: 'sso.changed', subject: issuer, detail })
    })
  }

  /** Throws `not-found`. */
  async remove({ user, organisation }: Principal): Promise<void> {
    await this.#parts.store.write(async tx => {
      if (!(await tx.identity.deleteProvider(organisation.id)))
        throw new HandholdError('not-found', 'No identity provider is set up.')
      const entry = { organisationId: organisation.id, atMs: this.#parts.clock.nowMs(), actor: userActor(user) }
      await tx.audit({ ...entry, action: 'sso.removed', subject: organisation.id, detail: {} })
    })
  }

  async begin(provider: ProviderRecord, state: string, email: string): Promise<{ url: string; sealedChecks: string }> {
    const { url, checks } = await this.#parts.oidc.begin(this.#config(provider), state, email)
    return { url, sealedChecks: this.#parts.seal.seal(checks, checksFor(state)) }
  }

  finish(
    provider: ProviderRecord,
    query: URLSearchParams,
    state: string,
    sealedChecks: string,
  ): Promise<IdentityClaims> {
    const checks = this.#parts.seal.open(sealedChecks, checksFor(state))
    return this.#parts.oidc.finish(this.#config(provider), query, state, checks)
  }

  #config({ organisationId, issuer, clientId, sealedClientSecret }: ProviderRecord): OidcClientConfig {
    const clientSecret = this.#parts.seal.open(sealedClientSecret, sealedFor(organisationId))
    return { issuer, clientId, clientSecret, redirectUri: this.#parts.redirectUri() }
  }
}

const sealedFor = (organisationId: string) => `sso client secret ${organisationId}`
const checksFor = (state: string) => `sso checks ${state}`
