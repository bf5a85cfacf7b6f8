import type { EnrolmentTokenView } from '#protocol/enrolment-http.ts'

export type TokenState = 'usable' | 'revoked' | 'usedUp' | 'expired'

/** Why a token enrols nothing more, or that it does. */
export function tokenStateOf(token: Pick<EnrolmentTokenView, 'usable' | 'revokedAtMs' | 'usesLeft'>): TokenState {
  if (token.usable) return 'usable'
  if (token.revokedAtMs !== null) return 'revoked'
  return token.usesLeft === 0 ? 'usedUp' : 'expired'
}
