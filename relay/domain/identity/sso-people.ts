import { toDisplayLine } from '#protocol/text.ts'
import { userActor } from '../audit.ts'
import { type Chance, newId } from '../chance.ts'
import type { Clock } from '../clock.ts'
import type { Store, Writer } from '../store.ts'
import type { IdentityClaims } from './identity-providers.ts'
import type { PersonRecord, ProviderRecord } from './store.ts'

export interface SsoPeopleParts {
  readonly store: Store
  readonly clock: Clock
  readonly chance: Chance
}

/** Whom of the organisation an identity provider's answer means. It never reaches a person of another organisation. */
export class SsoPeople {
  readonly #parts: SsoPeopleParts

  constructor(parts: SsoPeopleParts) {
    this.#parts = parts
  }

  /**
   * By the provider's own name for them; at the first time by their address, which must be of a listed domain and must not be called unverified.
   * Throws a plain error, whose words are for the audit.
   */
  async find(provider: ProviderRecord, claims: IdentityClaims, address: string): Promise<PersonRecord> {
    const { organisationId, issuer } = provider
    const { subject } = claims
    return this.#parts.store.write(async tx => {
      const known = await tx.identity.ssoAccount(organisationId, issuer, subject)
      const userId = known ?? (await this.#firstTime(tx, provider, claims, address))
      if (known === undefined) await tx.identity.insertSsoAccount(organisationId, issuer, subject, userId)
      const person = await tx.identity.person(userId)
      if (person?.organisation.id !== organisationId) throw new Error('The account is gone.')
      return person
    })
  }

  async #firstTime(tx: Writer, provider: ProviderRecord, claims: IdentityClaims, address: string): Promise<string> {
    const { organisationId } = provider
    const email = requireEmail(provider, claims)
    const user = await tx.userByEmail(email)
    // In the same words, which its administrators read: whether another organisation knows the address isn't theirs to hear.
    const isTaken = user !== undefined && user.organisationId !== organisationId
    if (isTaken || (!user && !provider.createsAccounts))
      throw new Error(`There is no account for ${email}, and none is made.`)
    const person = user ? await tx.identity.person(user.id) : undefined
    const linked = person?.user ?? (await this.#create(tx, organisationId, email, claims.name))
    await tx.audit({
      organisationId,
      atMs: this.#parts.clock.nowMs(),
      actor: userActor(linked),
      action: user ? 'user.sso-linked' : 'user.added',
      subject: linked.id,
      detail: { issuer: provider.issuer, address, ...(user ? {} : { role: 'operator' }) },
    })
    return linked.id
  }

  async #create(tx: Writer, organisationId: string, email: string, claimedName: string | null) {
    const name = toDisplayLine(claimedName ?? '', 80) || email
    const user = { id: newId('user', this.#parts.chance), name, email }
    const atMs = this.#parts.clock.nowMs()
    await tx.insertUser({ ...user, organisationId, passwordHash: null, role: 'operator', atMs })
    return user
  }
}

function requireEmail({ domains }: ProviderRecord, { email: claimed, isEmailVerified }: IdentityClaims): string {
  const email = claimed?.toLowerCase() ?? ''
  const domain = email.slice(email.lastIndexOf('@') + 1)
  if (!/^[^\s@]+@[^\s@]+$/.test(email) || email.length > 254) throw new Error('The provider gave no email address.')
  if (isEmailVerified === false) throw new Error(`The provider has not verified ${email}.`)
  if (!domains.includes(domain)) throw new Error(`${domain} is none of the listed domains.`)
  return email
}
