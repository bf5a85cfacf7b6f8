import { HandholdError } from '#protocol/errors.ts'
import type { Chance } from '../chance.ts'
import type { Clock } from '../clock.ts'
import type { Store, Writer } from '../store.ts'
import type { Logins, SignedIn } from './logins.ts'
import type { Origin } from './origin.ts'
import type { SignIn } from './sign-in.ts'
import type { BrowserFlowRecord, PersonRecord } from './store.ts'

const FLOW_MS = 10 * 60_000
const CODE_TRIES = 5
const TICKET_BYTES = 32

export interface BrowserFlowsParts {
  readonly store: Store
  readonly clock: Clock
  readonly chance: Chance
  readonly logins: Logins
  readonly signIn: SignIn
}

/** What an app keeps (`ticket`) and what its browser takes along (`state`). */
export interface BegunFlow {
  readonly ticket: string
  readonly expiresAtMs: number
}

/**
 * Sign-ins of an app that its system's browser finishes. The app keeps a ticket, the browser has a state, and at its end it shows a code that the person
 * types into the app: only who has both, app and browser, is signed in.
 */
export class BrowserFlows {
  readonly #parts: BrowserFlowsParts

  constructor(parts: BrowserFlowsParts) {
    this.#parts = parts
  }

  newState(): string {
    return this.#parts.chance.randomText(TICKET_BYTES)
  }

  /** `organisationId` is whose identity provider decides; null where the relay itself does. */
  async begin(state: string, organisationId: string | null, sealedChecks: string): Promise<BegunFlow> {
    const { store, clock, chance } = this.#parts
    const ticket = chance.randomText(TICKET_BYTES)
    const expiresAtMs = clock.nowMs() + FLOW_MS
    const hashes = { ticketHash: chance.sha256(ticket), stateHash: chance.sha256(state) }
    await store.write(tx => tx.identity.insertBrowserFlow({ ...hashes, organisationId, sealedChecks, expiresAtMs }))
    return { ticket, expiresAtMs }
  }

  /** The flow whose browser this is; undefined when it isn't waiting for one. */
  async waiting(state: string): Promise<BrowserFlowRecord | undefined> {
    const { store, clock, chance } = this.#parts
    const flow = await store.read.identity.browserFlow({ stateHash: chance.sha256(state) }, clock.nowMs())
    return flow?.userId === null && !flow.failed ? flow : undefined
  }

  /** The browser proved who this is. `also` belongs to the proof. Returns the code to show, or undefined when somebody was faster. */
  async complete(
    flow: BrowserFlowRecord,
    { user }: PersonRecord,
    state: string,
    also: (tx: Writer) => Promise<void> = async () => undefined,
  ): Promise<{ code: string; email: string } | undefined> {
    const { store, chance } = this.#parts
    const code = sixDigits(chance)
    const done = { userId: user.id, codeHash: this.#codeHash(flow, code) }
    const isDone = await store.write(async tx => {
      await also(tx)
      return tx.identity.completeBrowserFlow(chance.sha256(state), done)
    })
    return isDone ? { code, email: user.email } : undefined
  }

  /** Whatever happens after this, the flow signs nobody in. */
  async fail(state: string): Promise<void> {
    const { store, chance } = this.#parts
    await store.write(tx => tx.identity.completeBrowserFlow(chance.sha256(state), null))
  }

  /** The app asks how far the browser is, or redeems its ticket with the code, once. Throws `sso-failed`, `sign-in-failed` or `rate-limited`. */
  async redeem(
    ticket: string,
    code: string | undefined,
    origin: Origin,
  ): Promise<SignedIn | { state: 'waiting-for-browser' | 'waiting-for-code' }> {
    const { store, logins, signIn } = this.#parts
    const flow = await this.#ofTicket(ticket)
    if (flow.userId === null) return { state: 'waiting-for-browser' }
    if (code === undefined) return { state: 'waiting-for-code' }
    const person = await store.read.identity.person(flow.userId)
    if (!person) throw flowFailed()
    const method = flow.organisationId === null ? 'passkey' : 'single sign-on'
    // By address only: the ticket bounds the guesses itself, and who fails at somebody's password must not keep them out here.
    return signIn.counted(null, origin, () => this.#taking(flow, code, tx => logins.start(tx, person, method, origin)))
  }

  /** Proves that this is the person; `use` runs in the same transaction. Throws like `redeem`. */
  async prove(ticket: string, code: string, userId: string, use: (tx: Writer) => Promise<void>): Promise<void> {
    const flow = await this.#ofTicket(ticket)
    if (flow.userId !== userId) throw flowFailed()
    await this.#taking(flow, code, use)
  }

  async #ofTicket(ticket: string): Promise<BrowserFlowRecord> {
    const { store, clock, chance } = this.#parts
    const flow = await store.read.identity.browserFlow({ ticketHash: chance.sha256(ticket) }, clock.nowMs())
    if (!flow || flow.failed) throw flowFailed()
    return flow
  }

  async #taking<T>(flow: BrowserFlowRecord, code: string, use: (tx: Writer) => Promise<T>): Promise<T> {
    const { store } = this.#parts
    const taken = await store.write(async tx =>
      (await tx.identity.takeBrowserFlow(flow.ticketHash, this.#codeHash(flow, code))) ? { is: await use(tx) } : null,
    )
    if (taken) return taken.is
    await store.write(tx => tx.identity.failBrowserFlow(flow.ticketHash, CODE_TRIES))
    throw new HandholdError('sign-in-failed', 'The code is wrong. The browser shows it at the end of its sign-in.')
  }

  /** Together with the ticket: six digits alone are found in no time by who has the table. */
  #codeHash({ ticketHash }: BrowserFlowRecord, code: string): string {
    return this.#parts.chance.sha256(`${ticketHash} ${code}`)
  }
}

/** Even digits from random bytes: 2^32 is so much larger than 10^6 that the remainder's bias is nothing. */
function sixDigits(chance: Chance): string {
  const value = chance.randomBytes(4).reduce((sum, byte) => sum * 256 + byte, 0)
  return String(value % 1_000_000).padStart(6, '0')
}

export const flowFailed = (cause?: unknown) =>
  new HandholdError('sso-failed', 'Signing in with the browser did not work. Start again from the app.', { cause })
