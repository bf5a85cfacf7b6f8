import type { z } from 'zod'
import { HandholdError } from '#protocol/errors.ts'
import type { signInReplySchema } from '#protocol/http.ts'
import { ssoRedeemReplySchema, ssoStartReplySchema } from '#protocol/identity-http.ts'
import { requestRelay } from '../relay-client/http.ts'
import { isWebAddress } from '../relay-client/relay-url.ts'

/** How often the relay is asked how far the browser is. */
const ASK_EVERY_MS = 2_000

export interface BrowserSignInParts {
  readonly openInBrowser: (url: string) => Promise<void>
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>
}

/** One sign-in that the system's browser finishes. */
export interface BrowserFlow {
  readonly ticket: string
  /** Resolves once the browser is done and shows its code. Rejects when it failed, or when `stop` was called. */
  readonly isDone: Promise<void>
  /** Rejects with what the relay refused; a wrong code leaves everything as it is, for a few times. */
  redeem(code: string): Promise<z.infer<typeof signInReplySchema>>
  stop(): void
}

/** Begins at the relay and opens the browser. An address leads to its organisation's identity provider, none to the relay's own page. */
export async function beginInBrowser(
  origin: string,
  email: string | null,
  { openInBrowser, wait = pause }: BrowserSignInParts,
): Promise<BrowserFlow> {
  const path = email === null ? '/v1/sign-in/browser' : '/v1/sign-in/sso'
  const body = email === null ? {} : { body: { email } }
  const { url, ticket } = await requestRelay(origin, { method: 'POST', path, ...body, reply: ssoStartReplySchema })
  // What the relay says goes to the system: a page of the web and nothing else.
  if (!isWebAddress(url)) throw new HandholdError('bad-request', 'The relay named no web page to sign in at.')
  await openInBrowser(url)
  const over = new AbortController()
  const ask = (code?: string) =>
    requestRelay(origin, {
      method: 'POST',
      path: '/v1/sign-in/sso/redeem',
      body: { ticket, ...(code === undefined ? {} : { code }) },
      reply: ssoRedeemReplySchema,
    })
  const follow = async () => {
    for (;;) {
      await wait(ASK_EVERY_MS, over.signal)
      const answer = await ask().catch(whenAway)
      if (answer && 'state' in answer && answer.state === 'waiting-for-code') return
    }
  }
  const isDone = follow()
  isDone.catch(() => undefined)
  return {
    ticket,
    isDone,
    async redeem(code) {
      const answer = await ask(code)
      if (!('token' in answer))
        throw new HandholdError('sign-in-failed', 'The browser isn’t done yet. Finish there first.')
      over.abort()
      return answer
    },
    stop: () => over.abort(),
  }
}

/** A relay that is away for a moment, or asks to go slower, is asked again; what it refuses is over. */
function whenAway(thrown: unknown): undefined {
  if (thrown instanceof HandholdError && !['relay-unreachable', 'rate-limited'].includes(thrown.code)) throw thrown
}

const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(new HandholdError('sign-in-failed', 'This sign-in is over.'))
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, ms)
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
