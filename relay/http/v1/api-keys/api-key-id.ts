import { z } from 'zod'
import { apiKeyIdSchema } from '#protocol/ids.ts'
import type { Services } from '../../../services.ts'
import { memberRoute } from '../../route.ts'

/** DELETE /v1/api-keys/:apiKeyId */
export const revokeApiKey = ({ apiKeys }: Services) =>
  memberRoute({
    method: 'DELETE',
    url: '/v1/api-keys/:apiKeyId',
    access: { authn: 'bearer', authz: 'administrator', limitPerMinute: 60, stepUp: false, apiKey: null },
    params: z.object({ apiKeyId: apiKeyIdSchema }),
    handle: async ({ params, login }) => {
      await apiKeys.revoke(login.principal, params.apiKeyId)
      return undefined
    },
  })
