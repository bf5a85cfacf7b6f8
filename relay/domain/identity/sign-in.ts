import { HandholdError } from '#protocol/errors.ts'
import { STEP_UP_MAX_AGE_MS } from '#protocol/limits.ts'
import { userActor } from '../audit.ts'
import type { Chance } from '../chance.ts'
import type { Clock } from '../clock.ts'
import type { DeniedAttempts } from '../denied-attempts.ts'
import type { OperatorGateway } from '../gateways.ts'
import type { Principal } from '../principal.ts'
import type { LoginRecord, Store } from '../store.ts'
import type { SignInLimits } from './sign-in-limits.ts'

export const SIGN_IN_IDLE_MS = 60 * 60_000
export const SIGN_IN_ABSOLUTE_MS = 12 * 60 * 60_000
/** The idle time is written again only after this much of it has gone by: a request must not cost a disk write each. */
const EXTEND_AFTER_MS = 60_000

/** Checks a password. */
export interface CredentialCheck {
  /** The bearer token of a new sign-in; null for an unknown account and a wrong password alike, after the same hashing work. */
  signIn(email: string, password: string): Promise<string | null>
}

export interface SignInParts {
  readonly store: Store
  readonly clock: Clock
  readonly chance: Chance
  readonly credentials: CredentialCheck
  readonly limits: SignInLimits
  readonly denied: DeniedAttempts
  readonly operators: OperatorGateway
}

/** Who is signed in: 1 hour idle, 12 hours at most. Tokens are known by their hash only. */
export class SignIn {
  readonly #parts: SignInParts

  constructor(parts: SignInParts) {
    this.#parts = parts
  }

  /** Throws `sign-in-failed` or `rate-limited`. `addressKey` groups the addresses that count as one. */
  async signIn(
    emailAsTyped: string,
    password: string,
    addressKey: string,
  ): Promise<{ token: string; principal: Principal }> {
    const { limits, credentials } = this.#parts
    const email = emailAsTyped.toLowerCase()
    try {
      const takeBack = limits.begin(email, addressKey)
      const token = await credentials.signIn(email, password)
      if (token === null) throw new HandholdError('sign-in-failed', 'The email address or the password is wrong.')
      takeBack()
      return { token, principal: (await this.authenticate(token)).principal }
    } catch (thrown) {
      if (thrown instanceof HandholdError) await this.#deny(email, addressKey, thrown)
      throw thrown
    }
  }

  /** Who the token stands for; this counts as activity. Throws `unauthenticated`. */
  async authenticate(token: string | null): Promise<LoginRecord> {
    const login = await this.find(token === null ? null : this.#parts.chance.sha256(token))
    if (!login) throw unauthenticated()
    const { clock, store } = this.#parts
    const nowMs = clock.nowMs()
    const expiresAtMs = Math.min(nowMs + SIGN_IN_IDLE_MS, login.createdAtMs + SIGN_IN_ABSOLUTE_MS)
    if (expiresAtMs - login.expiresAtMs >= EXTEND_AFTER_MS)
      await store.write(tx => tx.extendLogin(login.tokenHash, expiresAtMs))
    return login
  }

  /** The sign-in if it still lives; no activity. */
  async find(tokenHash: string | null): Promise<LoginRecord | undefined> {
    if (tokenHash === null) return undefined
    const login = await this.#parts.store.read.login(tokenHash)
    const nowMs = this.#parts.clock.nowMs()
    if (!login || login.expiresAtMs <= nowMs || login.createdAtMs + SIGN_IN_ABSOLUTE_MS <= nowMs) return undefined
    return login
  }

  /** Throws `step-up-required` when the person proved who they are longer ago than five minutes. */
  requireStepUp({ createdAtMs }: LoginRecord): void {
    if (this.#parts.clock.nowMs() - createdAtMs > STEP_UP_MAX_AGE_MS)
      throw new HandholdError(
        'step-up-required',
        'Confirm that it is you: enter your password again, then repeat this.',
      )
  }

  async signOut(login: LoginRecord): Promise<void> {
    const { store, clock, operators } = this.#parts
    await store.write(async tx => {
      await tx.deleteLogin(login.tokenHash)
      await tx.audit({
        organisationId: login.principal.organisation.id,
        atMs: clock.nowMs(),
        actor: userActor(login.principal.user),
        action: 'user.signed-out',
        subject: login.principal.user.id,
        detail: {},
      })
    })
    operators.endLogin(login.tokenHash)
  }

  async #deny(email: string, address: string, error: HandholdError): Promise<void> {
    const user = await this.#parts.store.read.userByEmail(email)
    this.#parts.denied.record({
      organisationId: user?.organisationId ?? null,
      actor: { kind: 'stranger', address },
      action: 'user.sign-in-denied',
      subject: user?.id ?? 'unknown account',
      detail: { code: error.code },
    })
  }
}

const unauthenticated = () => new HandholdError('unauthenticated', 'You are not signed in. Sign in again.')
