import { Buffer } from 'node:buffer'
import type { EventPayload } from '#ipc/contract.ts'
import type { OperatorContract } from '#ipc/operator.ts'
import { HandholdError } from '#protocol/errors.ts'
import { type WatchView, watchesReplySchema, watchReplySchema } from '#protocol/tools/watch/http.ts'
import { type ShownPart, shownNoteSchema } from '#protocol/tools/watch/shown.ts'
import type { OperatorToRelay } from '#protocol/wire/operator.ts'
import type { Credentials } from '../auth/auth.ts'
import { requestRelay } from '../relay-client/http.ts'
import { relayList } from '../relay-client/relay-list.ts'
import { type ReadableState, State } from '../state.ts'
import { WatchKey } from './watch-key.ts'

export interface WatchesDependencies {
  readonly credentials: ReadableState<Credentials | undefined>
  readonly request: (message: OperatorToRelay) => Promise<void>
  readonly onShown: (shown: EventPayload<OperatorContract, 'watchShown'>) => void
}

export interface Watches {
  /** Sessions of others whose tools want this person. */
  readonly state: ReadableState<WatchView[]>
  /** Asks the relay. Never rejects: what can't be read now is read at its next word of it. */
  load(): Promise<void>
  begin(sessionId: string): Promise<{ watch: WatchView }>
  /** The person looks, at this moment. Rejects when the relay doesn't take it. */
  beat(sessionId: string): Promise<void>
  /** Idempotent. */
  end(sessionId: string): Promise<void>
  handleShown(sessionId: string, sealed: string): void
  clear(): void
}

interface Look {
  readonly key: WatchKey
  readonly agentNonce: string
  /** The last part of each helper that came with all before it. */
  readonly seen: { elevated: number; user: number }
  opened: Promise<void>
}

/** This person as the second one of somebody's tools. Keys stay in here; the window says only that somebody looks. */
export function setupWatches({ credentials, request, onShown }: WatchesDependencies): Watches {
  const state = new State<WatchView[]>([])
  const looks = new Map<string, Look>()

  const call = async <T>(run: (credentials: Credentials) => Promise<T>): Promise<T> => {
    const current = credentials.get()
    if (!current) throw new HandholdError('unauthenticated', 'Sign in to watch.')
    return run(current)
  }

  const load = relayList({
    credentials,
    state,
    path: '/v1/watches',
    reply: watchesReplySchema,
    rowsOf: ({ watches }) => watches,
    name: 'Whose tools want a second person',
  })

  async function take(sessionId: string, look: Look, sealed: string): Promise<void> {
    const { level, sequence, messages } = await look.key.open(sealed, sessionId)
    const isWhole = sequence === look.seen[level] + 1 || isFromStart(messages)
    if (isWhole) look.seen[level] = sequence
    onShown({
      sessionId,
      level,
      isBroken: !isWhole,
      messages: messages.map(message => Buffer.from(message).toString('base64')),
    })
  }

  return {
    state,
    load,
    begin: sessionId =>
      call(async ({ origin, token }) => {
        const key = await WatchKey.create()
        const body = { key: key.publicKey, sealKey: key.sealKey }
        const path = `/v1/sessions/${sessionId}/watch`
        const { watch, agentNonce } = await requestRelay(origin, {
          method: 'POST',
          path,
          body,
          token,
          reply: watchReplySchema,
        })
        looks.set(sessionId, { key, agentNonce, seen: { elevated: 0, user: 0 }, opened: Promise.resolve() })
        return { watch }
      }),
    async beat(sessionId) {
      const look = looks.get(sessionId)
      if (!look) throw new HandholdError('forbidden', 'You don’t watch this session.')
      const proof = await look.key.beat(sessionId, look.agentNonce, look.seen)
      await request({ type: 'watch.beat', sessionId, proof })
    },
    async end(sessionId) {
      if (!looks.delete(sessionId)) return
      await call(({ origin, token }) =>
        requestRelay(origin, { method: 'DELETE', path: `/v1/sessions/${sessionId}/watch`, token }),
      ).catch(() => undefined)
    },
    handleShown(sessionId, sealed) {
      const look = looks.get(sessionId)
      if (!look) return
      // In the order in which they came; what can't be opened isn't seen, and the device stops.
      look.opened = look.opened.then(() => take(sessionId, look, sealed)).catch(() => undefined)
    },
    clear() {
      looks.clear()
      state.set([])
    },
  }
}

function isFromStart([first]: ShownPart['messages']): boolean {
  if (!first || first[0] !== BRACE) return false
  try {
    const note = shownNoteSchema.safeParse(JSON.parse(Buffer.from(first).toString('utf8')))
    return note.data?.type === 'from-start'
  } catch {
    return false
  }
}
const BRACE = '{'.charCodeAt(0)
