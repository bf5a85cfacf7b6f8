import { HandholdError } from '#protocol/errors.ts'
import type { SealPublicJwk } from '#protocol/keys.ts'
import type { Tool } from '#protocol/tools/tools.ts'
import { WATCH_LAPSE_MS } from '#protocol/tools/watch/limits.ts'
import { verifyBeat } from '#protocol/tools/watch/statement.ts'
import type { Clock } from '../../links/clock.ts'
import type { HelperBegin } from '../../links/helper-link.ts'

export interface Watcher {
  readonly label: string
  readonly thumbprint: string
  readonly sealKey: SealPublicJwk
}

interface Looking extends Watcher {
  readonly tools: readonly Tool[]
  readonly count: number
  readonly atMs: number
}

export interface SecondPersonOptions {
  readonly begin: HelperBegin
  readonly clock: Clock
  /** Somebody looks who didn't before, or nobody does any more. */
  readonly onChanged: (watcher: Watcher | undefined) => void
  /** The last part of what was shown that reached them. */
  readonly onSeen: (sequence: number) => void
}

/** Whether a second person looks at this moment: their app says so again and again, signed, and its silence is a "no" within two seconds. */
export class SecondPerson {
  readonly #options: SecondPersonOptions
  #looking: Looking | undefined
  #cancelLapse: (() => void) | undefined

  constructor(options: SecondPersonOptions) {
    this.#options = options
  }

  get watcher(): Watcher | undefined {
    return this.#looking
  }

  /** Rejects with what is wrong with the beat. An older one than the last doesn't count. */
  async take(statement: string, proof: string): Promise<void> {
    const { begin, clock, onSeen, onChanged } = this.#options
    const { passKeys: keys, deviceId, sessionId, agentNonce, operatorId } = begin
    const beat = await verifyBeat(statement, proof, { keys, deviceId, sessionId, agentNonce, operatorId })
    const before = this.#looking
    const thumbprint = beat.cnf.jkt
    const isSame = before?.thumbprint === thumbprint
    if (isSame && beat.count <= before.count)
      throw new HandholdError('proof-invalid', 'The second person has said this before.')
    const { label, seal: sealKey, tools, count, seen } = beat
    this.#looking = { label, thumbprint, sealKey, tools, count, atMs: clock.monotonicMs() }
    this.#cancelLapse?.()
    this.#cancelLapse = clock.setTimer(() => this.#lapse(), WATCH_LAPSE_MS)
    if (!isSame) onChanged(this.#looking)
    onSeen(seen[begin.level])
  }

  /** Throws `second-person-away` unless somebody who may use the tool themselves looks now. */
  require(tool: Tool): void {
    const looking = this.#looking
    const isFresh = looking && this.#options.clock.monotonicMs() - looking.atMs <= WATCH_LAPSE_MS
    if (!isFresh || !looking.tools.includes(tool)) throw away()
  }

  /** Idempotent. */
  close(): void {
    this.#cancelLapse?.()
    this.#looking = undefined
  }

  #lapse(): void {
    this.#looking = undefined
    this.#options.onChanged(undefined)
  }
}

export const away = () =>
  new HandholdError('second-person-away', 'Nobody watches now. It goes on when a second operator looks again.')
