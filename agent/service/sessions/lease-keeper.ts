import { HandholdError } from '#protocol/errors.ts'
import { LEASE_END_MS, LEASE_FREEZE_MS, LEASE_RENEW_MS, LEASE_RETRY_MS } from '#protocol/limits.ts'
import type { EndReason } from '#protocol/session/reasons.ts'
import type { Clock } from '../../links/clock.ts'

export interface LeaseKeeperOptions {
  readonly clock: Clock
  readonly newNonce: () => string
  /** Asks the relay for a lease with this nonce. Returns false when the relay isn't there. */
  readonly ask: (nonce: string) => boolean
  /** Rejects unless it is a lease for this session with this nonce. */
  readonly verify: (lease: string, nonce: string) => Promise<void>
  /** A lease is held now that wasn't before: the first one, or another. */
  readonly onRenewed: (lease: string) => void
  /** No input and no tool from now on, or again. */
  readonly onFrozen: (isFrozen: boolean) => void
  /** It went on too long without a lease; nothing is called after it. */
  readonly onLapsed: (reason: Extract<EndReason, 'policy-revoked' | 'link-lost'>) => void
}

/**
 * Keeps a live session's lease. Its life is counted from the moment of the question that it answers, by the monotonic clock: neither a clock that is set
 * nor a lease that somebody kept back makes it longer. The join counts as the first answer, since it proved as much.
 */
export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions
  readonly #timers = new Map<'ask' | 'freeze' | 'end', () => void>()
  #question: { readonly nonce: string; readonly askedAtMs: number } | undefined
  #lease: string | undefined
  #isFrozen = false
  #isStopped = false
  #isRelayThere = true

  constructor(options: LeaseKeeperOptions) {
    this.#options = options
    this.#countFrom(options.clock.monotonicMs())
    this.renew()
  }

  /** The newest lease while it holds; undefined before the first, and while the session is frozen. */
  get current(): string | undefined {
    return this.#isFrozen ? undefined : this.#lease
  }

  /** Asks at once: at the join, at the usual time, and whenever the relay is back. */
  renew(): void {
    if (this.#isStopped) return
    const { clock, newNonce, ask } = this.#options
    this.#question = { nonce: newNonce(), askedAtMs: clock.monotonicMs() }
    this.#isRelayThere = ask(this.#question.nonce)
    this.#timer('ask', () => this.renew(), LEASE_RETRY_MS)
  }

  /** What the relay sent. Rejects with `lease-invalid` for anything but the answer to the newest question. */
  async accept(lease: string): Promise<void> {
    const question = this.#question
    if (this.#isStopped || !question) throw new HandholdError('lease-invalid', 'Nobody asked for a lease.')
    await this.#options.verify(lease, question.nonce)
    // The session may have ended, or another answer come, while the signature was checked.
    if (this.#isStopped || this.#question !== question) return
    this.#question = undefined
    this.#lease = lease
    this.#countFrom(question.askedAtMs)
    this.#timer('ask', () => this.renew(), LEASE_RENEW_MS)
    this.#options.onRenewed(lease)
  }

  /** Idempotent; nothing is called after it. */
  stop(): void {
    this.#isStopped = true
    this.#lease = undefined
    for (const cancel of this.#timers.values()) cancel()
  }

  #countFrom(provenAtMs: number): void {
    const elapsedMs = this.#options.clock.monotonicMs() - provenAtMs
    this.#timer('freeze', () => this.#setFrozen(true), Math.max(0, LEASE_FREEZE_MS - elapsedMs))
    this.#timer('end', () => this.#lapse(), Math.max(0, LEASE_END_MS - elapsedMs))
    this.#setFrozen(elapsedMs >= LEASE_FREEZE_MS)
  }

  #setFrozen(isFrozen: boolean): void {
    if (this.#isFrozen === isFrozen) return
    this.#isFrozen = isFrozen
    this.#options.onFrozen(isFrozen)
  }

  #lapse(): void {
    // A relay that is there and gives no lease means it; one that isn't can't say anything.
    const reason = this.#isRelayThere ? 'policy-revoked' : 'link-lost'
    this.stop()
    this.#options.onLapsed(reason)
  }

  #timer(name: 'ask' | 'freeze' | 'end', run: () => void, delayMs: number): void {
    this.#timers.get(name)?.()
    this.#timers.set(name, this.#options.clock.setTimer(run, delayMs))
  }
}
