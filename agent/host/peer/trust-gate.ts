import type { ChannelLabel } from '#protocol/peer/channels.ts'

const VERIFIED = JSON.stringify({ type: 'verified' })
/** As many messages as an operator's window sends before it has had an answer; what comes beyond that is refused. */
const WAITING_MAX = 64

export interface TrustGateOptions {
  /** The channels without which the connection is of no use. */
  readonly labels: readonly ChannelLabel[]
  readonly nowMs: () => number
  /** Every channel is open, this side trusts the other and the other this one. Once; that took `proofMs` after the last channel was open. */
  readonly onReady: (proofMs: number) => void
  readonly onOpen: (label: ChannelLabel) => void
  readonly onMessage: (label: ChannelLabel, data: unknown) => void
  readonly onRefused: (label: ChannelLabel) => void
}

/**
 * Between a connection and whoever acts on it: before the other end is proven nothing that it says is read, and the one message that may come from it is
 * that it trusts this end. What follows that word waits until every
 * channel is open here too, which a channel may say later than its first message comes.
 */
export class TrustGate {
  readonly #options: TrustGateOptions
  readonly #opened = new Set<ChannelLabel>()
  readonly #waiting: { readonly label: ChannelLabel; readonly data: unknown }[] = []
  #connectedAtMs: number | undefined
  #isTrusted = false
  #isTrusting = false
  #isReady = false

  constructor(options: TrustGateOptions) {
    this.#options = options
  }

  /** Nothing may be sent before. */
  get isReady(): boolean {
    return this.#isReady
  }

  /** The other end is proven. */
  trust(): void {
    this.#isTrusted = true
    this.#becomeReady()
  }

  /** Safe to repeat for the same channel. */
  handleOpen(label: ChannelLabel): void {
    if (this.#opened.has(label)) return
    this.#opened.add(label)
    if (this.#isReady) this.#options.onOpen(label)
    else this.#becomeReady()
  }

  handleMessage(label: ChannelLabel, data: unknown): void {
    if (this.#isReady) this.#options.onMessage(label, data)
    else if (label === 'control' && data === VERIFIED) this.#handleVerified()
    else if (this.#isTrusted && this.#isTrusting && this.#waiting.length < WAITING_MAX)
      this.#waiting.push({ label, data })
    else this.#options.onRefused(label)
  }

  #handleVerified(): void {
    this.#isTrusting = true
    this.#becomeReady()
  }

  #becomeReady(): void {
    const { labels, nowMs, onReady, onOpen, onMessage } = this.#options
    if (this.#isReady || !labels.every(label => this.#opened.has(label))) return
    this.#connectedAtMs ??= nowMs()
    if (!this.#isTrusted || !this.#isTrusting) return
    this.#isReady = true
    onReady(nowMs() - this.#connectedAtMs)
    for (const label of this.#opened) onOpen(label)
    for (const { label, data } of this.#waiting.splice(0)) onMessage(label, data)
  }
}
