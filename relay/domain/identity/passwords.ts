import { HandholdError } from '#protocol/errors.ts'
import { userActor } from '../audit.ts'
import type { Chance } from '../chance.ts'
import type { Clock } from '../clock.ts'
import type { Principal } from '../principal.ts'
import type { LoginRecord, Store } from '../store.ts'
import type { Logins } from './logins.ts'
import type { Origin } from './origin.ts'
import { requireStrongPassword } from './password-strength.ts'
import type { SignIn } from './sign-in.ts'

const RESET_MS = 24 * 60 * 60_000
const TOKEN_BYTES = 32

export interface PasswordsParts {
  readonly store: Store
  readonly clock: Clock
  readonly chance: Chance
  readonly hashPassword: (password: string) => Promise<string>
  readonly signIn: SignIn
  readonly logins: Logins
}

/** Changing a password, by its owner or through an administrator's one-time link. Either way the person's other sign-ins end. */
export class Passwords {
  readonly #parts: PasswordsParts

  constructor(parts: PasswordsParts) {
    this.#parts = parts
  }

  /** Throws `sign-in-failed`, `rate-limited` or `password-weak`. */
  async change(login: LoginRecord, current: string, wanted: string, origin: Origin): Promise<void> {
    const { user, organisation } = login.principal
    requireStrongPassword(wanted, { email: user.email, organisation: organisation.name })
    await this.#parts.signIn.counted(user.email, origin, async () => {
      if ((await this.#parts.signIn.personOf(user.email, current))?.user.id !== user.id)
        throw new HandholdError('sign-in-failed', 'The current password is wrong.')
    })
    const passwordHash = await this.#parts.hashPassword(wanted)
    await this.#set(login.principal, passwordHash, { keep: login.tokenHash, action: 'user.password-changed' })
  }

  /** A link for somebody who forgot theirs; an earlier one is worth nothing from here on. Throws `not-found`. */
  async makeReset(principal: Principal, userId: string): Promise<{ token: string; expiresAtMs: number }> {
    const { store, clock, chance } = this.#parts
    const token = chance.randomText(TOKEN_BYTES)
    const atMs = clock.nowMs()
    const expiresAtMs = atMs + RESET_MS
    await store.write(async tx => {
      const person = await tx.identity.person(userId)
      if (person?.organisation.id !== principal.organisation.id)
        throw new HandholdError('not-found', 'There is no such person. Refresh the list.')
      await tx.identity.setPasswordReset(userId, chance.sha256(token), expiresAtMs)
      await tx.audit({
        organisationId: principal.organisation.id,
        atMs,
        actor: userActor(principal.user),
        action: 'user.password-reset-made',
        subject: userId,
        detail: { expiresAtMs },
      })
    })
    return { token, expiresAtMs }
  }

  /** Signs nobody in, so a second factor stays in force. Throws `link-invalid` or `password-weak`. */
  async reset(token: string, wanted: string): Promise<void> {
    const { store, clock, chance } = this.#parts
    const tokenHash = chance.sha256(token)
    const found = await store.read.identity.passwordReset(tokenHash, clock.nowMs())
    const person = found && (await store.read.identity.person(found.userId))
    if (!person) throw linkInvalid()
    requireStrongPassword(wanted, { email: person.user.email, organisation: person.organisation.name })
    const passwordHash = await this.#parts.hashPassword(wanted)
    await this.#set(person, passwordHash, { keep: null, action: 'user.password-reset', tokenHash })
  }

  async #set(
    { user, organisation }: Pick<Principal, 'user' | 'organisation'>,
    passwordHash: string,
    { keep, action, tokenHash }: { keep: string | null; action: string; tokenHash?: string },
  ): Promise<void> {
    const { store, clock, logins } = this.#parts
    const ended = await store.write(async tx => {
      const atMs = clock.nowMs()
      if (tokenHash !== undefined && !(await tx.identity.passwordReset(tokenHash, atMs))) throw linkInvalid()
      await tx.identity.deletePasswordReset(user.id)
      await tx.identity.setPassword(user.id, passwordHash, atMs)
      const hashes = await tx.identity.deleteLogins(user.id, keep)
      const entry = { organisationId: organisation.id, atMs, actor: userActor(user), action, subject: user.id }
      await tx.audit({ ...entry, detail: { ended: hashes.length } })
      return hashes
    })
    await logins.close(ended)
  }
}

const linkInvalid = () =>
  new HandholdError(
    'link-invalid',
    'This link was used, is too old or was never made. Ask an administrator for a new one.',
  )
