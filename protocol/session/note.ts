import { z } from 'zod'
import { displayText } from '../text.ts'

export const SESSION_NOTE_MAX = 500
/** Its operator writes and changes it until so long after the end. */
export const SESSION_NOTE_MS = 24 * 3_600_000

const epochMs = z.number().int().nonnegative()

/** What the operator of a session says that came of it. `atMs` is when it was first written. */
export const sessionNoteSchema = z.object({ text: displayText(SESSION_NOTE_MAX), atMs: epochMs, changedAtMs: epochMs })
export type SessionNote = z.infer<typeof sessionNoteSchema>

/** PUT /v1/sessions/:sessionId/note. An empty text takes it away. */
export const sessionNoteBodySchema = z.strictObject({ text: displayText(SESSION_NOTE_MAX) })
export const sessionNoteReplySchema = z.object({ note: sessionNoteSchema.nullable() })
