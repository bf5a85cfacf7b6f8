import { HandholdError } from '#protocol/errors.ts'

const KEY = /^[\x21-\x7e]{1,128}$/

/** The `Idempotency-Key` of a request; null without one. Throws `bad-request` for what can't be one. */
export function idempotencyKeyOf(header: string | string[] | undefined): string | null {
  if (header === undefined) return null
  if (typeof header === 'string' && KEY.test(header)) return header
  throw new HandholdError('bad-request', 'Idempotency-Key: 1 to 128 printable ASCII characters without spaces, once.')
}
