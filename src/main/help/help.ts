import type { HelpQueue } from '#ipc/operator.ts'
import { HandholdError, toWireError } from '#protocol/errors.ts'
import { type HelpTaken, helpQueueReplySchema, helpTakenReplySchema } from '#protocol/help/http.ts'
import type { Credentials } from '../auth/auth.ts'
import { requestRelay } from '../relay-client/http.ts'
import { type ReadableState, State } from '../state.ts'

export interface Help {
  /** Who waits for help, the longest first. */
  readonly state: ReadableState<HelpQueue>
  /** Asks the relay. Never rejects: what went wrong is in the state. */
  load(): Promise<void>
  /** Whose code this is. It is used up by that. */
  redeem(code: string): Promise<HelpTaken>
  take(helpId: string): Promise<HelpTaken>
  clear(): void
}

const LOADING: HelpQueue = { status: 'loading', error: null, waiting: [] }

/** People at devices who ask for help. */
export function setupHelp(credentials: ReadableState<Credentials | undefined>): Help {
  const state = new State<HelpQueue>(LOADING)

  async function load(): Promise<void> {
    const current = credentials.get()
    if (!current) return
    const next = await requestRelay(current.origin, {
      method: 'GET',
      path: '/v1/help',
      token: current.token,
      reply: helpQueueReplySchema,
    }).then(
      ({ waiting }): HelpQueue => ({ status: 'ready', error: null, waiting }),
      // What was known is better than nothing, as long as it is said that it may be old.
      (thrown: unknown): HelpQueue => ({ ...state.get(), status: 'failed', error: toWireError(thrown) }),
    )
    if (credentials.get() === current) state.set(next)
  }

  async function post(path: string, body?: object): Promise<HelpTaken> {
    const current = credentials.get()
    if (!current) throw new HandholdError('unauthenticated', 'Sign in to help.')
    const { origin, token } = current
    const reply = helpTakenReplySchema
    return requestRelay(origin, { method: 'POST', path, token, reply, ...(body && { body }) })
  }

  return {
    state,
    load,
    redeem: code => post('/v1/help/code', { code }),
    // Also where somebody else was first the list is another one now.
    take: helpId => post(`/v1/help/${helpId}/take`).finally(load),
    clear: () => state.set(LOADING),
  }
}
