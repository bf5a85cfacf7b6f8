import { HandholdError } from '#protocol/errors.ts'
import type { DeniedAttempts } from '../denied-attempts.ts'
import type { Store } from '../store.ts'
import { type BegunFlow, type BrowserFlows, flowFailed } from './browser-flows.ts'
import type { IdentityProviders } from './identity-providers.ts'
import type { SsoPeople } from './sso-people.ts'
import type { BrowserFlowRecord } from './store.ts'

export interface SingleSignOnParts {
  readonly store: Store
  readonly flows: BrowserFlows
  readonly providers: IdentityProviders
  readonly people: SsoPeople
  readonly denied: DeniedAttempts
}

/** Signing in at an organisation's identity provider (OpenID Connect, code flow with PKCE, state and nonce), in the system's browser. */
export class SingleSignOn {
  readonly #parts: SingleSignOnParts

  constructor(parts: SingleSignOnParts) {
    this.#parts = parts
  }

  /** Where the browser goes. Throws `sso-unavailable` for a domain without a provider, or when the provider doesn't answer. */
  async start(email: string): Promise<BegunFlow & { readonly url: string }> {
    const { store, flows, providers } = this.#parts
    const provider = await store.read.identity.providerOfDomain(domainOf(email))
    if (!provider)
      throw new HandholdError(
        'sso-unavailable',
        'There is no single sign-on for this address. Use your password or passkey.',
      )
    const state = flows.newState()
    const { url, sealedChecks } = await providers.begin(provider, state, email)
    return { ...(await flows.begin(state, provider.organisationId, sealedChecks)), url }
  }

  /** The browser came back from the provider. Returns the code to show and whom it signs in. Throws `sso-failed`. */
  async complete(query: URLSearchParams, address: string): Promise<{ code: string; email: string }> {
    const { store, flows, providers, people } = this.#parts
    const state = query.get('state') ?? ''
    const flow = await flows.waiting(state)
    try {
      const organisationId = flow?.organisationId ?? null
      const provider = organisationId === null ? undefined : await store.read.identity.provider(organisationId)
      if (!flow || !provider) throw flowFailed()
      const claims = await providers.finish(provider, query, state, flow.sealedChecks)
      const person = await people.find(provider, claims, address)
      const done = await flows.complete(flow, person, state)
      if (!done) throw flowFailed()
      return done
    } catch (thrown) {
      await flows.fail(state)
      this.#deny(flow, address, thrown)
      throw thrown instanceof HandholdError ? thrown : flowFailed(thrown)
    }
  }

  #deny(flow: BrowserFlowRecord | undefined, address: string, thrown: unknown): void {
    this.#parts.denied.record({
      organisationId: flow?.organisationId ?? null,
      actor: { kind: 'stranger', address },
      action: 'user.sso-denied',
      subject: flow ? 'single sign-on' : 'unknown single sign-on',
      detail: { code: thrown instanceof HandholdError ? thrown.code : 'sso-failed', why: reasonOf(thrown) },
    })
  }
}

const domainOf = (email: string) => email.slice(email.lastIndexOf('@') + 1).toLowerCase()

/** For the administrators' audit, never for the stranger. */
const reasonOf = (thrown: unknown) => (thrown instanceof Error ? thrown.message.slice(0, 200) : 'unknown')
