import { HandholdError } from '#protocol/errors.ts'
import type { HelpState } from '#protocol/help/state.ts'
import type { HelpNews, HelpWay, HelpWish } from '#protocol/help/wire.ts'
import { HELP_QUEUE_TTL_MS } from '#protocol/limits.ts'
import type { AgentToRelay } from '#protocol/wire/agent.ts'
import type { Clock } from '../../links/clock.ts'

/** Whoever took the wish up is known to the dialog for so long. */
const ASKED_FOR_HOLDS_MS = 15 * 60_000

export interface HelpDeskOptions {
  readonly clock: Clock
  /** Resolves when the relay acknowledged it. */
  readonly request: (message: AgentToRelay) => Promise<void>
  /** Whose desktop it is. */
  readonly who: string
}

/**
 * The person's wish for help, from the asking until somebody takes it up, it is withdrawn or its time is over. There is one at a time. Nothing here lets
 * anybody in.
 */
export class HelpDesk {
  readonly #options: HelpDeskOptions
  readonly #listeners = new Set<(state: HelpState) => void>()
  #state: HelpState = { phase: 'idle' }
  #wish: { readonly way: HelpWay; readonly askedAtMs: number } | undefined
  #taken: { readonly operatorId: string; readonly askedAtMs: number; readonly atMonotonicMs: number } | undefined
  #cancelEnd: () => void = () => undefined

  constructor(options: HelpDeskOptions) {
    this.#options = options
  }

  get state(): HelpState {
    return this.#state
  }

  /** Returns the function that ends it. */
  onState(listener: (state: HelpState) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** In the place of an older wish. Never rejects: what went wrong is the state. */
  async ask({ way, words }: Omit<HelpWish, 'who'>): Promise<void> {
    const { clock, request, who } = this.#options
    const wish = { way, askedAtMs: clock.wallMs() }
    this.#cancelEnd()
    this.#wish = wish
    this.#show({ phase: 'asking' })
    try {
      await request({ type: 'help.ask', wish: { way, words, who } })
    } catch (thrown) {
      if (this.#wish !== wish) return
      this.#wish = undefined
      this.#show({ phase: 'failed', problem: thrown instanceof HandholdError ? thrown.code : 'internal' })
    }
  }

  /** Nothing happens where nothing is asked for. */
  async withdraw(): Promise<void> {
    if (!this.#wish) return
    this.#end({ phase: 'idle' })
    // A relay that isn't there forgets it by its own clock.
    await this.#options.request({ type: 'help.withdraw' }).catch(() => undefined)
  }

  /** From the relay. What doesn't fit the wish is left alone. */
  handleNews(help: HelpNews): void {
    const wish = this.#wish
    if (!wish) return
    if (help.news === 'taken') {
      const { clock } = this.#options
      this.#taken = { operatorId: help.operator.id, askedAtMs: wish.askedAtMs, atMonotonicMs: clock.monotonicMs() }
      this.#end({ phase: 'taken', operator: help.operator.name })
    } else if (help.news === 'code' && wish.way === 'code')
      this.#wait(help.forMs, ends => ({ phase: 'code', code: help.code, ...ends }))
    else if (help.news === 'queued' && wish.way === 'queue')
      this.#wait(help.forMs, ends => ({ phase: 'queued', ahead: help.ahead, ...ends }))
  }

  /** When the person asked for the help with which this operator comes; null where they didn't. */
  askedAtMs(operatorId: string): number | null {
    const taken = this.#taken
    if (taken?.operatorId !== operatorId) return null
    const ageMs = this.#options.clock.monotonicMs() - taken.atMonotonicMs
    return ageMs < ASKED_FOR_HOLDS_MS ? taken.askedAtMs : null
  }

  #wait(relaysForMs: number, state: (ends: { untilMs: number }) => HelpState): void {
    const { clock } = this.#options
    const forMs = Math.min(relaysForMs, HELP_QUEUE_TTL_MS)
    this.#cancelEnd()
    this.#cancelEnd = clock.setTimer(() => this.#end({ phase: 'over' }), forMs)
    this.#show(state({ untilMs: clock.wallMs() + forMs }))
  }

  #end(state: HelpState): void {
    this.#cancelEnd()
    this.#wish = undefined
    this.#show(state)
  }

  #show(state: HelpState): void {
    this.#state = state
    for (const listener of this.#listeners) listener(state)
  }
}
