import type { PassVerificationKey } from '#protocol/keys.ts'
import { followHandovers, isGood, type PinnedKey } from '#protocol/trust/key-handover.ts'
import type { Clock } from '../../links/clock.ts'
import type { Logger } from '../log.ts'

export interface PinnedKeysParts {
  readonly pinned: readonly PinnedKey[]
  readonly clock: Clock
  readonly log: Logger
  /** Durable when it resolves. */
  readonly keep: (pinned: readonly PinnedKey[]) => Promise<void>
}

/** The relay's keys as this device believes in them: those of its enrolment, and what they have handed over to. */
export class PinnedKeys {
  readonly #parts: PinnedKeysParts
  #pinned: readonly PinnedKey[]

  constructor(parts: PinnedKeysParts) {
    this.#parts = parts
    this.#pinned = parts.pinned
  }

  /** Those that are good now. */
  readonly current = (): readonly PassVerificationKey[] => {
    const nowMs = this.#parts.clock.wallMs()
    return this.#pinned.filter(key => isGood(key, nowMs)).map(({ untilMs: _, ...key }) => key)
  }

  /** Takes what the relay hands over. Never rejects: what isn't a hand-over changes nothing, and the log says so. */
  async follow(handovers: readonly string[]): Promise<void> {
    try {
      await this.#follow(handovers)
    } catch (error) {
      this.#parts.log.error({ err: error }, 'what the relay says of its keys is not valid')
    }
  }

  async #follow(handovers: readonly string[]): Promise<void> {
    const { clock, log, keep } = this.#parts
    const followed = await followHandovers(this.#pinned, handovers, clock.wallMs())
    if (followed.length === this.#pinned.length && followed.every((key, index) => key.x === this.#pinned[index]?.x))
      return
    // On the disk first: after a power cut the device must not believe in a key that was handed on.
    await keep(followed)
    this.#pinned = followed
    log.info({ kids: followed.map(key => key.kid) }, 'the relay has handed over to another key')
  }
}
