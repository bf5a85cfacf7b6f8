import type { WireError } from '#protocol/errors.ts'

/** What may be told to the person about a call that main refused: its code and its words, which say the next step. */
export interface Refusal {
  readonly code: WireError['code'] | 'unknown'
  readonly message: string
}

const UNKNOWN: Refusal = {
  code: 'unknown',
  message: 'Something failed inside Handhold. Try again, or restart the app.',
}

/** Reads a rejected value. It has crossed a process boundary, so it may be an Error, a plain object or anything else. */
export function refusalOf(thrown: unknown): Refusal {
  if (typeof thrown !== 'object' || thrown === null) return UNKNOWN
  if (!('code' in thrown) || !('message' in thrown)) return UNKNOWN
  const { code, message } = thrown
  if (typeof code !== 'string' || typeof message !== 'string' || message === '') return UNKNOWN
  return { code: code as Refusal['code'], message: message.slice(0, 500) }
}
