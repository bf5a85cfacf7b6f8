import { HandholdError } from '#protocol/errors.ts'
import { userActor } from '../audit.ts'
import type { Chance } from '../chance.ts'
import type { Clock } from '../clock.ts'
import type { Principal } from '../principal.ts'
import type { Store, Writer } from '../store.ts'
import { makeRecoveryCode, normalRecoveryCode } from './recovery-codes.ts'
import type { Seal } from './seal.ts'
import type { IdentityWriter } from './store.ts'

const STEP_MS = 30_000
const RECOVERY_CODES = 10

/** The codes of an authenticator app (RFC 6238: SHA-1, six digits, 30 seconds). */
export interface TimeCodes {
  newSecret(): string
  codeAt(secret: string, step: number): Promise<string>
  /** The secret as people type it, and as a QR code holds it. */
  describe(secret: string, account: string): { readonly secret: string; readonly uri: string }
}

export type SecondFactorAnswer = { readonly code: string } | { readonly recoveryCode: string }

export interface TwoFactorParts {
  readonly store: Store
  readonly clock: Clock
  readonly chance: Chance
  readonly seal: Seal
  readonly timeCodes: TimeCodes
}

/** Authenticator apps and recovery codes. A code is good once; the secret is sealed, recovery codes are hashed. */
export class TwoFactor {
  readonly #parts: TwoFactorParts

  constructor(parts: TwoFactorParts) {
    this.#parts = parts
  }

  /** A secret that isn't in force before `confirm`. Throws `bad-request` when one is in force. */
  async enrol({ user }: Principal): Promise<{ secret: string; uri: string }> {
    const { store, seal, timeCodes } = this.#parts
    const secret = timeCodes.newSecret()
    const sealedSecret = seal.seal(secret, sealedFor(user.id))
    await store.write(async ({ identity }) => {
      if ((await identity.totp(user.id))?.isConfirmed)
        throw new HandholdError('bad-request', 'An authenticator app is set up already. Turn it off first.')
      await identity.setTotp(user.id, sealedSecret)
    })
    return timeCodes.describe(secret, user.email)
  }

  /** Puts the secret in force with one of its codes. Throws `sign-in-failed` for a wrong one. */
  async confirm(principal: Principal, code: string): Promise<string[]> {
    const { user } = principal
    const { store, clock } = this.#parts
    const check = await this.prepare(user.id, { code }, false)
    const codes = this.#newRecoveryCodes()
    await store.write(async tx => {
      if ((await tx.identity.totp(user.id))?.isConfirmed || !(await check(tx.identity)))
        throw new HandholdError('sign-in-failed', 'The code is wrong. Check the clock of the device with the app.')
      await tx.identity.confirmTotp(user.id, clock.nowMs())
      await tx.identity.setRecoveryCodes(user.id, codes.hashes)
      await this.#audit(tx, principal, 'user.two-factor-enabled', user.id)
    })
    return codes.texts
  }

  /** Ten new recovery codes; the old ones are worth nothing from here on. Throws `bad-request` without an authenticator app. */
  async regenerate(principal: Principal): Promise<string[]> {
    const { user } = principal
    const codes = this.#newRecoveryCodes()
    await this.#parts.store.write(async tx => {
      if (!(await tx.identity.totp(user.id))?.isConfirmed) throw notSetUp()
      await tx.identity.setRecoveryCodes(user.id, codes.hashes)
      await this.#audit(tx, principal, 'user.recovery-codes-made', user.id)
    })
    return codes.texts
  }

  /** Turns it off for the person, or for `userId` by an administrator who was asked to. Throws `bad-request` when it is off. */
  async disable(principal: Principal, userId: string): Promise<void> {
    await this.#parts.store.write(async tx => {
      const person = await tx.identity.person(userId)
      if (person?.organisation.id !== principal.organisation.id)
        throw new HandholdError('not-found', 'There is no such person. Refresh the list.')
      if (!(await tx.identity.deleteTotp(userId))) throw notSetUp()
      await this.#audit(tx, principal, 'user.two-factor-disabled', userId)
    })
  }

  /**
   * Looks at the answer outside of a transaction; the returned function spends it within one and says whether it was good. Of parallel calls with
   * one code exactly one hears "yes".
   */
  async prepare(
    userId: string,
    answer: SecondFactorAnswer,
    mustBeConfirmed = true,
  ): Promise<(identity: IdentityWriter) => Promise<boolean>> {
    const { store, chance } = this.#parts
    const totp = await store.read.identity.totp(userId)
    if (!totp || (mustBeConfirmed && !totp.isConfirmed)) return async () => false
    if ('recoveryCode' in answer) {
      const codeHash = chance.sha256(normalRecoveryCode(answer.recoveryCode))
      return identity => identity.spendRecoveryCode(userId, codeHash)
    }
    const step = await this.#stepOf(userId, totp.sealedSecret, answer.code)
    return async identity => step !== null && identity.spendTotpStep(userId, step)
  }

  /** The time step whose code this is: now, or one before or after it, for clocks that differ a little. */
  async #stepOf(userId: string, sealedSecret: string, code: string): Promise<number | null> {
    const { clock, chance, seal, timeCodes } = this.#parts
    const secret = seal.open(sealedSecret, sealedFor(userId))
    const now = Math.floor(clock.nowMs() / STEP_MS)
    let found: number | null = null
    for (const step of [now - 1, now, now + 1])
      if (chance.isSame(await timeCodes.codeAt(secret, step), code)) found = step
    return found
  }

  #newRecoveryCodes() {
    const texts = Array.from({ length: RECOVERY_CODES }, () => makeRecoveryCode(this.#parts.chance))
    return { texts, hashes: texts.map(text => this.#parts.chance.sha256(normalRecoveryCode(text))) }
  }

  #audit(tx: Writer, { user, organisation }: Principal, action: string, subject: string): Promise<void> {
    const atMs = this.#parts.clock.nowMs()
    return tx.audit({ organisationId: organisation.id, atMs, actor: userActor(user), action, subject, detail: {} })
  }
}

const sealedFor = (userId: string) => `totp ${userId}`
const notSetUp = () => new HandholdError('bad-request', 'No authenticator app is set up.')
