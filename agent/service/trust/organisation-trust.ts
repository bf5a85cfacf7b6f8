import { HandholdError } from '#protocol/errors.ts'
import type { Ed25519PublicJwk } from '#protocol/keys.ts'
import { type RunVouched, verifyRunCertificate } from '#protocol/scripts/run-certificate.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import { verifyCertificate, verifyOperatorChain } from '#protocol/trust/strict/operator-chain.ts'
import { firstStanding, follow, isStrict, wordsOf } from '#protocol/trust/strict/standing.ts'
import type { SessionRequest } from '#protocol/wire/agent.ts'
import type { UserView } from '#protocol/wire/views.ts'
import type { Clock } from '../../links/clock.ts'
import type { Logger } from '../log.ts'
import { type HowPinned, type Pin, pinConfigured, readPin, withStanding, writePin } from './pin.ts'

export interface OrganisationTrustOptions {
  readonly stateDir: string
  /** Of this machine's configuration. */
  readonly configuredKey: Ed25519PublicJwk | undefined
  readonly clock: Pick<Clock, 'wallMs'>
  readonly log: Logger
}

/** Whom the organisation's key lets in at this device, whatever the relay says. */
export class OrganisationTrust {
  readonly #options: OrganisationTrustOptions
  #pin: Pin | undefined
  #tail: Promise<unknown> = Promise.resolve()
  #onChanged: () => void = () => undefined

  private constructor(options: OrganisationTrustOptions, pin: Pin | undefined) {
    this.#options = options
    this.#pin = pin
  }

  /** Rejects when what was pinned can't be read. */
  static async open(options: OrganisationTrustOptions): Promise<OrganisationTrust> {
    const { stateDir, configuredKey, clock } = options
    const kept = await readPin(stateDir)
    const pin = configuredKey ? pinConfigured(kept, configuredKey, clock.wallMs()) : kept
    if (pin && pin !== kept) await writePin(stateDir, pin)
    return new OrganisationTrust(options, pin)
  }

  /** Called whenever an order was taken. */
  onChanged(listener: () => void): void {
    this.#onChanged = listener
  }

  /**
   * One order that the relay hands on. The first one pins its key where none is known. Rejects with `signature-invalid`, `organisation-key-changed` or
   * `organisation-order-stale`, and with nothing changed. Durable when it resolves.
   */
  take(order: string, how: Extract<HowPinned, 'enrolment' | 'relay'>): Promise<void> {
    const result = this.#tail.then(() => this.#take(order, how))
    this.#tail = result.catch(() => undefined)
    return result
  }

  /** All of what an enrolment answered with. What isn't the pinned key's is no reason not to be enrolled: sessions are refused then. */
  async takeAll(orders: readonly string[], how: 'enrolment'): Promise<void> {
    for (const order of orders)
      await this.take(order, how).catch(thrown => {
        if (!isStale(thrown)) this.#options.log.error({ problem: messageOf(thrown) }, REFUSED)
      })
  }

  /**
   * The request as the organisation's key vouches for it: with the operator's name from the certificate, and no longer than that lives. Rejects with what
   * `verifyOperatorChain` throws. Where the organisation isn't strict it is the request itself.
   */
  async admit(request: SessionRequest, deviceId: string): Promise<SessionRequest> {
    const pin = this.#pin
    if (!pin || !isStrict(pin)) return request
    const nowMs = this.#options.clock.wallMs()
    try {
      const { operator, organisation, expiresAtMs } = await verifyOperatorChain(
        request.operatorChain,
        pin,
        { ...request, ...subjectOf(request), deviceId },
        nowMs,
      )
      return { ...request, operator, organisation, ...boundedBy(request, expiresAtMs - nowMs) }
    } catch (thrown) {
      this.#options.log.warn({ operator: request.operator.id, why: messageOf(thrown) }, 'not a certified operator')
      if (!(thrown instanceof HandholdError)) throw thrown
      throw new HandholdError(thrown.code, `The device refuses this operator. ${thrown.message}`)
    }
  }

  /** What is asked for within a session isn't in its endorsement; it has to be within the certificate all the same. Rejects as `admit` does. */
  async admitFurther({ operatorChain }: SessionRequest, scopes: readonly Scope[]): Promise<void> {
    const pin = this.#pin
    if (!pin || !isStrict(pin)) return
    const { claims } = await verifyCertificate(operatorChain?.certificate ?? '', pin, this.#options.clock.wallMs())
    if (scopes.some(scope => !claims.scopes.includes(scope)))
      throw new HandholdError('certificate-invalid', 'The device refuses: the operator is not certified for this.')
  }

  /** Who ordered a script, as the organisation's key certified them; null where the organisation isn't strict. Rejects as `admit` does. */
  async admitRun(run: RunVouched, certificate: string | undefined): Promise<UserView | null> {
    const pin = this.#pin
    if (!pin || !isStrict(pin)) return null
    return (await verifyRunCertificate(certificate, pin, run, this.#options.clock.wallMs())).operator
  }

  /**
   * Who watches a tool is the relay's word alone, and is shown what the tool shows: in a strict organisation nobody watches, and a tool that takes two
   * stays frozen. Throws `certificate-required` there.
   */
  admitSecondPerson(): void {
    if (this.#pin && isStrict(this.#pin))
      throw new HandholdError(
        'certificate-required',
        'The organisation takes certified operators only, and nobody can be certified as a second person yet.',
      )
  }

  async #take(text: string, how: HowPinned): Promise<void> {
    const { stateDir, clock, log } = this.#options
    const before = this.#pin
    const standing = before ? await follow(before, text) : await firstStanding(text)
    const isHandOver = before !== undefined && before.key.x !== standing.key.x
    const pin = withStanding(before, standing, isHandOver ? 'hand-over' : how, clock.wallMs())
    await writePin(stateDir, pin)
    this.#pin = pin
    log.info(
      { organisationKey: await wordsOf(pin.key), order: pin.order?.sequence, strict: isStrict(pin) },
      'the organisation’s key has spoken',
    )
    this.#onChanged()
  }
}

const subjectOf = ({ organisation, operator, operatorKeyThumbprint, unattended }: SessionRequest) => ({
  organisationId: organisation.id,
  operatorId: operator.id,
  sessionKeyThumbprint: operatorKeyThumbprint,
  unattended: unattended !== undefined,
})

function boundedBy({ durationMs, unattended }: SessionRequest, leftMs: number): Partial<SessionRequest> {
  const bounded = { durationMs: Math.min(durationMs, leftMs) }
  return unattended
    ? { ...bounded, unattended: { ...unattended, lengthMs: Math.min(unattended.lengthMs, leftMs) } }
    : bounded
}

const REFUSED =
  'An order of the organisation’s key was refused. Sessions wait for one by the key that this device expects.'

const isStale = (thrown: unknown): boolean =>
  thrown instanceof HandholdError && thrown.code === 'organisation-order-stale'

const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown))
