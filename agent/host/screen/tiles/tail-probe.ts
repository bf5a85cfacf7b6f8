import type { Clock } from '../../../links/clock.ts'

/** By then even a busy viewer has drawn what came whole. */
const WAIT_MIN_MS = 60
/** SCTP's own timer is due then. */
const WAIT_MAX_MS = 400
/** Three that arrive make SCTP send what is missing; these many may be lost themselves. */
const PROBES = 6
const INTERVAL_MS = 10

export interface TailProbeOptions {
  readonly clock: Clock
  /** Sends a little, as a packet of its own. */
  readonly send: () => void
}

/**
 * Sends a little after what isn't acknowledged in time. SCTP knows at once that a packet was lost when later ones arrive, but of the last ones of a burst only by
 * its timer, 400 ms later, and nothing follows those by itself: what is new waits for their acknowledgement. The idea is TCP's tail loss probe (RFC 8985).
 */
export class TailProbe {
  readonly #options: TailProbeOptions
  #cancel: (() => void) | undefined

  constructor(options: TailProbeOptions) {
    this.#options = options
  }

  /** Something was sent that is waited for; `shortestMs` is what an acknowledgement takes at best. */
  handleSent(shortestMs: number | undefined): void {
    this.stop()
    this.#after(Math.min(Math.max(WAIT_MIN_MS, 2 * (shortestMs ?? WAIT_MAX_MS)), WAIT_MAX_MS), PROBES)
  }

  /** Nothing is waited for. Idempotent. */
  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }

  #after(delayMs: number, probesLeft: number): void {
    this.#cancel = this.#options.clock.setTimer(() => {
      this.#cancel = undefined
      this.#options.send()
      if (probesLeft > 1) this.#after(INTERVAL_MS, probesLeft - 1)
    }, delayMs)
  }
}
