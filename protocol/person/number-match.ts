import { base64url } from 'jose'
import { z } from 'zod'
import { nonceSchema } from '../keys.ts'

/** What the operator's app keeps until the device has said its nonce, and what of it goes with the request. */
export const matchSecretSchema = nonceSchema
export const matchCommitmentSchema = nonceSchema

const LEAST = 10
const NUMBERS = 90
const CHOICES = 3

export interface MatchInput {
  readonly sessionId: string
  /** The operator's session key, as the side that asks knows it: a relay that puts another key in the middle gets other numbers. */
  readonly operatorKeyThumbprint: string
  readonly agentNonce: string
  readonly operatorSecret: string
}

export interface NumberMatch {
  /** The one that the operator reads out. */
  readonly right: number
  /** What the person sees, in the order of the numbers; `right` is one of them. */
  readonly choices: readonly number[]
}
export const numberMatchSchema = z.object({
  right: z.number().int(),
  choices: z.array(z.number().int()).length(CHOICES).readonly(),
})

/** Sent with the request, before the device has chosen anything: what the secret is can't be changed after it. */
export const commitmentTo = (secret: string): Promise<string> =>
  digest(`handhold number commitment\n${secret}`).then(base64url.encode)

/**
 * The numbers of one request. Both sides compute them; the relay knows nothing early enough to choose them: the secret is committed before the
 * nonce is known, and the nonce is said before the secret is.
 */
export async function numberMatch(input: MatchInput): Promise<NumberMatch> {
  const { sessionId, operatorKeyThumbprint, agentNonce, operatorSecret } = input
  const bytes = await digest(
    ['handhold number', sessionId, operatorKeyThumbprint, agentNonce, operatorSecret].join('\n'),
  )
  const found = new Set<number>()
  for (let at = 0; found.size < CHOICES; at = (at + 2) % (bytes.length - 1)) {
    const wide = (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0)
    let number = LEAST + (wide % NUMBERS)
    // The next free one: three different numbers, whatever the digest is.
    while (found.has(number)) number = number + 1 < LEAST + NUMBERS ? number + 1 : LEAST
    found.add(number)
  }
  const [right = LEAST] = found
  return { right, choices: [...found].toSorted((one, other) => one - other) }
}

async function digest(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
}
