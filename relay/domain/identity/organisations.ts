import { HandholdError } from '#protocol/errors.ts'
import type { OrganisationView } from '#protocol/wire/views.ts'
import { type Actor, actorText } from '../audit.ts'
import { type Chance, newId } from '../chance.ts'
import type { Clock } from '../clock.ts'
import type { Store, Writer } from '../store.ts'
import { insertInvitation } from './invitations.ts'

export interface OrganisationsParts {
  readonly store: Store
  readonly clock: Clock
  readonly chance: Chance
}

/** The organisations of a relay, as whoever runs it makes them. Each is by itself: people, devices, policy and audit of one are nothing to another. */
export class Organisations {
  readonly #parts: OrganisationsParts

  constructor(parts: OrganisationsParts) {
    this.#parts = parts
  }

  /** Makes one with an invitation for its first administrator. Throws `name-taken`, or `bad-request` for somebody who has an account. */
  create(name: string, email: string, actor: Actor) {
    const { store, clock, chance } = this.#parts
    return store.write(async tx => {
      if ((await tx.policy.organisations()).some(other => other.name === name))
        throw new HandholdError('name-taken', `There is an organisation "${name}" already.`)
      const organisation = { id: newId('organisation', chance), name }
      const atMs = clock.nowMs()
      await tx.insertOrganisation(organisation, atMs)
      const entry = { organisationId: organisation.id, atMs, actor, subject: organisation.id }
      await tx.audit({ ...entry, action: 'organisation.created', detail: { name } })
      return { organisation, ...(await this.#invite(tx, organisation, email, actor)) }
    })
  }

  /** Another administrator, also where nobody of the organisation can sign in any more. Throws `bad-request` for somebody who has an account. */
  invite(organisation: OrganisationView, email: string, actor: Actor) {
    return this.#parts.store.write(tx => this.#invite(tx, organisation, email, actor))
  }

  async #invite(tx: Writer, { id: organisationId }: OrganisationView, emailAsTyped: string, actor: Actor) {
    const { clock, chance } = this.#parts
    const email = emailAsTyped.toLowerCase()
    if (await tx.userByEmail(email))
      throw new HandholdError('bad-request', 'This address has an account on this relay already. Use another one.')
    const wish = { organisationId, email, role: 'admin' as const, actor, createdBy: actorText(actor) }
    return insertInvitation(tx, chance, clock.nowMs(), wish)
  }
}
