import { HandholdError } from '#protocol/errors.ts'
import type { Chance } from '../chance.ts'
import type { Clock } from '../clock.ts'
import type { DeniedAttempts } from '../denied-attempts.ts'
import type { Store } from '../store.ts'
import type { IdentityProviders } from './identity-providers.ts'
import type { Logins, SignedIn } from './logins.ts'
import type { Origin } from './origin.ts'
import type { SignIn } from './sign-in.ts'
import type { SsoPeople } from './sso-people.ts'
import type { SsoFlowRecord } from './store.ts'

const FLOW_MS = 10 * 60_000
const CODE_TRIES = 5
const TICKET_BYTES = 32

export interface SingleSignOnParts {
  readonly store: Store
  readonly clock: Clock
  readonly chance: Chance
  readonly providers: IdentityProviders
  readonly people: SsoPeople
  readonly logins: Logins
  readonly signIn: SignIn
  readonly denied: DeniedAttempts
}

/**
 * Signing in at an organisation's identity provider (OpenID Connect, code flow with PKCE, state and nonce). The app keeps a ticket, the browser comes back
 * with the state, and at its end it shows a code that the person types into the app: only who has both, app and browser, is signed in.
 */
export class SingleSignOn {
  readonly #parts: SingleSignOnParts

  constructor(parts: SingleSignOnParts) {
    this.#parts = parts
  }

  /** Where the browser goes. Throws `sso-unavailable` for a domain without a provider, or when the provider doesn't answer. */
  async start(email: string): Promise<{ url: string; ticket: string; expiresAtMs: number }> {
    const { store, clock, chance, providers } = this.#parts
    const provider = await store.read.identity.providerOfDomain(domainOf(email))
    if (!provider)
      throw new HandholdError(
        'sso-unavailable',
        'There is no single sign-on for this address. Use your password or passkey.',
      )
    const state = chance.randomText(TICKET_BYTES)
    const { url, sealedChecks } = await providers.begin(provider, state, email)
    const ticket = chance.randomText(TICKET_BYTES)
    const expiresAtMs = clock.nowMs() + FLOW_MS
    const hashes = { ticketHash: chance.sha256(ticket), stateHash: chance.sha256(state) }
    const flow = { ...hashes, organisationId: provider.organisationId, sealedChecks, expiresAtMs }
    await store.write(tx => tx.identity.insertSsoFlow(flow))
    return { url, ticket, expiresAtMs }
  }

  /** The browser came back from the provider. Returns the code to show and whom it signs in. Throws `sso-failed`. */
  async complete(query: URLSearchParams, address: string): Promise<{ code: string; email: string }> {
    const { store, clock, chance, providers, people } = this.#parts
    const state = query.get('state') ?? ''
    const stateHash = chance.sha256(state)
    const flow = await store.read.identity.ssoFlow({ stateHash }, clock.nowMs())
    try {
      if (!flow || flow.userId !== null || flow.failed) throw failed()
      const provider = await store.read.identity.provider(flow.organisationId)
      if (!provider) throw failed()
      const claims = await providers.finish(provider, query, state, flow.sealedChecks)
      const person = await people.find(provider, claims, address)
      const code = sixDigits(chance)
      const done = { userId: person.user.id, codeHash: this.#codeHash(flow, code) }
      if (!(await store.write(tx => tx.identity.completeSsoFlow(stateHash, done)))) throw failed()
      return { code, email: person.user.email }
    } catch (thrown) {
      await store.write(tx => tx.identity.completeSsoFlow(stateHash, null))
      this.#deny(flow, address, thrown)
      throw thrown instanceof HandholdError ? thrown : failed(thrown)
    }
  }

  /** The app asks how far the browser is, or redeems its ticket with the code, once. Throws `sso-failed` or `rate-limited`. */
  async redeem(
    ticket: string,
    code: string | undefined,
    origin: Origin,
  ): Promise<SignedIn | { state: 'waiting-for-browser' | 'waiting-for-code' }> {
    const { store, clock, chance, logins, signIn } = this.#parts
    const flow = await store.read.identity.ssoFlow({ ticketHash: chance.sha256(ticket) }, clock.nowMs())
    if (!flow || flow.failed) throw failed()
    if (flow.userId === null) return { state: 'waiting-for-browser' }
    if (code === undefined) return { state: 'waiting-for-code' }
    const person = await store.read.identity.person(flow.userId)
    if (!person) throw failed()
    // By address only: the ticket bounds the guesses itself, and who fails at somebody's password must not keep them out here.
    return signIn.counted(null, origin, async () => {
      const signedIn = await store.write(async tx => {
        if (!(await tx.identity.takeSsoFlow(flow.ticketHash, this.#codeHash(flow, code)))) return undefined
        return logins.start(tx, person, 'single sign-on', origin)
      })
      if (signedIn) return signedIn
      await store.write(tx => tx.identity.failSsoFlow(flow.ticketHash, CODE_TRIES))
      throw new HandholdError('sign-in-failed', 'The code is wrong. The browser shows it at the end of its sign-in.')
    })
  }

  /** Together with the ticket: six digits alone are found in no time by who has the table. */
  #codeHash({ ticketHash }: SsoFlowRecord, code: string): string {
    return this.#parts.chance.sha256(`${ticketHash} ${code}`)
  }

  #deny(flow: SsoFlowRecord | undefined, address: string, thrown: unknown): void {
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

/** Even digits from random bytes: 2^32 is so much larger than 10^6 that the remainder's bias is nothing. */
function sixDigits(chance: Chance): string {
  const value = chance.randomBytes(4).reduce((sum, byte) => sum * 256 + byte, 0)
  return String(value % 1_000_000).padStart(6, '0')
}

/** For the administrators' audit, never for the stranger. */
const reasonOf = (thrown: unknown) => (thrown instanceof Error ? thrown.message.slice(0, 200) : 'unknown')

const failed = (cause?: unknown) =>
  new HandholdError('sso-failed', 'Single sign-on did not work. Start again from the app; an administrator sees why.', {
    cause,
  })
