import { HandholdError } from '#protocol/errors.ts'
import { userActor } from '../audit.ts'
import type { Clock } from '../clock.ts'
import { rootGroupId } from '../policy/built-in.ts'
import { requireAdministrators } from '../policy/safety.ts'
import { PolicySnapshot } from '../policy/snapshot.ts'
import type { Principal, Role } from '../principal.ts'
import type { Store, Writer } from '../store.ts'
import type { Logins } from './logins.ts'
import type { PersonRecord } from './store.ts'

export interface PeopleParts {
  readonly store: Store
  readonly clock: Clock
  readonly logins: Logins
  /** Ends what the policy doesn't permit any more. */
  readonly settle: (organisationId: string) => Promise<void>
}

/** The people of an organisation, as its administrators see and change them. There is always an administrator left. */
export class People {
  readonly #parts: PeopleParts

  constructor(parts: PeopleParts) {
    this.#parts = parts
  }

  list({ organisation }: Principal): Promise<PersonRecord[]> {
    return this.#parts.store.read.identity.people(organisation.id)
  }

  /** Who somebody is now, whatever their sign-in said when it began. */
  async self({ user }: Principal): Promise<PersonRecord & { recoveryCodesLeft: number }> {
    const { identity } = this.#parts.store.read
    const person = await identity.person(user.id)
    if (!person) throw notFound()
    return { ...person, recoveryCodesLeft: await identity.recoveryCodesLeft(user.id) }
  }

  /** Throws `not-found` or `last-administrator`. */
  async setRole(principal: Principal, userId: string, role: Role): Promise<void> {
    await this.#change(principal, userId, async (tx, person) => {
      await tx.identity.setRole(userId, role)
      await this.#requireAdministrator(tx, principal)
      await this.#audit(tx, principal, 'user.role-changed', userId, { from: person.role, to: role })
      return []
    })
  }

  /** Their sign-ins, keys and credentials are gone at once; what they did stays in the audit. Throws `not-found` or `last-administrator`. */
  async remove(principal: Principal, userId: string): Promise<void> {
    await this.#change(principal, userId, async (tx, { user }) => {
      await tx.identity.removePerson(userId, this.#parts.clock.nowMs())
      await this.#requireAdministrator(tx, principal)
      const ended = await tx.identity.deleteLogins(userId, null)
      await this.#audit(tx, principal, 'user.removed', userId, { email: user.email })
      return ended
    })
    await this.#parts.settle(principal.organisation.id)
  }

  /** What they have opens nothing from here on, live sessions included; switched on again they have their roles and credentials as before. Throws `not-found` or `last-administrator`. */
  async setDisabled(principal: Principal, userId: string, isDisabled: boolean): Promise<void> {
    await this.#change(principal, userId, async (tx, person) => {
      if (person.isDisabled === isDisabled) return []
      await tx.identity.setDisabled(userId, isDisabled ? this.#parts.clock.nowMs() : null)
      await this.#requireAdministrator(tx, principal)
      const ended = isDisabled ? await tx.identity.deleteLogins(userId, null) : []
      const action = isDisabled ? 'user.disabled' : 'user.enabled'
      await this.#audit(tx, principal, action, userId, { ended: ended.length })
      return ended
    })
    await this.#parts.settle(principal.organisation.id)
  }

  /** Ends every sign-in of a person. Throws `not-found`. */
  async signOut(principal: Principal, userId: string): Promise<void> {
    await this.#change(principal, userId, async tx => {
      const ended = await tx.identity.deleteLogins(userId, null)
      await this.#audit(tx, principal, 'user.sign-ins-ended', userId, { ended: ended.length })
      return ended
    })
  }

  async #change(
    { organisation }: Principal,
    userId: string,
    work: (tx: Writer, person: PersonRecord) => Promise<readonly string[]>,
  ): Promise<void> {
    const ended = await this.#parts.store.write(async tx => {
      const person = await tx.identity.person(userId)
      if (person?.organisation.id !== organisation.id) throw notFound()
      return work(tx, person)
    })
    await this.#parts.logins.close(ended)
  }

  /** Asked after the change and within its transaction, so that two who remove each other can't both succeed. */
  async #requireAdministrator(tx: Writer, { organisation }: Principal): Promise<void> {
    const policy = new PolicySnapshot(await tx.policy.rows(organisation.id))
    const people = await tx.identity.people(organisation.id)
    const memberIds = people.filter(({ isElsewhere }) => !isElsewhere).map(({ user }) => user.id)
    requireAdministrators(policy, rootGroupId(organisation.id), memberIds)
  }

  #audit(tx: Writer, { user, organisation }: Principal, action: string, subject: string, detail: object) {
    const entry = { organisationId: organisation.id, atMs: this.#parts.clock.nowMs(), actor: userActor(user) }
    return tx.audit({ ...entry, action, subject, detail: { ...detail } })
  }
}

const notFound = () => new HandholdError('not-found', 'There is no such person. Refresh the list.')
