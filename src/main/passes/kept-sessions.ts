import { z } from 'zod'
import { sessionIdSchema } from '#protocol/ids.ts'
import { keptSessionKeySchema } from '../sessions/session-key.ts'
import { keptWayInSchema } from '../sessions/unattended/way-in.ts'
import type { SecretStore } from '../shell/shell.ts'

const NAME = 'access-passes'
/** Passes live for a quarter of an hour; nobody has more of them at once. */
const KEPT_MAX = 20

const keptSessionSchema = z.object({
  origin: z.string(),
  sessionId: sessionIdSchema,
  /** When the last pass of this session that was handed out dies. */
  expiresAtMs: z.number().int(),
  key: keptSessionKeySchema,
  wayIn: keptWayInSchema,
})
export type KeptSession = z.infer<typeof keptSessionSchema>

export interface KeptSessions {
  /** Replaces what was kept of the session. */
  keep(session: KeptSession): Promise<void>
  find(origin: string, sessionId: string): Promise<KeptSession | undefined>
}

/**
 * The keys of sessions that a pass was handed out for, where the operating system keeps secrets: the app may be closed until the pass is opened, and without
 * the key the pass is worth nothing. They go when the pass has run out.
 */
export function setupKeptSessions(secrets: SecretStore, nowMs: () => number): KeptSessions {
  let tail: Promise<unknown> = Promise.resolve()
  /** One after the other, so that two at once don't overwrite each other. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = tail.then(work)
    tail = result.catch(() => undefined)
    return result
  }

  async function read(): Promise<KeptSession[]> {
    const parsed = z.array(keptSessionSchema).safeParse(parseJson(await secrets.get(NAME)))
    return (parsed.data ?? []).filter(({ expiresAtMs }) => expiresAtMs > nowMs())
  }

  const write = (kept: readonly KeptSession[]) =>
    kept.length > 0 ? secrets.set(NAME, JSON.stringify(kept)) : secrets.delete(NAME)

  return {
    keep: session =>
      inTurn(async () => {
        const others = (await read()).filter(({ sessionId }) => sessionId !== session.sessionId)
        await write([session, ...others].slice(0, KEPT_MAX))
      }),
    find: (origin, sessionId) =>
      inTurn(async () => {
        const kept = await read()
        await write(kept)
        return kept.find(session => session.origin === origin && session.sessionId === sessionId)
      }),
  }
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '[]')
  } catch {
    return []
  }
}
