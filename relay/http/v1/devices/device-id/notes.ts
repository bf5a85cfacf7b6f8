import { z } from 'zod'
import { deviceIdSchema, noteIdSchema } from '#protocol/ids.ts'
import { pageQuerySchema } from '#protocol/page-http.ts'
import { deviceNoteBodySchema, deviceNoteReplySchema, deviceNotesReplySchema } from '#protocol/records-http.ts'
import type { Services } from '../../../../services.ts'
import { PagedList } from '../../../page.ts'
import { memberRoute } from '../../../route.ts'

const params = z.object({ deviceId: deviceIdSchema })
const pages = new PagedList('device notes', z.tuple([z.number().int(), noteIdSchema]))

/** GET /v1/devices/:deviceId/notes, newest first */
export const deviceNotes = ({ deviceRecords }: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/devices/:deviceId/notes',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 300, stepUp: false, apiKey: 'devices:read' },
    params,
    query: pageQuerySchema,
    reply: deviceNotesReplySchema,
    handle: async ({ params: { deviceId }, query, login }) => {
      const found = await deviceRecords.notes(login.principal, deviceId, pages.after(query), query.limit + 1)
      const { rows, nextCursor } = pages.of(found, query, ({ atMs, id }) => [atMs, id])
      return { notes: rows, nextCursor }
    },
  })

/** POST /v1/devices/:deviceId/notes */
export const addDeviceNote = ({ deviceRecords }: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/devices/:deviceId/notes',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 60, stepUp: false, apiKey: 'devices:write' },
    params,
    body: deviceNoteBodySchema,
    reply: deviceNoteReplySchema,
    handle: ({ params: { deviceId }, body, login }) => deviceRecords.addNote(login.principal, deviceId, body.text),
  })
