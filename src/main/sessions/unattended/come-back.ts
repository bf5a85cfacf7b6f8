import { randomInt } from 'node:crypto'
import type { ComeBackState } from '#ipc/operator.ts'
import { type ErrorCode, HandholdError, toWireError } from '#protocol/errors.ts'
import { reconnectDelayMs } from '#protocol/reconnect.ts'
import { isLive } from '#protocol/session/machine.ts'
import type { SessionState } from '#protocol/session/state.ts'

/** A connection that held for so long works: the next loss begins its tries anew. Until then each makes the next wait longer, so that a host that crashes isn't started for ever. */
const HELD_MS = 60_000

/** What another moment may have changed. Everything else is somebody's answer. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  'relay-unreachable',
  'link-closed',
  'timeout',
  'connect-timeout',
  'device-offline',
  'rate-limited',
  'asked-too-often',
  'internal',
  // The device or the relay was a step further than the other: the next word of it settles that.
  'proof-invalid',
  'illegal-transition',
])

export interface ComeBackOptions {
  /** With the key that the last connection left. Rejects with the refusal. */
  readonly resume: () => Promise<void>
  readonly onChange: () => void
  readonly now?: () => number
  readonly random?: () => number
  readonly setTimer?: (run: () => void, delayMs: number) => () => void
}

/** Brings this app back into an unattended session that it was in and whose connection was lost; not where its operator went on purpose. */
export class ComeBack {
  readonly #options: ComeBackOptions
  #wasIn = false
  #inSinceMs: number | undefined
  #failedTries = 0
  #state: ComeBackState | null = null
  #cancel: (() => void) | undefined
  #attempt: Promise<void> | undefined

  constructor(options: ComeBackOptions) {
    this.#options = options
  }

  get state(): ComeBackState | null {
    return this.#state
  }

  /** The session's newest state, as often as it is said. */
  handleState(state: SessionState): void {
    if (state.name === 'lingering') {
      if (this.#wasIn && !this.#state) this.#lost()
      return
    }
    this.#cancel?.()
    this.#state = null
    if (isLive(state)) this.#inSinceMs ??= this.#now()
    if (isLive(state) || state.name === 'armed' || state.name === 'connecting') this.#wasIn = true
  }

  /** The operator goes by themselves: coming back is theirs too. */
  leave(): void {
    this.#wasIn = false
    this.#cancel?.()
    this.#state = null
  }

  /** Now, whoever wants it; two that want it together are one. */
  async tryNow(): Promise<void> {
    this.#cancel?.()
    if (this.#state) this.#set({ name: 'trying' })
    try {
      this.#attempt ??= this.#options.resume().finally(() => {
        this.#attempt = undefined
      })
      await this.#attempt
      if (this.#state?.name === 'trying') this.#state = null
    } catch (thrown) {
      this.#failed(thrown)
      throw thrown
    }
  }

  #lost(): void {
    const held = this.#inSinceMs !== undefined && this.#now() - this.#inSinceMs >= HELD_MS
    this.#inSinceMs = undefined
    if (held) this.#failedTries = 0
    this.#wait(null)
  }

  #wait(problem: string | null): void {
    const { random = randomFraction, setTimer = systemTimer } = this.#options
    const delayMs = reconnectDelayMs({ failedTries: this.#failedTries++, random: random() })
    this.#cancel?.()
    this.#cancel = setTimer(() => void this.tryNow().catch(() => undefined), delayMs)
    this.#set({ name: 'waiting', retryAtMs: this.#now() + delayMs, problem })
  }

  #failed(thrown: unknown): void {
    // What the session became meanwhile, or its operator decided, counts more.
    if (this.#state?.name !== 'trying') return
    const { message } = toWireError(thrown)
    if (thrown instanceof HandholdError && PASSING.has(thrown.code)) this.#wait(message)
    else this.#set({ name: 'stopped', problem: message })
  }

  #set(state: ComeBackState): void {
    this.#state = state
    this.#options.onChange()
  }

  #now(): number {
    return (this.#options.now ?? Date.now)()
  }
}

function systemTimer(run: () => void, delayMs: number): () => void {
  // An app that is over waits for nobody.
  const timer = setTimeout(run, delayMs).unref()
  return () => clearTimeout(timer)
}

const randomFraction = (): number => randomInt(2 ** 32) / 2 ** 32
