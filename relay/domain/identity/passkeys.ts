import { HandholdError } from '#protocol/errors.ts'
import type { PasskeyAssertion, PasskeyProof, PasskeyRegistration } from '#protocol/identity-http.ts'
import { userActor } from '../audit.ts'
import { type Chance, newId } from '../chance.ts'
import type { Clock } from '../clock.ts'
import type { Principal } from '../principal.ts'
import type { Store, Writer } from '../store.ts'
import type { Logins, SignedIn } from './logins.ts'
import type { Origin } from './origin.ts'
import type { SignIn } from './sign-in.ts'
import type { PasskeyRecord, PersonRecord } from './store.ts'

const CEREMONY_MS = 5 * 60_000
const PASSKEYS_MAX = 20
const TICKET_BYTES = 32

/** WebAuthn's checks (origin, relying party, challenge, user verification, signature). `credential` is the browser's own JSON, of the right shape. */
export interface WebAuthn {
  /** Options for the browser; `known` are the credentials that the person has. */
  registrationOptions(user: PersonRecord['user'], known: readonly PasskeyRecord[], challenge: string): Promise<object>
  signInOptions(challenge: string): Promise<object>
  /** Null when anything is wrong with it. */
  register(
    credential: PasskeyRegistration,
    challenge: string,
  ): Promise<Pick<PasskeyRecord, 'credentialId' | 'publicKey' | 'counter' | 'transports'> | null>
  /** The new counter; null when anything is wrong, a counter that didn't grow included. */
  verify(credential: PasskeyAssertion, challenge: string, passkey: PasskeyRecord): Promise<number | null>
}

export interface PasskeysParts {
  readonly store: Store
  readonly clock: Clock
  readonly chance: Chance
  readonly webAuthn: WebAuthn
  readonly signIn: SignIn
  readonly logins: Logins
}

/** Passkeys: they sign in alone, since the authenticator checks the person too. Each challenge is good for one answer. */
export class Passkeys {
  readonly #parts: PasskeysParts

  constructor(parts: PasskeysParts) {
    this.#parts = parts
  }

  list({ user }: Principal): Promise<PasskeyRecord[]> {
    return this.#parts.store.read.identity.passkeys(user.id)
  }

  async startRegistration({ user }: Principal) {
    const known = await this.#parts.store.read.identity.passkeys(user.id)
    if (known.length >= PASSKEYS_MAX)
      throw new HandholdError('bad-request', `There are ${PASSKEYS_MAX} passkeys already. Remove one first.`)
    return this.#start('passkey-registration', user.id, challenge =>
      this.#parts.webAuthn.registrationOptions(user, known, challenge),
    )
  }

  /** Throws `sign-in-failed` for an answer that isn't right, late or repeated. */
  async register(
    principal: Principal,
    ticket: string,
    name: string,
    credential: PasskeyRegistration,
  ): Promise<PasskeyRecord> {
    const { store, clock, chance, webAuthn } = this.#parts
    const { user } = principal
    const challenge = await this.#take(ticket, 'passkey-registration')
    if (challenge?.userId !== user.id) throw notAccepted()
    const made = await webAuthn.register(credential, challenge.data)
    if (!made) throw notAccepted()
    const passkey = { ...made, id: newId('passkey', chance), userId: user.id, name, createdAtMs: clock.nowMs() }
    await store.write(async tx => {
      if (await tx.identity.passkeyByCredential(passkey.credentialId)) throw notAccepted()
      await tx.identity.insertPasskey(passkey)
      await this.#audit(tx, principal, 'user.passkey-added', passkey.id)
    })
    return { ...passkey, lastUsedAtMs: null }
  }

  /** Throws `not-found`, for somebody else's too. */
  async remove(principal: Principal, passkeyId: string): Promise<void> {
    await this.#parts.store.write(async tx => {
      if (!(await tx.identity.deletePasskey(passkeyId, principal.user.id)))
        throw new HandholdError('not-found', 'There is no such passkey. Refresh the list.')
      await this.#audit(tx, principal, 'user.passkey-removed', passkeyId)
    })
  }

  /** Names nobody: the authenticator says later whose passkey it is. */
  startSignIn() {
    return this.#start('passkey-sign-in', null, challenge => this.#parts.webAuthn.signInOptions(challenge))
  }

  /** Throws `sign-in-failed` or `rate-limited`. */
  signIn(proof: PasskeyProof, origin: Origin): Promise<SignedIn> {
    const { store, logins } = this.#parts
    return this.#parts.signIn.counted(null, origin, async () => {
      const { person, use } = await this.check(proof)
      return store.write(async tx => {
        await use(tx)
        return logins.start(tx, person, 'passkey', origin)
      })
    })
  }

  /** Whose answer it is. `use` moves the counter on, in the transaction of what the answer was for. Throws `sign-in-failed`. */
  async check({ ticket, credential }: PasskeyProof) {
    const { store, clock, webAuthn } = this.#parts
    const challenge = await this.#take(ticket, 'passkey-sign-in')
    const passkey = challenge && (await store.read.identity.passkeyByCredential(credential.id))
    const person = passkey && (await store.read.identity.person(passkey.userId))
    const counter = passkey && (await webAuthn.verify(credential, challenge.data, passkey))
    if (!person || typeof counter !== 'number') throw notAccepted()
    const use = async (tx: Writer) => {
      if (!(await tx.identity.usePasskey(passkey.id, passkey.counter, counter, clock.nowMs()))) throw notAccepted()
    }
    return { person, use }
  }

  async #start(
    kind: 'passkey-sign-in' | 'passkey-registration',
    userId: string | null,
    makeOptions: (challenge: string) => Promise<object>,
  ) {
    const { store, clock, chance } = this.#parts
    const ticket = chance.randomText(TICKET_BYTES)
    const challenge = chance.randomText(TICKET_BYTES)
    const expiresAtMs = clock.nowMs() + CEREMONY_MS
    const options = await makeOptions(challenge)
    const ticketHash = chance.sha256(ticket)
    await store.write(tx => tx.identity.insertChallenge({ ticketHash, kind, userId, data: challenge, expiresAtMs }))
    return { ticket, expiresAtMs, options: { ...options } }
  }

  #take(ticket: string, kind: 'passkey-sign-in' | 'passkey-registration') {
    const { store, clock, chance } = this.#parts
    return store.write(tx => tx.identity.takeChallenge(chance.sha256(ticket), kind, clock.nowMs()))
  }

  #audit(tx: Writer, { user, organisation }: Principal, action: string, subject: string): Promise<void> {
    const atMs = this.#parts.clock.nowMs()
    return tx.audit({ organisationId: organisation.id, atMs, actor: userActor(user), action, subject, detail: {} })
  }
}

const notAccepted = () =>
  new HandholdError('sign-in-failed', 'The passkey was not accepted. Try again, or sign in with your password.')
