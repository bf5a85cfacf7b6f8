import { HandholdError } from '#protocol/errors.ts'
import { STEP_UP_MAX_AGE_MS } from '#protocol/limits.ts'
import { userActor } from '../audit.ts'
import { type Chance, newId } from '../chance.ts'
import type { Clock } from '../clock.ts'
import type { OperatorGateway } from '../gateways.ts'
import { JointWrites } from '../joint-writes.ts'
import type { Log } from '../log.ts'
import type { Principal } from '../principal.ts'
import { SameMoment } from '../same-moment.ts'
import type { LoginRecord, Store, Writer } from '../store.ts'
import type { Origin } from './origin.ts'
import type { LoginSummary, PersonRecord } from './store.ts'

const SIGN_IN_IDLE_MS = 60 * 60_000
export const SIGN_IN_ABSOLUTE_MS = 12 * 60 * 60_000
/** The idle time is written again only after this much of it has gone by: a request must not cost a disk write each. */
const EXTEND_AFTER_MS = 60_000
const TOKEN_BYTES = 32
/** Tells it from an API key whatever the random part is, and a scanner for leaked secrets what it found. */
const TOKEN_PREFIX = 'hhl_'

/** How somebody proved who they are. */
export type SignInMethod =
  | 'password'
  | 'password and code'
  | 'password and recovery code'
  | 'passkey'
  | 'single sign-on'

export interface SignedIn {
  readonly token: string
  readonly principal: Principal
}

/** Ends the sessions that stand on sign-ins or API keys that are no more. */
export type EndSessions = (
  credentialHashes: readonly string[],
  reason: 'operator-ended' | 'policy-revoked',
) => Promise<void>

export interface LoginsParts {
  readonly store: Store
  readonly clock: Clock
  readonly chance: Chance
  readonly operators: OperatorGateway
  readonly log: Log
  readonly endSessions: EndSessions
}

/** Who is signed in: 1 hour idle, 12 hours at most. Tokens are known by their hash only. */
export class Logins {
  readonly #parts: LoginsParts
  readonly #known: SameMoment<LoginRecord>
  readonly #extensions: JointWrites

  constructor(parts: LoginsParts) {
    this.#parts = parts
    this.#known = new SameMoment(parts.store)
    this.#extensions = new JointWrites(parts.store)
  }

  /** Signs the person in, within the transaction that spends what they proved it with. Throws `sign-in-failed` for somebody who is switched off. */
  async start(tx: Writer, { user, organisation, role }: PersonRecord, method: SignInMethod, origin: Origin) {
    const { clock, chance } = this.#parts
    // Asked here, where every way of signing in ends: whoever gets so far has proved who they are, and may be told.
    const present = await tx.identity.person(user.id)
    if (!present || present.isDisabled || present.isElsewhere)
      throw new HandholdError('sign-in-failed', 'This account is switched off. Ask an administrator.')
    const token = `${TOKEN_PREFIX}${chance.randomText(TOKEN_BYTES)}`
    const atMs = clock.nowMs()
    await tx.identity.insertLogin({
      id: newId('login', chance),
      tokenHash: chance.sha256(token),
      userId: user.id,
      method,
      address: origin.address,
      client: origin.client,
      atMs,
      expiresAtMs: atMs + SIGN_IN_IDLE_MS,
    })
    await tx.audit({
      organisationId: organisation.id,
      atMs,
      actor: userActor(user),
      action: 'user.signed-in',
      subject: user.id,
      detail: { method, address: origin.address },
    })
    return { token, principal: { user, organisation, role } }
  }

  /** Who the token stands for; this counts as activity. Throws `unauthenticated`. */
  async authenticate(token: string | null): Promise<LoginRecord> {
    const login = await this.find(token === null ? null : this.#parts.chance.sha256(token))
    if (!login) throw new HandholdError('unauthenticated', 'You are not signed in. Sign in again.')
    this.#extend(login)
    return login
  }

  /** Returns at once: nobody's question waits for the disk because they have been away for a minute. A failure is logged. */
  #extend({ tokenHash, createdAtMs, expiresAtMs: untilMs }: LoginRecord): void {
    const { clock, log } = this.#parts
    const nowMs = clock.nowMs()
    const expiresAtMs = Math.min(nowMs + SIGN_IN_IDLE_MS, createdAtMs + SIGN_IN_ABSOLUTE_MS)
    if (expiresAtMs - untilMs < EXTEND_AFTER_MS) return
    this.#extensions
      .add(tx => tx.extendLogin(tokenHash, expiresAtMs, nowMs))
      .catch(error => log.error({ err: error }, 'The activity of a sign-in could not be written'))
  }

  /** Waits for what is being written. */
  settled(): Promise<void> {
    return this.#extensions.settled()
  }

  /** The sign-in if it still lives; no activity. */
  async find(tokenHash: string | null): Promise<LoginRecord | undefined> {
    if (tokenHash === null) return undefined
    const login = await this.#known.of(tokenHash, () => this.#parts.store.read.login(tokenHash))
    const nowMs = this.#parts.clock.nowMs()
    if (!login || login.expiresAtMs <= nowMs || login.createdAtMs + SIGN_IN_ABSOLUTE_MS <= nowMs) return undefined
    return login
  }

  /** Throws `step-up-required` when the person proved who they are longer ago than five minutes. */
  requireStepUp({ authenticatedAtMs }: LoginRecord): void {
    if (this.#parts.clock.nowMs() - authenticatedAtMs > STEP_UP_MAX_AGE_MS)
      throw new HandholdError('step-up-required', 'Confirm that it is you: sign in again here, then repeat this.')
  }

  async signOut(login: LoginRecord): Promise<void> {
    await this.#parts.store.write(async tx => {
      await tx.deleteLogin(login.tokenHash)
      await this.#audit(tx, login.principal, 'user.signed-out', login.principal.user.id, {})
    })
    await this.close([login.tokenHash], 'operator-ended')
  }

  /** Where this person is signed in, the newest activity first. */
  async list(login: LoginRecord): Promise<LoginSummary[]> {
    // Being asked for the list is activity too.
    await this.#extensions.settled()
    const logins = await this.#parts.store.read.identity.loginsOf(login.principal.user.id)
    const nowMs = this.#parts.clock.nowMs()
    return logins.filter(
      ({ expiresAtMs, createdAtMs }) => expiresAtMs > nowMs && createdAtMs + SIGN_IN_ABSOLUTE_MS > nowMs,
    )
  }

  /** Ends one of the person's own sign-ins. Throws `not-found`. */
  async end(login: LoginRecord, loginId: string): Promise<void> {
    const found = (await this.list(login)).find(({ id }) => id === loginId)
    if (!found) throw new HandholdError('not-found', 'There is no such sign-in. Refresh the list.')
    await this.#parts.store.write(async tx => {
      await tx.deleteLogin(found.tokenHash)
      await this.#audit(tx, login.principal, 'user.sign-in-ended', loginId, { address: found.address })
    })
    await this.close([found.tokenHash])
  }

  /** Ends all of the person's sign-ins but this one. */
  async endOthers(login: LoginRecord): Promise<void> {
    const { user } = login.principal
    const ended = await this.#parts.store.write(async tx => {
      const hashes = await tx.identity.deleteLogins(user.id, login.tokenHash)
      await this.#audit(tx, login.principal, 'user.sign-ins-ended', user.id, { ended: hashes.length })
      return hashes
    })
    await this.close(ended)
  }

  /** Closes the sockets of sign-ins that a transaction deleted, and ends the sessions that stand on them: whoever has the token may have the connection too. */
  async close(tokenHashes: readonly string[], reason: Parameters<EndSessions>[1] = 'policy-revoked'): Promise<void> {
    for (const tokenHash of tokenHashes) this.#parts.operators.endLogin(tokenHash)
    await this.#parts.endSessions(tokenHashes, reason)
  }

  #audit(tx: Writer, { user, organisation }: Principal, action: string, subject: string, detail: object) {
    const atMs = this.#parts.clock.nowMs()
    const entry = { organisationId: organisation.id, atMs, actor: userActor(user), action, subject }
    return tx.audit({ ...entry, detail: { ...detail } })
  }
}
