import { HandholdError } from '#protocol/errors.ts'
import { CLOSE } from '#protocol/wire/envelope.ts'
import type { Actor } from '../domain/audit.ts'
import type { DeniedAttempts } from '../domain/denied-attempts.ts'

const STRIKES_MAX = 3
/** Refusals that an honest peer's races and delays don't lead to. */
const SUSPICIOUS = new Set([
  'not-found',
  'forbidden',
  'pass-invalid',
  'pass-key-mismatch',
  'pass-wrong-device',
  'pass-wrong-session',
  'proof-invalid',
  'signature-invalid',
])

export interface StrikesParts {
  readonly denied: DeniedAttempts
  readonly organisationId: string
  readonly actor: Actor
  readonly refuse: (error: HandholdError, closeCode: number) => void
}

/** Audits what a peer was refused, and closes with 4403 after the third time that it reached for what isn't its own. */
export class Strikes {
  readonly #parts: StrikesParts
  #count = 0

  constructor(parts: StrikesParts) {
    this.#parts = parts
  }

  /** Runs a handler; what it throws is thrown on. */
  async watch(type: string, sessionId: string, handle: () => Promise<void>): Promise<void> {
    try {
      await handle()
    } catch (thrown) {
      if (thrown instanceof HandholdError && SUSPICIOUS.has(thrown.code)) this.#strike(type, sessionId, thrown)
      throw thrown
    }
  }

  #strike(type: string, subject: string, { code }: HandholdError): void {
    const { denied, organisationId, actor, refuse } = this.#parts
    denied.record({ organisationId, actor, action: `${type}.denied`, subject, detail: { code } })
    // Only reaching for a session that isn't one's own counts; a refused pass is answered and audited each time.
    if (code !== 'not-found' || ++this.#count < STRIKES_MAX) return
    refuse(new HandholdError('forbidden', 'Too many messages for sessions that are not yours.'), CLOSE.forbidden)
  }
}
