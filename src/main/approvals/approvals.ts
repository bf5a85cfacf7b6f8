import { HandholdError } from '#protocol/errors.ts'
import { approvalsReplySchema, type WaitingApproval } from '#protocol/unattended/http.ts'
import type { Credentials } from '../auth/auth.ts'
import { requestRelay } from '../relay-client/http.ts'
import { relayList } from '../relay-client/relay-list.ts'
import { type ReadableState, State } from '../state.ts'

export interface Approvals {
  /** What waits for this person, the most urgent first. */
  readonly state: ReadableState<WaitingApproval[]>
  /** Asks the relay. Never rejects: what can't be read now is read at the relay's next word of it. */
  load(): Promise<void>
  /** A session's; a run is answered where it is read. */
  answer(sessionId: string, approve: boolean): Promise<void>
  clear(): void
}

/** Unattended sessions and runs of scripts of others that take a second person. */
export function setupApprovals(credentials: ReadableState<Credentials | undefined>): Approvals {
  const state = new State<WaitingApproval[]>([])
  const load = relayList({
    credentials,
    state,
    path: '/v1/approvals',
    reply: approvalsReplySchema,
    rowsOf: ({ approvals, runs }) => [...approvals, ...runs],
    name: 'What waits for approval',
  })

  return {
    state,
    load,
    async answer(sessionId, approve) {
      const current = credentials.get()
      if (!current) throw new HandholdError('unauthenticated', 'Sign in to answer.')
      const path = `/v1/approvals/${sessionId}`
      try {
        await requestRelay(current.origin, { method: 'POST', path, body: { approve }, token: current.token })
      } finally {
        // Also where somebody else was first.
        await load()
      }
    },
    clear: () => state.set([]),
  }
}
