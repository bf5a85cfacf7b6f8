import type { z } from 'zod'
import type { AuthState } from '#ipc/operator.ts'
import { HandholdError } from '#protocol/errors.ts'
import { meReplySchema, signInReplySchema } from '#protocol/http.ts'
import { type SecondFactorAnswer, signInAnswerSchema, stepUpReplySchema } from '#protocol/identity-http.ts'
import { requestRelay } from '../relay-client/http.ts'
import { parseRelayUrl } from '../relay-client/relay-url.ts'
import type { SettingsFile } from '../settings/settings.ts'
import type { SecretStore } from '../shell/shell.ts'
import { type ReadableState, State } from '../state.ts'
import { type BrowserFlow, type BrowserSignInParts, beginInBrowser } from './browser-sign-in.ts'

const TOKEN_SECRET = 'operator-token'

type SignInReply = z.infer<typeof signInReplySchema>

/** The signed-in operator. Only main ever holds the token. */
export interface Credentials {
  readonly origin: string
  readonly token: string
}

export interface AuthDependencies {
  readonly secrets: SecretStore
  readonly settings: SettingsFile
  readonly browser: BrowserSignInParts
}

export interface Auth {
  readonly state: ReadableState<AuthState>
  readonly credentials: ReadableState<Credentials | undefined>
  /** Ends in `signed-in`, or in `second-factor` for somebody who has an authenticator app. */
  signIn(input: { relayUrl: string; email: string; password: string }): Promise<void>
  /** The second step. A wrong code leaves everything as it is. */
  finishSignIn(answer: SecondFactorAnswer): Promise<void>
  /** Opens the system's browser; ends in `browser`. Without an address the relay's own page asks for a passkey. */
  beginInBrowser(input: { relayUrl: string; email: string | null }): Promise<void>
  finishInBrowser(code: string): Promise<void>
  /** The same for somebody who is signed in, to prove who they are. Changes nothing but when they last did. */
  beginProof(isSso: boolean): Promise<void>
  finishProof(code: string): Promise<void>
  cancelSignIn(): Promise<void>
  /** Forgets the token here even if the relay can't be told. */
  signOut(): Promise<void>
  /** The relay refused the token. */
  expire(): Promise<void>
  /** Takes up the sign-in of the last run, if it still holds. */
  restore(): Promise<void>
}

export function setupAuth({ secrets, settings, browser }: AuthDependencies): Auth {
  const state = new State<AuthState>({ name: 'restoring' })
  const credentials = new State<Credentials | undefined>(undefined)

  /** A sign-in whose second step is still to come. */
  let half: { readonly origin: string; readonly ticket: string } | undefined
  /** What the system's browser is at. */
  let inBrowser: { readonly origin: string; readonly flow: BrowserFlow } | undefined

  function forgetBrowser(): void {
    inBrowser?.flow.stop()
    inBrowser = undefined
  }

  async function complete(origin: string, { token, user, organisation }: SignInReply): Promise<void> {
    half = undefined
    forgetBrowser()
    await secrets.set(TOKEN_SECRET, token)
    state.set({ name: 'signed-in', relayUrl: origin, user, organisation })
    credentials.set({ origin, token })
  }

  async function showSignedOut(): Promise<void> {
    half = undefined
    forgetBrowser()
    credentials.set(undefined)
    state.set({ name: 'signed-out', ...(await settings.read()) })
  }

  async function forget(): Promise<void> {
    await secrets.delete(TOKEN_SECRET)
    await showSignedOut()
  }

  return {
    state,
    credentials,

    async signIn({ relayUrl, email, password }) {
      const origin = parseRelayUrl(relayUrl)
      const reply = await requestRelay(origin, {
        method: 'POST',
        path: '/v1/sign-in',
        body: { email: email.trim(), password },
        reply: signInAnswerSchema,
      })
      await settings.write({ lastRelayUrl: origin, lastEmail: email.trim() })
      if (!('secondFactor' in reply)) return complete(origin, reply)
      half = { origin, ticket: reply.secondFactor.ticket }
      state.set({ name: 'second-factor', relayUrl: origin, email: email.trim() })
    },

    async finishSignIn(answer) {
      if (!half) throw new HandholdError('sign-in-failed', 'This sign-in is over. Start again with the password.')
      const { origin, ticket } = half
      const body = { ...answer, ticket }
      const path = '/v1/sign-in/second-factor'
      await complete(origin, await requestRelay(origin, { method: 'POST', path, body, reply: signInReplySchema }))
    },

    async beginInBrowser({ relayUrl, email }) {
      const origin = parseRelayUrl(relayUrl)
      const address = email?.trim() ?? null
      forgetBrowser()
      const flow = await beginInBrowser(origin, address, browser)
      const own = { origin, flow }
      inBrowser = own
      const { lastEmail } = await settings.read()
      await settings.write({ lastRelayUrl: origin, lastEmail: address ?? lastEmail })
      state.set({ name: 'browser', relayUrl: origin, isDone: false })
      flow.isDone.then(
        () => inBrowser === own && state.set({ name: 'browser', relayUrl: origin, isDone: true }),
        // Refused there: whoever types a code hears why, and may start again.
        () => undefined,
      )
    },

    async finishInBrowser(code) {
      if (!inBrowser) throw browserOver()
      const { origin, flow } = inBrowser
      await complete(origin, await flow.redeem(code))
    },

    async beginProof(isSso) {
      const current = credentials.get()
      const signedIn = state.get()
      if (!current || signedIn.name !== 'signed-in') throw browserOver()
      forgetBrowser()
      const flow = await beginInBrowser(current.origin, isSso ? signedIn.user.email : null, browser)
      inBrowser = { origin: current.origin, flow }
    },

    async finishProof(code) {
      const token = credentials.get()?.token
      if (!inBrowser || token === undefined) throw browserOver()
      const { origin, flow } = inBrowser
      const body = { browser: { ticket: flow.ticket, code } }
      await requestRelay(origin, { method: 'POST', path: '/v1/me/step-up', token, body, reply: stepUpReplySchema })
      forgetBrowser()
    },

    cancelSignIn: showSignedOut,

    async signOut() {
      const current = credentials.get()
      await forget()
      if (!current) return
      try {
        await requestRelay(current.origin, { method: 'POST', path: '/v1/sign-out', token: current.token })
      } catch (thrown) {
        // The token is gone from here; at the relay it ends by itself within the hour.
        console.error(`Signed out here only: ${(thrown as Error).message}`)
      }
    },

    expire: forget,

    async restore() {
      const { lastRelayUrl } = await settings.read()
      const token = await secrets.get(TOKEN_SECRET)
      if (!token || !lastRelayUrl) return showSignedOut()
      try {
        const me = await requestRelay(lastRelayUrl, { method: 'GET', path: '/v1/me', token, reply: meReplySchema })
        state.set({ name: 'signed-in', relayUrl: lastRelayUrl, ...me })
        credentials.set({ origin: lastRelayUrl, token })
      } catch (thrown) {
        // Only the relay's own "no" forgets the token; a relay that is away for a moment doesn't.
        if (thrown instanceof HandholdError && thrown.code === 'unauthenticated') return forget()
        return showSignedOut()
      }
    },
  }
}

const browserOver = () => new HandholdError('sign-in-failed', 'This sign-in is over. Start again.')
