import { HandholdError } from '#protocol/errors.ts'
import { type ReceiptClaims, receiptDocumentSchema } from '#protocol/trust/receipt.ts'
import { checkReceipts } from '#protocol/trust/receipt-check.ts'
import { EXIT, type Spoken } from './audit-words.ts'
import { readText } from './evidence.ts'
import { VerifyError } from './verify-error.ts'

/** Checks a saved receipt. `thumbprint` is the device's key, known from elsewhere. */
export async function checkReceiptFile(file: string, thumbprint: string | null): Promise<Spoken> {
  const document = receiptDocumentSchema.safeParse(parse(readText(file)))
  if (!document.success) throw new VerifyError(`${file} is no saved receipt.`)
  try {
    const checked = await checkReceipts(document.data)
    const lines = checked.claims.flatMap(receiptWords)
    const signed = `Signed by the device key ${checked.thumbprint}.`
    if (thumbprint !== null && thumbprint !== checked.thumbprint)
      return { lines: [...lines, '', signed, `That is NOT the expected key ${thumbprint}.`], code: EXIT.bad }
    const end = checked.isWhole ? [] : ['The closing receipt is missing: the end is not proven.']
    if (thumbprint === null)
      return {
        lines: [...lines, '', signed, 'Compare the key with the device’s: --key THUMBPRINT.', ...end],
        code: EXIT.unproven,
      }
    return { lines: [...lines, '', signed, ...end], code: checked.isWhole ? EXIT.good : EXIT.unproven }
  } catch (thrown) {
    if (!(thrown instanceof HandholdError)) throw thrown
    return { lines: [`BAD  ${thrown.message}`], code: EXIT.bad }
  }
}

function receiptWords(claims: ReceiptClaims): string[] {
  const at = new Date(claims.atMs).toISOString()
  if (claims.kind === 'closing') {
    const length = claims.minutes === null ? 'at an unknown time' : `after ${claims.minutes} minutes`
    return [`${at}  ended ${length}: ${claims.reason}`]
  }
  const { operator, organisation, reason, ticket, asked, granted, answer, durationMs, shown } = claims
  return [
    `Session ${claims.sessionId} on device ${claims.deviceId}`,
    `Asked by ${operator.name} <${operator.email}> of ${organisation.name} (${organisation.id})`,
    `Reason: ${reason}${ticket === null ? '' : ` [${ticket}]`}`,
    ...(shown === null ? [] : [`Shown (${shown.language}):`, ...shown.text.split('\n').map(line => `  | ${line}`)]),
    `${at}  asked for ${asked.join(', ')}: ${answer}${granted.length > 0 ? ` ${granted.join(', ')} for at most ${durationMs / 60_000} minutes` : ''}`,
  ]
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
