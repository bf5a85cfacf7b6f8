import type { SessionTab } from '#ipc/operator.ts'
import { HandholdError } from '#protocol/errors.ts'
import { type Ed25519PublicJwk, thumbprintOf } from '#protocol/keys.ts'
import { RECEIPT, RECEIPTS_PER_SESSION, type ReceiptClaims, type ReceiptDocument } from '#protocol/trust/receipt.ts'
import { checkReceipts } from '#protocol/trust/receipt-check.ts'
import { readStatement } from '#protocol/trust/signed.ts'
import type { SessionView } from '#protocol/wire/views.ts'

/** What the device signed about one session of this operator, as the relay passes it on. */
export class ReceivedReceipts {
  readonly #session: Pick<SessionView, 'id' | 'deviceId'>
  readonly #operatorKey: Ed25519PublicJwk
  readonly #expectDevice: () => Promise<Ed25519PublicJwk>
  #receipts: string[] = []
  #deviceKey: Ed25519PublicJwk | undefined
  #state: SessionTab['receipt'] = 'none'
  /** One after the other: the order is part of what they say. */
  #adding: Promise<void> = Promise.resolve()

  /** `expectDevice` says which key the device must have. */
  constructor(
    session: Pick<SessionView, 'id' | 'deviceId'>,
    operatorKey: Ed25519PublicJwk,
    expectDevice: () => Promise<Ed25519PublicJwk>,
  ) {
    this.#session = session
    this.#operatorKey = operatorKey
    this.#expectDevice = expectDevice
  }

  get state(): SessionTab['receipt'] {
    return this.#state
  }

  /** Never rejects: a receipt that isn't of this session, or doesn't follow the others, makes the whole of them broken. */
  add(text: string): Promise<void> {
    this.#adding = this.#adding.then(() => this.#add(text))
    return this.#adding
  }

  /** Throws `not-found` while there is nothing. */
  document(): ReceiptDocument {
    if (!this.#deviceKey)
      throw new HandholdError('not-found', 'The device has not sent its receipt yet. Wait a moment.')
    const { id: sessionId } = this.#session
    return { handhold: 'receipt', version: 1, sessionId, deviceKey: this.#deviceKey, receipts: this.#receipts }
  }

  async #add(text: string): Promise<void> {
    if (this.#receipts.includes(text) || this.#receipts.length >= RECEIPTS_PER_SESSION) return
    try {
      const { claims, key } = await readStatement(RECEIPT, text)
      if (!(await this.#isMine(claims))) throw new HandholdError('signature-invalid', 'It is for another session.')
      if (key.x !== (await this.#expectDevice()).x)
        throw new HandholdError('pass-key-mismatch', 'It was signed by another key than the device’s.')
      this.#deviceKey ??= key
      this.#receipts = [...this.#receipts, text]
      const { isWhole } = await checkReceipts(this.document())
      this.#state = isWhole ? 'whole' : 'some'
    } catch {
      this.#state = 'broken'
    }
  }

  async #isMine(claims: ReceiptClaims): Promise<boolean> {
    if (claims.sessionId !== this.#session.id || claims.deviceId !== this.#session.deviceId) return false
    return claims.kind === 'closing' || claims.operatorKeyThumbprint === (await thumbprintOf(this.#operatorKey))
  }
}
