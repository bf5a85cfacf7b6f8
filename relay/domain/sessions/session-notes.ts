import { HandholdError } from '#protocol/errors.ts'
import { isOver } from '#protocol/session/machine.ts'
import { SESSION_NOTE_MS, type SessionNote } from '#protocol/session/note.ts'
import { userActor } from '../audit.ts'
import type { Clock } from '../clock.ts'
import type { Principal } from '../principal.ts'
import type { SessionRecord, Store } from '../store.ts'
import type { SessionRequests } from './requests.ts'

export interface SessionNotesParts {
  readonly store: Store
  readonly clock: Clock
  readonly requests: Pick<SessionRequests, 'requireOwn'>
}

/** What an operator writes about a session of theirs: nobody else does, and they no longer than for a day after its end. */
export class SessionNotes {
  readonly #parts: SessionNotesParts

  constructor(parts: SessionNotesParts) {
    this.#parts = parts
  }

  /** An empty text takes the note away. Throws `not-found`, and `illegal-transition` when it is too late. */
  async write(principal: Principal, sessionId: string, text: string): Promise<SessionNote | null> {
    const { store, clock, requests } = this.#parts
    await requests.requireOwn(principal, sessionId)
    return store.write(async tx => {
      const session = await tx.session(sessionId)
      if (!session) throw new HandholdError('not-found', 'There is no such session of yours.')
      const nowMs = clock.nowMs()
      requireOpen(session, nowMs)
      const before = session.note
      const note = text === '' ? null : { text, atMs: before?.atMs ?? nowMs, changedAtMs: nowMs }
      if (note?.text === before?.text) return before
      await tx.setSessionNote(sessionId, note)
      await tx.audit({
        organisationId: session.organisation.id,
        atMs: nowMs,
        actor: userActor(principal.user),
        action: note ? 'session.noted' : 'session.note-removed',
        subject: sessionId,
        detail: note ? { characters: text.length, changed: before !== null } : {},
      })
      return note
    })
  }
}

function requireOpen({ state, stateSinceMs }: SessionRecord, nowMs: number): void {
  if (isOver(state) && nowMs - stateSinceMs > SESSION_NOTE_MS)
    throw new HandholdError(
      'illegal-transition',
      'A note can be changed for a day after the session. It stays as it is.',
    )
}
