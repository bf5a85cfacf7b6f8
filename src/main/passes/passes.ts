import { decodeJwt } from 'jose'
import type { PassOpening } from '#ipc/operator.ts'
import { HandholdError, toWireError } from '#protocol/errors.ts'
import { openPassReplySchema } from '#protocol/http.ts'
import { passIdSchema } from '#protocol/ids.ts'
import { thumbprintOf } from '#protocol/keys.ts'
import { PASS, passClaimsSchema } from '#protocol/pass.ts'
import { PASS_FILE_ENDING, type PassFile, passLinkOf } from '#protocol/trust/access-pass.ts'
import type { SessionView } from '#protocol/wire/views.ts'
import type { Credentials } from '../auth/auth.ts'
import { requestRelay } from '../relay-client/http.ts'
import type { Session } from '../sessions/session.ts'
import { restoreSessionKey } from '../sessions/session-key.ts'
import type { Sessions } from '../sessions/sessions.ts'
import { WayIn } from '../sessions/unattended/way-in.ts'
import type { Shell } from '../shell/shell.ts'
import { type ReadableState, State } from '../state.ts'
import { type KeptSession, setupKeptSessions } from './kept-sessions.ts'
import { type Opening, oneAtATime, openingOf } from './openings.ts'
import { parsePassFile, readPassFile } from './pass-file.ts'

export interface PassesDependencies {
  readonly credentials: ReadableState<Credentials | undefined>
  readonly sessions: Sessions
  readonly shell: Pick<Shell, 'secrets' | 'saveFile'>
  readonly nowMs: () => number
}

export interface Passes {
  /** What was opened and waits for the person; null when there is nothing. */
  readonly opening: ReadableState<PassOpening | null>
  /** Writes a pass of this tab's session as a file. `name` is null where the person chose no place. */
  save(ticket: string): Promise<{ name: string | null }>
  link(ticket: string): Promise<{ link: string }>
  /** The arguments of a start, or what the system asks to open. Never throws: a refusal is the next opening. */
  handle(args: readonly string[], folder: string): void
  /** What is in files that the person let go over the window. Never throws either. */
  drop(texts: readonly string[]): void
  /** The person agrees: the session gets a tab. */
  accept(): Promise<{ ticket: string }>
  dismiss(): void
  /** What a session's next way in takes has changed. */
  rekeyed(session: Session): Promise<void>
}

/** Something to open, or the contents of a file that the window read. */
type Wanted = Opening | { readonly kind: 'contents'; readonly file: PassFile }

interface Offer {
  readonly view: SessionView
  readonly pass: string
  readonly kept: KeptSession
}

/** Access passes as files and links: handed out for a session of this app, and opened by it again, at a cold start too. */
export function setupPasses({ credentials, sessions, shell, nowMs }: PassesDependencies): Passes {
  const opening = new State<PassOpening | null>(null)
  const keptSessions = setupKeptSessions(shell.secrets, nowMs)
  let wanted: Wanted | undefined
  let offer: Offer | undefined

  credentials.subscribe(current => {
    offer = undefined
    if (wanted && current) void read(wanted, current)
    else if (opening.get()?.name !== 'waiting') opening.set(null)
  })

  function refuse(thrown: unknown): void {
    wanted = undefined
    opening.set({ name: 'refused', error: toWireError(thrown) })
  }

  function want(asked: Wanted): void {
    wanted = asked
    offer = undefined
    const current = credentials.get()
    if (current) void read(asked, current)
    else opening.set({ name: 'waiting' })
  }

  async function read(asked: Wanted, current: Credentials): Promise<void> {
    opening.set({ name: 'reading' })
    try {
      const found = await find(asked, current)
      // Something else was opened meanwhile, or somebody else signed in.
      if (wanted !== asked || credentials.get() !== current) return
      wanted = undefined
      offer = found.offer
      const { deviceName, reason, scopes } = found.offer.view
      opening.set({ name: 'offered', deviceName, reason, scopes, untilMs: found.expiresAtMs })
    } catch (thrown) {
      if (wanted === asked) refuse(thrown)
    }
  }

  async function find(asked: Wanted, { origin, token }: Credentials): Promise<{ offer: Offer; expiresAtMs: number }> {
    const passId = asked.kind === 'link' ? asked.passId : await idIn(await fileOf(asked), origin)
    const path = `/v1/passes/${passId}/open`
    const request = { method: 'POST', path, token, reply: openPassReplySchema } as const
    const { session: view, pass, expiresAtMs } = await requestRelay(origin, request)
    const kept = await keptSessions.find(origin, view.id)
    const { cnf } = passClaimsSchema.parse(decodeJwt(pass))
    if (!kept || (await thumbprintOf(kept.key)) !== cnf.jkt) throw notThisApps()
    return { offer: { view, pass, kept }, expiresAtMs }
  }

  /** What the file itself says is checked before the relay hears of it; the relay's own pass is what counts in the end. */
  async function idIn({ relay, pass }: PassFile, origin: string): Promise<string> {
    if (relay !== origin)
      throw new HandholdError(
        'pass-invalid',
        'This access pass is for another relay than the one you are signed in to.',
      )
    const claims = passClaimsSchema.safeParse(claimsIn(pass)).data
    const passId = passIdSchema.safeParse(claims?.jti).data
    if (!claims || !passId) throw new HandholdError(PASS.invalid.code, PASS.invalid.message)
    if (claims.exp * 1000 <= nowMs()) throw new HandholdError(PASS.expired.code, PASS.expired.message)
    const kept = await keptSessions.find(origin, claims.sid)
    if (!kept || (await thumbprintOf(kept.key)) !== claims.cnf.jkt) throw notThisApps()
    return passId
  }

  async function issue(ticket: string): Promise<{ pass: string; origin: string; sessionId: string }> {
    const { origin } = credentials.get() ?? {}
    if (origin === undefined) throw new HandholdError('unauthenticated', 'Sign in to get an access pass.')
    const session = sessions.find(ticket)
    const own = await session.keep()
    const { pass, expiresAtMs } = await session.issuePass()
    await keptSessions.keep({ origin, expiresAtMs, ...own })
    return { pass, origin, sessionId: own.sessionId }
  }

  return {
    opening,

    async save(ticket) {
      const { pass, origin, sessionId } = await issue(ticket)
      const file: PassFile = { handhold: 'access-pass', version: 1, relay: origin, pass }
      // The session's id is the only part of a name that no stranger chose.
      const suggestedName = `access-${sessionId}${PASS_FILE_ENDING}`
      const name = await shell.saveFile({ suggestedName, contents: `${JSON.stringify(file, null, 2)}\n` })
      return { name: name ?? null }
    },

    async link(ticket) {
      const { pass } = await issue(ticket)
      return { link: passLinkOf(passIdSchema.parse(decodeJwt(pass).jti)) }
    },

    handle(args, folder) {
      try {
        const asked = openingOf(args, folder)
        if (asked) want(asked)
      } catch (thrown) {
        refuse(thrown)
      }
    },

    drop([first = '', ...others]) {
      try {
        if (others.length > 0) throw oneAtATime()
        want({ kind: 'contents', file: parsePassFile(first) })
      } catch (thrown) {
        refuse(thrown)
      }
    },

    async accept() {
      if (!offer) throw new HandholdError('illegal-transition', 'There is no access pass to open any more.')
      const { view, pass, kept } = offer
      const [key, wayIn] = [await restoreSessionKey(kept.key), await WayIn.restore(kept.wayIn)]
      offer = undefined
      opening.set(null)
      return { ticket: sessions.adopt(view, { key, wayIn, pass }) }
    },

    dismiss() {
      wanted = undefined
      offer = undefined
      opening.set(null)
    },

    async rekeyed(session) {
      const { origin } = credentials.get() ?? {}
      const kept = origin === undefined ? undefined : await keptSessions.find(origin, session.id)
      if (kept) await keptSessions.keep({ ...kept, ...(await session.keep()) })
    },
  }
}

const fileOf = (asked: Exclude<Wanted, { kind: 'link' }>): PassFile | Promise<PassFile> =>
  asked.kind === 'contents' ? asked.file : readPassFile(asked.path)

function claimsIn(pass: string): unknown {
  try {
    return decodeJwt(pass)
  } catch {
    return undefined
  }
}

const notThisApps = () =>
  new HandholdError(
    'pass-key-mismatch',
    'This access pass was made for another app: it opens only where it was downloaded, by the same person. Ask for a session of your own.',
  )
