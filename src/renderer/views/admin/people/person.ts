import type { z } from 'zod'
import type { operatorsReplySchema } from '#protocol/identity-http.ts'
import { strings } from './strings.ts'

export type Person = z.infer<typeof operatorsReplySchema>['operators'][number]

/** What a person proves beside their password, in words. */
export function factorText({ totp, passkeys }: Pick<Person, 'totp' | 'passkeys'>): string {
  const parts = [...(totp ? [strings.app] : []), ...(passkeys > 0 ? [strings.passkeys(passkeys)] : [])]
  return parts.join(', ') || strings.noFactor
}
