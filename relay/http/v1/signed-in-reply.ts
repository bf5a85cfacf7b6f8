import type { SignedIn } from '../../domain/identity/logins.ts'

/** A complete sign-in, as every way of signing in answers it. */
export const signedInReply = ({ token, principal: { user, organisation } }: SignedIn) => ({ token, user, organisation })
