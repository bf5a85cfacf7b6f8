import { HandholdError } from '#protocol/errors.ts'
import type { UserView } from '#protocol/wire/views.ts'
import { type Actor, userActor } from '../audit.ts'
import { type Chance, newId } from '../chance.ts'
import type { Clock } from '../clock.ts'
import type { DeniedAttempts } from '../denied-attempts.ts'
import type { Principal, Role } from '../principal.ts'
import type { Store, Writer } from '../store.ts'
import { requireStrongPassword } from './password-strength.ts'
import type { InvitationRecord } from './store.ts'

const INVITATION_MS = 7 * 24 * 60 * 60_000
const TOKEN_BYTES = 32

export interface InvitationsParts {
  readonly store: Store
  readonly clock: Clock
  readonly chance: Chance
  readonly denied: DeniedAttempts
  readonly hashPassword: (password: string) => Promise<string>
  /** Makes the changed policy true for what is connected. */
  readonly settle: (organisationId: string) => Promise<void>
}

/** Links that let somebody make their own account. The database holds a link's hash only; each is good once, for seven days. */
export class Invitations {
  readonly #parts: InvitationsParts

  constructor(parts: InvitationsParts) {
    this.#parts = parts
  }

  list({ organisation }: Principal): Promise<InvitationRecord[]> {
    return this.#parts.store.read.identity.invitations(organisation.id, this.#parts.clock.nowMs())
  }

  /**
   * An earlier invitation of this address is worth nothing from here on. The answer says nothing about accounts of other organisations: whoever has one
   * there finds out when they open the link. Throws `bad-request` for somebody who is a member already.
   */
  async invite(principal: Principal, emailAsTyped: string, role: Role) {
    const { store, clock, chance } = this.#parts
    const { user, organisation } = principal
    const email = emailAsTyped.toLowerCase()
    return store.write(async tx => {
      if (await tx.identity.isMember(organisation.id, email))
        throw new HandholdError('bad-request', 'This person is a member already.')
      const wish = { organisationId: organisation.id, email, role, actor: userActor(user), createdBy: user.id }
      return insertInvitation(tx, chance, clock.nowMs(), wish)
    })
  }

  /** Throws `not-found`. */
  async revoke({ user, organisation }: Principal, invitationId: string): Promise<void> {
    await this.#parts.store.write(async tx => {
      if (!(await tx.identity.deleteInvitation(invitationId, organisation.id)))
        throw new HandholdError('not-found', 'There is no such invitation. Refresh the list.')
      const entry = { organisationId: organisation.id, atMs: this.#parts.clock.nowMs(), actor: userActor(user) }
      await tx.audit({ ...entry, action: 'user.invitation-revoked', subject: invitationId, detail: {} })
    })
  }

  /** Makes the account; signs nobody in. Throws `link-invalid`, for an address that has an account by now too, or `password-weak`. */
  async accept(token: string, name: string, password: string, address: string): Promise<UserView> {
    const { store, clock, chance } = this.#parts
    const tokenHash = chance.sha256(token)
    const invitation = await store.read.identity.invitation(tokenHash, clock.nowMs())
    const organisation = invitation && (await store.read.organisation(invitation.organisationId))
    if (!organisation) {
      this.#deny(address)
      throw linkInvalid()
    }
    const { email, role } = invitation
    requireStrongPassword(password, { email, organisation: organisation.name })
    const passwordHash = await this.#parts.hashPassword(password)
    const user = { id: newId('user', chance), name, email }
    await store.write(async tx => {
      if (!(await tx.identity.takeInvitation(tokenHash)) || (await tx.userByEmail(email))) throw linkInvalid()
      const atMs = clock.nowMs()
      await tx.insertUser({ ...user, organisationId: organisation.id, passwordHash, role, atMs })
      await tx.audit({
        organisationId: organisation.id,
        atMs,
        actor: userActor(user),
        action: 'user.added',
        subject: user.id,
        detail: { role, invitation: invitation.id, address },
      })
    })
    await this.#parts.settle(organisation.id)
    return user
  }

  #deny(address: string): void {
    this.#parts.denied.record({
      organisationId: null,
      actor: { kind: 'stranger', address },
      action: 'user.invitation-denied',
      subject: 'unknown invitation',
      detail: { code: 'link-invalid' },
    })
  }
}

/** Writes one with its audit row, and returns its token, which the database doesn't have. An earlier one of this address is gone. */
export async function insertInvitation(
  tx: Writer,
  chance: Chance,
  atMs: number,
  wish: Pick<InvitationRecord, 'organisationId' | 'email' | 'role'> & { actor: Actor; createdBy: string },
) {
  const { organisationId, email, role, actor, createdBy } = wish
  const token = chance.randomText(TOKEN_BYTES)
  const id = newId('invitation', chance)
  const invitation = { id, organisationId, email, role, createdAtMs: atMs, expiresAtMs: atMs + INVITATION_MS }
  await tx.identity.insertInvitation({ ...invitation, tokenHash: chance.sha256(token), createdBy })
  await tx.audit({ organisationId, atMs, actor, action: 'user.invited', subject: id, detail: { email, role } })
  return { token, expiresAtMs: invitation.expiresAtMs, invitation }
}

const linkInvalid = () =>
  new HandholdError(
    'link-invalid',
    'This link was used, is too old or was never made. Ask an administrator for a new one.',
  )
