import { z } from 'zod'
import { sessionIdSchema } from '#protocol/ids.ts'
import { sessionNoteBodySchema, sessionNoteReplySchema } from '#protocol/session/note.ts'
import type { Services } from '../../../../services.ts'
import { memberRoute } from '../../../route.ts'

/** PUT /v1/sessions/:sessionId/note. Its operator's alone */
export const sessionNote = ({ sessionNotes }: Services) =>
  memberRoute({
    method: 'PUT',
    url: '/v1/sessions/:sessionId/note',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 60, stepUp: false, apiKey: 'sessions:write' },
    params: z.object({ sessionId: sessionIdSchema }),
    body: sessionNoteBodySchema,
    reply: sessionNoteReplySchema,
    handle: async ({ params, body, login }) => ({
      note: await sessionNotes.write(login.principal, params.sessionId, body.text),
    }),
  })
