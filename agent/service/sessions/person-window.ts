import type { ServiceToConsent } from '#protocol/consent.ts'
import { CONSENT_ARM_DELAY_MS } from '#protocol/limits.ts'
import type { EndReason } from '#protocol/session/reasons.ts'
import type { SessionRequest } from '#protocol/wire/agent.ts'
import type { ConsentWindow, ConsentWindowOptions } from '../../consent/consent-window.ts'
import type { Clock } from '../../links/clock.ts'

/** The window says "over" for a moment and then closes by itself; one that doesn't is closed. */
const FAREWELL_MS = 6_000

export interface WindowHandlers extends Pick<ConsentWindowOptions, 'onMessage' | 'onGone' | 'onLine'> {
  /** The person decides about another operator in the same window; or does no more. */
  readonly onOthersAsked?: (isAsked: boolean) => void
  /** Nobody is left in the session that was to be joined. */
  readonly onAlone?: () => void
}
type Said<Type extends ServiceToConsent['type']> = Omit<Extract<ServiceToConsent, { type: Type }>, 'type'>

export interface PersonWindowOptions extends WindowHandlers {
  readonly request: SessionRequest
  readonly clock: Clock
  /** When the person asked this operator for help, by their own device's word. */
  readonly helpAskedAtMs: number | null
  readonly open: (handlers: WindowHandlers) => ConsentWindow
}

/** The one window that the person has of a session: the question first, then the banner, then why it is over. */
export class PersonWindow {
  readonly #request: SessionRequest
  readonly #clock: Clock
  readonly #helpAskedAtMs: number | null
  readonly #window: ConsentWindow

  constructor({ request, clock, helpAskedAtMs, open, ...handlers }: PersonWindowOptions) {
    this.#request = request
    this.#clock = clock
    this.#helpAskedAtMs = helpAskedAtMs
    this.#window = open(handlers)
  }

  /** Resolves when it is gone. */
  get gone(): Promise<void> {
    return this.#window.gone
  }

  ask(): void {
    const helpAskedAtMs = this.#helpAskedAtMs
    this.#window.send({ type: 'ask', request: this.#request, armDelayMs: CONSENT_ARM_DELAY_MS, helpAskedAtMs })
  }

  /** Nobody is asked: the banner comes at once. */
  announce(): void {
    this.#window.send({ type: 'announce', request: this.#request })
  }

  showNumbers(choices: Said<'numbers'>['choices']): void {
    this.#window.send({ type: 'numbers', choices })
  }

  askFurther(question: Said<'ask-further'>): void {
    this.#window.send({ type: 'ask-further', ...question })
  }

  furtherOver(): void {
    this.#window.send({ type: 'further-over' })
  }

  showBanner(banner: Said<'banner'>): void {
    this.#window.send({ type: 'banner', ...banner })
  }

  showChat(chat: Said<'chat'>['chat']): void {
    this.#window.send({ type: 'chat', chat })
  }

  /** Its last word. */
  async sayOver(reason: EndReason): Promise<void> {
    this.#window.send({ type: 'over', reason })
    const cancelKill = this.#clock.setTimer(() => this.#window.kill(), FAREWELL_MS)
    await this.#window.gone
    cancelKill()
  }

  kill(): void {
    this.#window.kill()
  }
}
