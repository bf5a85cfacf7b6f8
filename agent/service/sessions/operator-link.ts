import { HandholdError } from '#protocol/errors.ts'
import { RENEW_LINK_EVERY_MS } from '#protocol/limits.ts'
import type { Signal } from '#protocol/wire/signal.ts'
import type { Clock } from '../../links/clock.ts'
import type { HostToService } from '../../links/host-link.ts'
import type { HostProcess } from './host-process.ts'
import type { OperatorProof } from './operator-proof.ts'
import { OperatorSignals } from './operator-signals.ts'

export interface OperatorLinkOptions {
  readonly host: Pick<HostProcess, 'send'>
  readonly clock: Clock
  /** Each connection is proven by itself; `connection` is its number, which the first one hasn't. */
  readonly expectProof: (connection?: number) => OperatorProof
}

/** The operator's way to the host of a session: one connection after the other, each with signals and a proof of its own. */
export class OperatorLink {
  readonly #options: OperatorLinkOptions
  #signals = new OperatorSignals()
  #proof: OperatorProof
  #renewedAtMs = Number.NEGATIVE_INFINITY

  constructor(options: OperatorLinkOptions) {
    this.#options = options
    this.#proof = options.expectProof()
  }

  /** Throws what `OperatorSignals.take` does, and `rate-limited` for an operator who wants another connection every moment. */
  take(signal: Signal): void {
    const { host, clock } = this.#options
    if (signal.kind !== 'again') return void this.#signals.take(signal, host, this.#proof)
    const nowMs = clock.monotonicMs()
    if (nowMs - this.#renewedAtMs < RENEW_LINK_EVERY_MS)
      throw new HandholdError('rate-limited', 'Another connection was asked for a moment ago.')
    this.#renewedAtMs = nowMs
    host.send({ type: 'signal', signal })
  }

  /** Every message of the host's; those that say nothing of the connection are left to others. */
  handleHost(message: HostToService): void {
    if (message.type === 'renewed') {
      this.#signals = new OperatorSignals()
      this.#proof = this.#options.expectProof(message.connection)
    } else this.#proof.handleHost(message)
  }
}
