import { HandholdError } from '#protocol/errors.ts'
import { CONSENT_ARM_DELAY_MS, CONSENT_TIMEOUT_MS, MINUTE_MS } from '#protocol/limits.ts'
import type { SessionRequest } from '#protocol/wire/agent.ts'
import type { OrganisationView } from '#protocol/wire/views.ts'
import type { ConsentWindow } from '../../consent/consent-window.ts'
import type { Clock } from '../../links/clock.ts'
import type { DeskState } from '../../platform/platform.ts'
import type { Logger } from '../log.ts'
import { ConsentDecision, type ConsentOutcome } from '../sessions/consent-decision.ts'
import type { Denials } from '../sessions/denials.ts'
import type { WindowHandlers } from '../sessions/person-window.ts'
import type { DeviceRun } from './device-run.ts'

export interface ScriptPersonParts {
  readonly clock: Clock
  readonly log: Logger
  readonly organisation: OrganisationView
  readonly denials: Denials
  readonly readDesk: () => Promise<DeskState>
  /** Somebody could sit in front of this device. */
  readonly hasDisplay: boolean
  readonly openWindow: (handlers: WindowHandlers) => ConsentWindow
}

/** Whoever is signed in where a script is to run: asked, or told, as the policy says; either way they can end it as long as it runs. */
export class ScriptPerson {
  readonly #parts: ScriptPersonParts

  constructor(parts: ScriptPersonParts) {
    this.#parts = parts
  }

  /** Resolves when the script may begin. Rejects with `forbidden` for a "no", `timeout` for no answer, and `tool-unavailable` where nothing can be shown. */
  async agree(run: DeviceRun): Promise<void> {
    const { readDesk, hasDisplay, denials } = this.#parts
    const desk = await readDesk()
    if (desk === 'nobody' || (desk === 'unknown' && !hasDisplay)) return
    const { person } = run.claims
    if (person === 'ask' && desk === 'locked')
      throw new HandholdError('forbidden', 'The screen of the device is locked, so nobody could be asked.')
    if (person === 'ask' && denials.blockedUntilMs(run.order.operatorId) !== null)
      throw new HandholdError('asked-too-often', 'The person has refused this operator three times. Ask later.')
    return person === 'ask' ? this.#ask(run) : this.#tell(run)
  }

  async #ask(run: DeviceRun): Promise<void> {
    const { clock, denials } = this.#parts
    const request = this.#requestOf(run)
    const outcome = await new Promise<ConsentOutcome>(resolve => {
      const ask = () =>
        window.send({
          type: 'ask',
          request,
          armDelayMs: CONSENT_ARM_DELAY_MS,
          helpAskedAtMs: null,
          script: nameOf(run),
        })
      const decision = new ConsentDecision({
        clock,
        timeoutMs: CONSENT_TIMEOUT_MS,
        armDelayMs: CONSENT_ARM_DELAY_MS,
        askedScopes: request.scopes,
        isRightNumber: number => number === null,
        onShown: () => undefined,
        onTooEarly: () => ask(),
        onDecided: resolve,
      })
      const window = this.#open(run, {
        onMessage: message => decision.handle(message),
        onGone: why => decision.windowGone(why),
      })
      run.stopped.addEventListener('abort', () => decision.handle({ type: 'end' }))
      void run.ended.then(() => decision.cancel())
      ask()
      void run.begun.then(() => this.#showBanner(window, request))
    })
    if (outcome.accepted) return
    if (outcome.reason === 'denied' && !run.stopped.aborted) denials.record(run.order.operatorId)
    throw refusalOf(outcome)
  }

  /** The window has to be there before the script is: who can't be told isn't told. */
  #tell(run: DeviceRun): Promise<void> {
    return new Promise((resolve, reject) => {
      const window = this.#open(run, {
        onMessage: message => {
          if (message.type === 'ready') resolve()
          if (message.type === 'failed') reject(notShown(message.message))
        },
        onGone: why => reject(notShown(why)),
      })
      run.stopped.addEventListener('abort', () =>
        reject(new HandholdError('forbidden', 'It was ended before it began.')),
      )
      window.send({ type: 'tell', request: this.#requestOf(run), script: nameOf(run) })
    })
  }

  /** It goes with the script, and the script with it. */
  #open(run: DeviceRun, { onMessage, onGone }: Pick<WindowHandlers, 'onMessage' | 'onGone'>): ConsentWindow {
    const { openWindow, log } = this.#parts
    const window = openWindow({
      onMessage: message => {
        onMessage(message)
        if (message.type === 'end' || message.type === 'gone') run.stop()
      },
      onGone: why => {
        onGone(why)
        run.stop()
      },
      onLine: line => log.warn({ part: 'consent' }, line),
    })
    void run.ended.then(() => window.kill())
    return window
  }

  #showBanner(window: ConsentWindow, { scopes }: SessionRequest): void {
    const sinceMs = this.#parts.clock.wallMs()
    window.send({ type: 'banner', sinceMs, linkUp: true, scopes, isPaused: false, isRecording: false, watchers: [] })
  }

  /** As the window knows a request: who, from where, and what may be done. */
  #requestOf({ claims, order, operator }: DeviceRun): SessionRequest {
    return {
      sessionId: order.runId.replace(/^run/, 'ses'),
      operator,
      organisation: this.#parts.organisation,
      reason: order.reason,
      ticket: null,
      scopes: ['view', order.tool],
      operatorKeyThumbprint: claims.cnf.jkt,
      consentTimeoutMs: CONSENT_TIMEOUT_MS,
      durationMs: Math.max(MINUTE_MS, order.timeLimitS * 1000),
      matchCommitment: null,
    }
  }
}

const nameOf = ({ claims }: DeviceRun): string => claims.script.name

const notShown = (why: string) =>
  new HandholdError(
    'tool-unavailable',
    `Somebody is signed in at the device, and couldn’t be told: ${why}`.slice(0, 400),
  )

function refusalOf({ reason, why }: Extract<ConsentOutcome, { accepted: false }>): HandholdError {
  if (reason === 'denied') return new HandholdError('forbidden', 'The person at the device said no.')
  if (reason === 'consent-timeout') return new HandholdError('timeout', 'The person at the device didn’t answer.')
  return notShown(why)
}
