import { HandholdError } from '../errors.ts'
import { opens, RECEIPT, type ReceiptClaims, type ReceiptDocument, sha256Of } from './receipt.ts'
import { readStatement } from './signed.ts'

export interface CheckedReceipts {
  readonly claims: readonly ReceiptClaims[]
  /** The one key that signed all of them. */
  readonly thumbprint: string
  /** Whether the last one says how it ended; one that granted nothing needs no closing. */
  readonly isWhole: boolean
}

/**
 * Checks a session's receipts against each other: signatures of one key, one session, numbered without a gap, each with the hash of the one before, and
 * nothing after the closing one. Throws `signature-invalid` with what is wrong. Whose key it is, the caller has to know.
 */
export async function checkReceipts({ receipts, sessionId }: ReceiptDocument): Promise<CheckedReceipts> {
  const claims: ReceiptClaims[] = []
  let previous: string | null = null
  let thumbprint: string | undefined
  for (const [index, text] of receipts.entries()) {
    const number = index + 1
    const statement = await readStatement(RECEIPT, text).catch(() => fail(`Receipt ${number} has no valid signature.`))
    thumbprint ??= statement.thumbprint
    if (statement.thumbprint !== thumbprint) fail(`Receipt ${number} was signed by another key than the first one.`)
    const claim = statement.claims
    if (claim.sessionId !== sessionId) fail(`Receipt ${number} belongs to another session.`)
    if (claim.number !== number) fail(`Receipt ${number} is missing.`)
    if (claim.previous !== previous) fail(`Receipt ${number} doesn't follow the one before it.`)
    if (claims.at(-1)?.kind === 'closing') fail(`Receipt ${number} comes after the closing one.`)
    if (claim.kind === 'answer') await checkWords(claim, number)
    claims.push(claim)
    previous = await sha256Of(text)
  }
  if (thumbprint === undefined) fail('There is no receipt in it.')
  const hasGrant = claims.some(claim => claim.kind === 'answer' && opens(claim.answer))
  return { claims, thumbprint, isWhole: !hasGrant || claims.at(-1)?.kind === 'closing' }
}

async function checkWords(
  { shown, granted, asked, answer, unasked }: Extract<ReceiptClaims, { kind: 'answer' }>,
  number: number,
): Promise<void> {
  if (shown && (await sha256Of(shown.text)) !== shown.sha256) fail(`The text of receipt ${number} isn't the one shown.`)
  const isSubset = granted.every(scope => asked.includes(scope))
  if (!isSubset || opens(answer) !== granted.length > 0 || (answer === 'not-asked') !== (unasked !== undefined))
    fail(`Receipt ${number} grants what wasn't asked or answered.`)
}

function fail(message: string): never {
  throw new HandholdError('signature-invalid', message)
}
