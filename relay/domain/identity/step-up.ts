import { HandholdError } from '#protocol/errors.ts'
import type { PasskeyProof } from '#protocol/identity-http.ts'
import { userActor } from '../audit.ts'
import type { Clock } from '../clock.ts'
import type { LoginRecord, Store, Writer } from '../store.ts'
import type { BrowserFlows } from './browser-flows.ts'
import type { Origin } from './origin.ts'
import type { Passkeys } from './passkeys.ts'
import type { SignIn } from './sign-in.ts'
import type { TwoFactor } from './two-factor.ts'

interface PasswordAnswer {
  readonly password: string
  /** Needed by those who have an authenticator app. */
  readonly code?: string | undefined
}
interface BrowserAnswer {
  readonly browser: { readonly ticket: string; readonly code: string }
}
type StepUpAnswer = PasswordAnswer | { readonly passkey: PasskeyProof } | BrowserAnswer
type Spend = (tx: Writer) => Promise<void>

export interface StepUpParts {
  readonly store: Store
  readonly clock: Clock
  readonly signIn: SignIn
  readonly twoFactor: TwoFactor
  readonly passkeys: Passkeys
  readonly flows: BrowserFlows
}

/** Proving once more who one is, within a sign-in that goes on. Who signs in with the browser does it there too. */
export class StepUp {
  readonly #parts: StepUpParts

  constructor(parts: StepUpParts) {
    this.#parts = parts
  }

  /** Returns when it happened. Throws `sign-in-failed` or `rate-limited`; failures count like those of signing in. */
  confirm(login: LoginRecord, answer: StepUpAnswer, origin: Origin): Promise<number> {
    const { user, organisation } = login.principal
    return this.#parts.signIn.counted(user.email, origin, async () => {
      const atMs = this.#parts.clock.nowMs()
      const confirmed = async (tx: Writer) => {
        await tx.identity.setLoginAuthenticated(login.tokenHash, atMs)
        await tx.audit({
          organisationId: organisation.id,
          atMs,
          actor: userActor(user),
          action: 'user.stepped-up',
          subject: user.id,
          detail: { method: methodOf(answer), address: origin.address },
        })
      }
      await this.#proving(login, answer, confirmed)
      return atMs
    })
  }

  /** Runs `use` in the transaction that spends the proof. */
  async #proving(login: LoginRecord, answer: StepUpAnswer, use: Spend): Promise<void> {
    const { flows, store } = this.#parts
    if ('browser' in answer)
      return flows.prove(answer.browser.ticket, answer.browser.code, login.principal.user.id, use)
    const spend = 'passkey' in answer ? await this.#passkey(login, answer.passkey) : await this.#password(login, answer)
    await store.write(async tx => {
      await spend(tx)
      await use(tx)
    })
  }

  async #password({ principal: { user } }: LoginRecord, { password, code }: PasswordAnswer): Promise<Spend> {
    const person = await this.#parts.signIn.personOf(user.email, password)
    if (person?.user.id !== user.id) throw wrong()
    if (!person.totp) return async () => undefined
    if (code === undefined) throw wrong()
    const check = await this.#parts.twoFactor.prepare(user.id, { code })
    return async tx => {
      if (!(await check(tx.identity))) throw wrong()
    }
  }

  async #passkey({ principal: { user } }: LoginRecord, proof: PasskeyProof): Promise<Spend> {
    const { person, use } = await this.#parts.passkeys.check(proof)
    if (person.user.id !== user.id) throw wrong()
    return use
  }
}

const methodOf = (answer: StepUpAnswer) =>
  'passkey' in answer ? 'passkey' : 'browser' in answer ? 'browser' : 'password'

const wrong = () => new HandholdError('sign-in-failed', 'The password or the code is wrong.')
