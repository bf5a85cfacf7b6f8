import { thumbprintOf } from '#protocol/keys.ts'
import type { EndReason } from '#protocol/session/reasons.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import type { UnaskedCause } from '#protocol/session/unasked.ts'
import type { ReceiptAnswer, ReceiptDocument } from '#protocol/trust/receipt.ts'
import { checkReceipts } from '#protocol/trust/receipt-check.ts'
import type { ChatEntry } from '../receipts/chat-lines.ts'
import { type KeptReceipts, nameOf, ReceiptFiles } from '../receipts/receipt-files.ts'

/** One time that somebody asked for this device, as its receipts say. */
export interface Access {
  readonly sessionId: string
  readonly startedAtMs: number
  readonly operator: { readonly name: string; readonly email: string }
  readonly organisation: string
  readonly reason: string
  readonly ticket: string | null
  readonly answer: ReceiptAnswer
  /** Why nobody was asked; null where somebody was. */
  readonly unasked: UnaskedCause | null
  readonly granted: readonly Scope[]
  /** Asked for in a question that somebody answered, and never allowed. */
  readonly refused: readonly Scope[]
  /** Null where nothing was granted, or nobody knows. */
  readonly minutes: number | null
  readonly endReason: EndReason | null
  /** What was written in it. Not signed. */
  readonly chat: readonly ChatEntry[]
  /** What people can keep and have checked. */
  readonly document: ReceiptDocument
}

/** A file whose signatures don't hold: nothing that it says is shown as true. */
export interface BrokenAccess {
  readonly sessionId: string
  readonly startedAtMs: number
  readonly document: ReceiptDocument
  readonly problem: string
}

/** Every access that this device has receipts of, the newest first. */
export async function readAccesses(stateDir: string): Promise<(Access | BrokenAccess)[]> {
  const files = new ReceiptFiles(stateDir)
  const all = await files.all()
  return Promise.all(all.toReversed().map(async kept => accessOf(kept, await files.chats.read(nameOf(kept)))))
}

async function accessOf(kept: KeptReceipts, chat: readonly ChatEntry[]): Promise<Access | BrokenAccess> {
  const { handhold, version, sessionId, deviceKey, receipts, startedAtMs } = kept
  const document: ReceiptDocument = { handhold, version, sessionId, deviceKey, receipts }
  try {
    const { claims, thumbprint } = await checkReceipts(document)
    if (thumbprint !== (await thumbprintOf(deviceKey))) throw new Error('Another key signed it.')
    const answers = claims.filter(claim => claim.kind === 'answer')
    const [first] = answers
    if (!first) throw new Error('It doesn’t say what was answered.')
    const granted = new Set(answers.flatMap(claim => claim.granted))
    const asked = new Set(answers.filter(isAnswered).flatMap(claim => claim.asked))
    const closing = claims.find(claim => claim.kind === 'closing')
    return {
      ...{ sessionId, startedAtMs, document, chat },
      operator: first.operator,
      organisation: first.organisation.name,
      reason: first.reason,
      ticket: first.ticket,
      answer: first.answer,
      unasked: first.unasked ?? null,
      granted: [...granted],
      refused: [...asked].filter(scope => !granted.has(scope)),
      minutes: closing?.minutes ?? null,
      endReason: closing?.reason ?? null,
    }
  } catch (thrown) {
    const problem = thrown instanceof Error ? thrown.message : String(thrown)
    return { sessionId, startedAtMs, document, problem }
  }
}

/** By somebody, with yes or no. */
const isAnswered = ({ answer }: { readonly answer: ReceiptAnswer }) => answer === 'granted' || answer === 'denied'
