import { ask } from './relay.ts'

/** The token stays in this page's memory: closing the page or loading it anew forgets it. */
export interface SignedIn {
  readonly token: string
  readonly user: { readonly name: string; readonly email: string }
  readonly organisation: { readonly name: string }
}

export const signIn = (email: string, password: string) =>
  ask<SignedIn | { readonly secondFactor: { readonly ticket: string } }>('POST', '/v1/sign-in', { email, password })
