import { HandholdError } from '#protocol/errors.ts'
import { SIGN_IN_FAILURES_PER_ACCOUNT, SIGN_IN_FAILURES_PER_ADDRESS, SIGN_IN_WINDOW_MS } from '#protocol/limits.ts'
import type { Clock } from '../clock.ts'

/** So many accounts and addresses are followed at most; the longest unused is forgotten first. */
const FOLLOWED_MAX = 50_000

interface Failures {
  count: number
  untilMs: number
}

/** Counts within windows of 15 minutes that start with the first failure. */
class FailureWindow {
  readonly #clock: Clock
  readonly #limit: number
  readonly #byKey = new Map<string, Failures>()

  constructor(clock: Clock, limit: number) {
    this.#clock = clock
    this.#limit = limit
  }

  isFull(key: string): boolean {
    return (this.#current(key)?.count ?? 0) >= this.#limit
  }

  add(key: string): void {
    const failures = this.#current(key) ?? { count: 0, untilMs: this.#clock.nowMs() + SIGN_IN_WINDOW_MS }
    failures.count++
    this.#byKey.delete(key)
    this.#byKey.set(key, failures)
    const oldest = this.#byKey.keys().next()
    if (this.#byKey.size > FOLLOWED_MAX && !oldest.done) this.#byKey.delete(oldest.value)
  }

  takeBack(key: string): void {
    const failures = this.#current(key)
    if (failures && --failures.count <= 0) this.#byKey.delete(key)
  }

  #current(key: string): Failures | undefined {
    const failures = this.#byKey.get(key)
    return failures && failures.untilMs > this.#clock.nowMs() ? failures : undefined
  }
}

/** How often signing in may fail, for one account and from one address. */
export class SignInLimits {
  readonly #accounts: FailureWindow
  readonly #addresses: FailureWindow

  constructor(clock: Clock) {
    this.#accounts = new FailureWindow(clock, SIGN_IN_FAILURES_PER_ACCOUNT)
    this.#addresses = new FailureWindow(clock, SIGN_IN_FAILURES_PER_ADDRESS)
  }

  /**
   * Counts the attempt as failed before it starts, so that parallel guesses can't pass together; the returned function takes that back after a success.
   * Throws `rate-limited`, for accounts that don't exist too.
   */
  begin(email: string, addressKey: string): () => void {
    if (this.#accounts.isFull(email) || this.#addresses.isFull(addressKey))
      throw new HandholdError('rate-limited', 'Too many failed sign-ins. Wait 15 minutes, then try again.')
    this.#accounts.add(email)
    this.#addresses.add(addressKey)
    return () => {
      this.#accounts.takeBack(email)
      this.#addresses.takeBack(addressKey)
    }
  }
}
