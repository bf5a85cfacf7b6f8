import type { z } from 'zod'
import type { Credentials } from '../auth/auth.ts'
import type { ReadableState, State } from '../state.ts'
import { requestRelay } from './http.ts'

interface RelayListParts<Reply, Row> {
  readonly credentials: ReadableState<Credentials | undefined>
  readonly state: State<Row[]>
  readonly path: string
  readonly reply: z.ZodType<Reply>
  readonly rowsOf: (reply: Reply) => Row[]
  /** What it is, for the log. */
  readonly name: string
}

/**
 * Reads a list of the relay's into a state. Never rejects: what can't be read now is read at the relay's next word of it. Of several at once none takes the
 * place of what was asked for later.
 */
export function relayList<Reply, Row>(parts: RelayListParts<Reply, Row>): () => Promise<void> {
  const { credentials, state, path, reply, rowsOf, name } = parts
  let asked = 0
  let taken = 0
  return async () => {
    const current = credentials.get()
    if (!current) return
    const own = ++asked
    try {
      const { origin, token } = current
      const rows = rowsOf(await requestRelay(origin, { method: 'GET', path, token, reply }))
      if (credentials.get() !== current || own < taken) return
      taken = own
      state.set(rows)
    } catch (thrown) {
      console.error(`${name} could not be read: ${(thrown as Error).message}`)
    }
  }
}
