import { z } from 'zod'
import { deviceIdSchema, noteIdSchema } from '#protocol/ids.ts'
import type { Services } from '../../../../../services.ts'
import { memberRoute } from '../../../../route.ts'

/** DELETE /v1/devices/:deviceId/notes/:noteId */
export const removeDeviceNote = ({ deviceRecords }: Services) =>
  memberRoute({
    method: 'DELETE',
    url: '/v1/devices/:deviceId/notes/:noteId',
    access: { authn: 'bearer', authz: 'manage-devices', limitPerMinute: 60, stepUp: false, apiKey: 'devices:write' },
    params: z.object({ deviceId: deviceIdSchema, noteId: noteIdSchema }),
    handle: async ({ params, login }) => {
      await deviceRecords.removeNote(login.principal, params.deviceId, params.noteId)
      return undefined
    },
  })
