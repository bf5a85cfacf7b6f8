import { HandholdError } from '#protocol/errors.ts'
import { RECEIPT, type ReceiptClaims, type ReceiptDocument, sha256Of } from '#protocol/trust/receipt.ts'
import { readStatement, verifyStatement } from '#protocol/trust/signed.ts'
import { deviceActor } from '../audit.ts'
import type { Clock } from '../clock.ts'
import type { OperatorGateway } from '../gateways.ts'
import { rootGroupId } from '../policy/built-in.ts'
import type { Policies } from '../policy/policies.ts'
import type { Principal } from '../principal.ts'
import type { SessionRecord, Store, Writer } from '../store.ts'

export interface ReceiptsParts {
  readonly store: Store
  readonly clock: Clock
  readonly operators: OperatorGateway
  readonly policies: Policies
}

/** The relay's copies of what devices sign. It can lose them, but it can't make or change one. */
export class Receipts {
  readonly #parts: ReceiptsParts

  constructor(parts: ReceiptsParts) {
    this.#parts = parts
  }

  /**
   * Keeps a receipt together with its audit row and hands it to the operator. The same one again changes nothing.
   * Throws `not-found` for a session of another device, `session-closed` for none, `signature-invalid` or `pass-key-mismatch` for what its key didn't sign, and `bad-request`
   * for one that says something else than the session or than a kept one.
   */
  async keep(deviceId: string, sessionId: string, receipt: string): Promise<void> {
    const { store, clock, operators } = this.#parts
    const device = await store.read.device(deviceId)
    if (!device) throw notFound()
    const claims = await verifyStatement(RECEIPT, receipt, device.keyThumbprint)
    const hash = await sha256Of(receipt)
    const session = await store.write(async tx => {
      const present = await tx.session(sessionId)
      // A relay that was restored from a backup may have lost it, which is no reach for somebody else's.
      if (!present) throw new HandholdError('session-closed', 'This relay has no such session any more.')
      if (present.deviceId !== deviceId) throw notFound()
      requireFit(present, claims)
      if (!(await isNext(tx, claims, receipt))) return null
      const atMs = clock.nowMs()
      await tx.receipts.insert({ sessionId, number: claims.number, receipt, atMs })
      await tx.audit({
        organisationId: present.organisation.id,
        atMs,
        actor: deviceActor(deviceId),
        action: 'receipt.kept',
        subject: sessionId,
        detail: { number: claims.number, sha256: hash, ...said(claims) },
      })
      return present
    })
    if (session) operators.toUser(session.operator.id, { type: 'session.receipt', sessionId, receipt })
  }

  /** For the session's own operator and for whoever may read the audit. Throws `not-found`, also while there is none. */
  async document(principal: Principal, sessionId: string): Promise<ReceiptDocument> {
    const { store, policies } = this.#parts
    const session = await store.read.session(sessionId)
    if (session?.organisation.id !== principal.organisation.id) throw notFound()
    if (session.operator.id !== principal.user.id)
      await policies.require(principal, 'read-audit', rootGroupId(principal.organisation.id))
    const receipts = await store.read.receipts.ofSession(sessionId)
    const [first] = receipts
    if (first === undefined) throw notFound()
    const { key } = await readStatement(RECEIPT, first)
    return { handhold: 'receipt', version: 1, sessionId, deviceKey: key, receipts }
  }
}

/** The device signs what it was asked; what it was asked is what the relay wrote down. */
function requireFit(session: SessionRecord, claims: ReceiptClaims): void {
  const isFit =
    claims.sessionId === session.id &&
    claims.deviceId === session.deviceId &&
    claims.organisation.id === session.organisation.id &&
    claims.operator.id === session.operator.id &&
    (claims.kind === 'closing' || claims.operatorKeyThumbprint === session.operatorKeyThumbprint)
  if (!isFit) throw new HandholdError('bad-request', 'This receipt is for something else than its session.')
}

/** False for one that is kept already. */
async function isNext(tx: Writer, { sessionId, number }: ReceiptClaims, receipt: string): Promise<boolean> {
  const kept = await tx.receipts.ofSession(sessionId)
  if (kept[number - 1] === receipt) return false
  if (kept.length !== number - 1) throw new HandholdError('bad-request', `Receipt ${kept.length + 1} comes next.`)
  return true
}

const said = (claims: ReceiptClaims) =>
  claims.kind === 'answer'
    ? { answer: claims.answer, granted: claims.granted }
    : { reason: claims.reason, minutes: claims.minutes }

const notFound = () => new HandholdError('not-found', 'There is no such session, or it has no receipt yet.')
