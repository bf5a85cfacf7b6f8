import { HandholdError } from '#protocol/errors.ts'
import type { AskedWords } from '#protocol/policy/settings.ts'
import type { EffectiveSettings } from '../policy/effective-settings.ts'

/** What operators say before they ask a device of this group for a session. */
export const askedWords = ({ reason, ticket }: Pick<EffectiveSettings, 'reason' | 'ticket'>): AskedWords => ({
  reason: reason.value,
  ticket: ticket.value,
})

/** Throws `bad-request` where a word is missing that the group wants, or is said that it doesn't. */
export function requireWords(
  asked: AskedWords,
  said: { readonly reason: string; readonly ticket: string | null },
): void {
  for (const name of ['reason', 'ticket'] as const) {
    const isSaid = (said[name] ?? '') !== ''
    if (asked[name] === 'required' && !isSaid)
      throw new HandholdError('bad-request', `A session with this device takes a ${name}.`)
    if (asked[name] === 'off' && isSaid)
      throw new HandholdError('bad-request', `A session with this device takes no ${name}.`)
  }
}
