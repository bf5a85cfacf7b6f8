import { HandholdError } from '#protocol/errors.ts'
import type { Chance } from '../chance.ts'
import type { Clock } from '../clock.ts'
import type { Seal } from '../identity/seal.ts'
import type { Store, Writer } from '../store.ts'
import type { KeyedRequest } from './store.ts'

const KEEP_MS = 24 * 60 * 60_000
const PURPOSE = 'idempotency'

/** Runs `work` so that every transaction within it begins with `first`. */
export type WithinTransactions = <T>(first: (tx: Writer) => Promise<void>, work: () => Promise<T>) => Promise<T>

export interface IdempotencyParts {
  readonly store: Store
  readonly clock: Clock
  readonly chance: Chance
  readonly seal: Seal
  readonly within: WithinTransactions
}

export interface KeyedCall {
  /** Who asks: a key is theirs alone. */
  readonly principal: string
  readonly key: string
  /** What is asked, whole: the same key with anything else is refused. */
  readonly request: unknown
}

/**
 * Requests that may be sent again without being done again. The key is written in the transaction of the effect itself: after a crash it is either there
 * with the effect, or neither is. Answers may hold secrets that are shown once, so they are sealed with a key outside of the database.
 */
export class Idempotency {
  readonly #parts: IdempotencyParts
  readonly #inFlight = new Set<string>()

  constructor(parts: IdempotencyParts) {
    this.#parts = parts
  }

  /**
   * Does the work, or gives the answer of the first time. A refused request left nothing behind and may be tried again.
   * Throws `idempotency-mismatch`, `idempotency-in-flight` or `idempotency-unfinished`.
   */
  async once(call: KeyedCall, work: () => Promise<unknown>): Promise<{ reply: unknown; replayed: boolean }> {
    const slot = `${call.principal}\n${call.key}`
    if (this.#inFlight.has(slot)) throw inFlight()
    this.#inFlight.add(slot)
    try {
      return await this.#once(call, work)
    } finally {
      this.#inFlight.delete(slot)
    }
  }

  async #once({ principal, key, request }: KeyedCall, work: () => Promise<unknown>) {
    const { store, clock, chance, seal, within } = this.#parts
    const nowMs = clock.nowMs()
    const requestHash = chance.sha256(JSON.stringify(request))
    const known = await store.read.idempotency.find(principal, key, nowMs)
    if (known && known.requestHash !== requestHash) throw mismatch()
    if (known?.sealedReply === null) throw unfinished()
    if (known) return { reply: JSON.parse(seal.open(known.sealedReply, PURPOSE)).reply as unknown, replayed: true }
    const row: KeyedRequest = { principal, key, requestHash, expiresAtMs: nowMs + KEEP_MS }
    const reply = await within(tx => tx.idempotency.begin(row, nowMs), work)
    await store.write(tx => tx.idempotency.finish(row, seal.seal(JSON.stringify({ reply }), PURPOSE)))
    return { reply, replayed: false }
  }
}

const inFlight = () =>
  new HandholdError('idempotency-in-flight', 'The request with this key is being done. Ask again in a moment.')

const mismatch = () =>
  new HandholdError('idempotency-mismatch', 'This key was used for another request. Take a new key for each request.')

const unfinished = () =>
  new HandholdError(
    'idempotency-unfinished',
    'The relay stopped while it did this request, and its answer is lost. Look whether it was done before you ask with a new key.',
  )
