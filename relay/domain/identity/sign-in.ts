import { HandholdError } from '#protocol/errors.ts'
import type { Chance } from '../chance.ts'
import type { Clock } from '../clock.ts'
import type { DeniedAttempts } from '../denied-attempts.ts'
import type { Store } from '../store.ts'
import type { Logins, SignedIn } from './logins.ts'
import type { Origin } from './origin.ts'
import type { SignInLimits } from './sign-in-limits.ts'
import type { PersonRecord } from './store.ts'
import type { SecondFactorAnswer, TwoFactor } from './two-factor.ts'

/** From the right password to the code of the authenticator app. */
const SECOND_FACTOR_MS = 5 * 60_000
const SECOND_FACTOR_TRIES = 5
const TICKET_BYTES = 32

/** Checks a password. */
export interface CredentialCheck {
  /** Whose it is; null for an unknown account, one without a password and a wrong password alike, after the same hashing work. */
  verify(email: string, password: string): Promise<string | null>
}

export interface SecondFactorNeeded {
  readonly secondFactor: {
    readonly ticket: string
    readonly methods: ('totp' | 'recovery-code')[]
    readonly expiresAtMs: number
  }
}

export interface SignInParts {
  readonly store: Store
  readonly clock: Clock
  readonly chance: Chance
  readonly credentials: CredentialCheck
  readonly limits: SignInLimits
  readonly denied: DeniedAttempts
  readonly logins: Logins
  readonly twoFactor: TwoFactor
}

/** Signing in with a password, in one step or two. */
export class SignIn {
  readonly #parts: SignInParts

  constructor(parts: SignInParts) {
    this.#parts = parts
  }

  /** Throws `sign-in-failed` or `rate-limited`, the same for every account there is or isn't. */
  async signIn(emailAsTyped: string, password: string, origin: Origin): Promise<SignedIn | SecondFactorNeeded> {
    const { store, logins } = this.#parts
    const email = emailAsTyped.toLowerCase()
    const person = await this.counted(email, origin, async () => {
      const found = await this.personOf(email, password)
      if (!found) throw new HandholdError('sign-in-failed', 'The email address or the password is wrong.')
      return found
    })
    if (person.totp) return this.#askSecondFactor(person)
    return store.write(tx => logins.start(tx, person, 'password', origin))
  }

  /**
   * The second step. A wrong answer counts against account and address like a wrong password, and the fifth one ends the ticket.
   * Throws `sign-in-failed` or `rate-limited`.
   */
  async finish(ticket: string, answer: SecondFactorAnswer, origin: Origin): Promise<SignedIn> {
    const { store, clock, chance, logins, twoFactor } = this.#parts
    const ticketHash = chance.sha256(ticket)
    const challenge = await store.read.identity.challenge(ticketHash, 'second-factor', clock.nowMs())
    const person = challenge?.userId ? await store.read.identity.person(challenge.userId) : undefined
    if (!person) throw ticketOver()
    return this.counted(person.user.email, origin, async () => {
      const check = await twoFactor.prepare(person.user.id, answer)
      try {
        return await store.write(async tx => {
          if (!(await check(tx.identity))) throw codeWrong()
          if (!(await tx.identity.takeChallenge(ticketHash, 'second-factor', clock.nowMs()))) throw ticketOver()
          const method = 'code' in answer ? 'password and code' : 'password and recovery code'
          return logins.start(tx, person, method, origin)
        })
      } catch (thrown) {
        await store.write(tx => tx.identity.failChallenge(ticketHash, SECOND_FACTOR_TRIES))
        throw thrown
      }
    })
  }

  /** Who has this password. It is for attempts that are counted. */
  async personOf(email: string, password: string): Promise<PersonRecord | undefined> {
    const userId = await this.#parts.credentials.verify(email, password)
    return userId === null ? undefined : this.#parts.store.read.identity.person(userId)
  }

  /** Runs one attempt under the limits; a refusal is audited. */
  async counted<T>(email: string | null, origin: Origin, attempt: () => Promise<T>): Promise<T> {
    try {
      const takeBack = await this.#parts.limits.begin(email, origin.addressKey)
      const result = await attempt()
      await takeBack()
      return result
    } catch (thrown) {
      if (thrown instanceof HandholdError) await this.#deny(email, origin, thrown)
      throw thrown
    }
  }

  async #askSecondFactor({ user }: PersonRecord): Promise<SecondFactorNeeded> {
    const { store, clock, chance } = this.#parts
    const ticket = chance.randomText(TICKET_BYTES)
    const expiresAtMs = clock.nowMs() + SECOND_FACTOR_MS
    const challenge = { ticketHash: chance.sha256(ticket), kind: 'second-factor' as const, userId: user.id, data: '' }
    await store.write(tx => tx.identity.insertChallenge({ ...challenge, expiresAtMs }))
    return { secondFactor: { ticket, methods: ['totp', 'recovery-code'], expiresAtMs } }
  }

  async #deny(email: string | null, { address }: Origin, error: HandholdError): Promise<void> {
    const user = email === null ? undefined : await this.#parts.store.read.userByEmail(email)
    this.#parts.denied.record({
      organisationId: user?.organisationId ?? null,
      actor: { kind: 'stranger', address },
      action: 'user.sign-in-denied',
      subject: user?.id ?? 'unknown account',
      detail: { code: error.code },
    })
  }
}

const codeWrong = () =>
  new HandholdError('sign-in-failed', 'The code is wrong or was used before. Wait for the next one.')
const ticketOver = () =>
  new HandholdError('sign-in-failed', 'This sign-in took too long. Start again with the password.')
