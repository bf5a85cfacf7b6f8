import { HandholdError } from '#protocol/errors.ts'
import { SIGN_IN_FAILURES_PER_ACCOUNT, SIGN_IN_FAILURES_PER_ADDRESS, SIGN_IN_WINDOW_MS } from '#protocol/limits.ts'
import type { Chance } from '../chance.ts'
import type { Clock } from '../clock.ts'
import type { Store } from '../store.ts'

/**
 * How often signing in may fail, for one account and from one address, within windows of 15 minutes that start with the first failure. Kept in the store,
 * so that neither a restart nor a second node gives more tries.
 */
export class SignInLimits {
  readonly #store: Store
  readonly #clock: Clock
  readonly #chance: Chance

  constructor(store: Store, clock: Clock, chance: Chance) {
    this.#store = store
    this.#clock = clock
    this.#chance = chance
  }

  /**
   * Counts the attempt as failed before it starts, so that parallel guesses can't pass together; the returned function takes that back after a success.
   * `email` is null where nobody is named (a passkey says who it is only when it is right). Throws `rate-limited`, for accounts that don't exist too.
   */
  async begin(email: string | null, addressKey: string): Promise<() => Promise<void>> {
    // Hashed, so that the table holds no list of what people typed.
    const accountKey = email === null ? null : `account ${this.#chance.sha256(email)}`
    const counted = [
      ...(accountKey === null ? [] : [{ key: accountKey, limit: SIGN_IN_FAILURES_PER_ACCOUNT }]),
      { key: `address ${addressKey}`, limit: SIGN_IN_FAILURES_PER_ADDRESS },
    ]
    await this.#store.write(async ({ identity }) => {
      for (const { key, limit } of counted)
        if (!(await identity.countFailure(key, limit, this.#clock.nowMs(), SIGN_IN_WINDOW_MS))) throw tooMany()
    })
    return () =>
      this.#store.write(async ({ identity }) => {
        for (const { key } of counted) await identity.takeBackFailure(key)
      })
  }
}

const tooMany = () => new HandholdError('rate-limited', 'Too many failed sign-ins. Wait 15 minutes, then try again.')
