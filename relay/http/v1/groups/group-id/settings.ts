import { z } from 'zod'
import { groupIdSchema } from '#protocol/ids.ts'
import { groupSettingsBodySchema, groupSettingsReplySchema } from '#protocol/policy/http.ts'
import type { Services } from '../../../../services.ts'
import { memberRoute } from '../../../route.ts'

/** GET /v1/groups/:groupId/settings */
export const groupSettings = (services: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/groups/:groupId/settings',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 300, stepUp: false, apiKey: 'devices:read' },
    params: z.object({ groupId: groupIdSchema }),
    reply: groupSettingsReplySchema,
    handle: ({ params, login }) => services.groupSettings.of(login.principal, params.groupId),
  })

/** PATCH /v1/groups/:groupId/settings */
export const changeGroupSettings = (services: Services) =>
  memberRoute({
    method: 'PATCH',
    url: '/v1/groups/:groupId/settings',
    access: { authn: 'bearer', authz: 'manage-policy', limitPerMinute: 120, stepUp: true, apiKey: null },
    params: z.object({ groupId: groupIdSchema }),
    body: groupSettingsBodySchema,
    handle: async ({ params, body, login }) => {
      await services.groupSettings.change(login.principal, params.groupId, body.set, body.inherit)
      return undefined
    },
  })
