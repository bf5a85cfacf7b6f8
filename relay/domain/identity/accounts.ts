import { HandholdError } from '#protocol/errors.ts'
import type { OrganisationView, UserView } from '#protocol/wire/views.ts'
import { RELAY_ACTOR, userActor } from '../audit.ts'
import { type Chance, newId } from '../chance.ts'
import type { Clock } from '../clock.ts'
import type { DeniedAttempts } from '../denied-attempts.ts'
import type { Principal, Role } from '../principal.ts'
import type { Store } from '../store.ts'
import { requireStrongPassword } from './password-strength.ts'

export interface NewAccount {
  readonly name: string
  readonly email: string
  readonly password: string
}

/** The one-time secret of the first start. */
export interface BootstrapSecret {
  /** The secret while it is good for something; null afterwards. */
  current(): string | null
  /** Forgets and deletes it. Safe to call twice. */
  spend(): void
}

export interface AccountsParts {
  readonly store: Store
  readonly clock: Clock
  readonly chance: Chance
  readonly hashPassword: (password: string) => Promise<string>
  readonly bootstrapSecret: BootstrapSecret
  readonly denied: DeniedAttempts
  /** Makes the changed policy true for what is connected. */
  readonly settle: (organisationId: string) => Promise<void>
}

/** The people of an organisation. Nobody signs up by themselves. */
export class Accounts {
  readonly #parts: AccountsParts

  constructor(parts: AccountsParts) {
    this.#parts = parts
  }

  /**
   * Makes the organisation and its first administrator, once in the life of a database.
   * Throws `already-bootstrapped`, `bootstrap-secret-wrong` or `password-weak`.
   */
  async bootstrap(
    request: NewAccount & { secret: string; organisationName: string; address: string },
  ): Promise<{ user: UserView; organisation: OrganisationView }> {
    const { store, clock, chance, bootstrapSecret } = this.#parts
    const expected = bootstrapSecret.current()
    if (expected === null || (await store.read.hasUsers())) throw alreadyBootstrapped()
    if (!chance.isSame(expected, request.secret)) {
      this.#denyBootstrap(request.address)
      throw new HandholdError(
        'bootstrap-secret-wrong',
        'The bootstrap secret is wrong. It is in the file that the relay named when it started.',
      )
    }
    requireStrongPassword(request.password, { email: request.email, organisation: request.organisationName })
    const passwordHash = await this.#parts.hashPassword(request.password)
    const organisation = { id: newId('organisation', chance), name: request.organisationName }
    const user = this.#newUser(request)
    await store.write(async tx => {
      if (await tx.hasUsers()) throw alreadyBootstrapped()
      const atMs = clock.nowMs()
      await tx.insertOrganisation(organisation, atMs)
      await tx.insertUser({ ...user, organisationId: organisation.id, passwordHash, role: 'admin', atMs })
      await tx.audit({
        organisationId: organisation.id,
        atMs,
        actor: RELAY_ACTOR,
        action: 'organisation.bootstrapped',
        subject: organisation.id,
        detail: { administrator: user.id, address: request.address },
      })
    })
    bootstrapSecret.spend()
    return { user, organisation }
  }

  /**
   * Adds a colleague. Throws `bad-request` for somebody who is a member already, or `password-weak`. Whether the address has an account in another organisation
   * isn't said: such a colleague is listed too, and can't sign in.
   */
  async add(principal: Principal, account: NewAccount, role: Role): Promise<UserView> {
    const { store, clock } = this.#parts
    requireStrongPassword(account.password, { email: account.email, organisation: principal.organisation.name })
    const passwordHash = await this.#parts.hashPassword(account.password)
    const user = this.#newUser(account)
    const organisationId = principal.organisation.id
    await store.write(async tx => {
      if (await tx.identity.isMember(organisationId, user.email))
        throw new HandholdError('bad-request', 'This email address has an account already. Use another one.')
      const atMs = clock.nowMs()
      const isElsewhere = (await tx.userByEmail(user.email)) !== undefined
      await tx.insertUser({ ...user, organisationId, passwordHash, role, atMs, isElsewhere })
      await tx.audit({
        organisationId,
        atMs,
        actor: userActor(principal.user),
        action: 'user.added',
        subject: user.id,
        detail: { role },
      })
    })
    // Before they can connect: otherwise their first connection would be closed for the list of devices that they didn't have before.
    await this.#parts.settle(organisationId)
    return user
  }

  #newUser({ name, email }: NewAccount): UserView {
    return { id: newId('user', this.#parts.chance), name, email: email.toLowerCase() }
  }

  #denyBootstrap(address: string): void {
    this.#parts.denied.record({
      organisationId: null,
      actor: { kind: 'stranger', address },
      action: 'organisation.bootstrap-denied',
      subject: 'bootstrap',
      detail: { code: 'bootstrap-secret-wrong' },
    })
  }
}

const alreadyBootstrapped = () =>
  new HandholdError('already-bootstrapped', 'This relay has its first administrator already. Sign in instead.')
