import { z } from 'zod'
import { scriptIdSchema } from '#protocol/ids.ts'
import { scriptReplySchema } from '#protocol/scripts/http.ts'
import type { Services } from '../../../services.ts'
import { memberRoute } from '../../route.ts'

const params = z.object({ scriptId: scriptIdSchema })

/** POST /v1/scripts/:scriptId/approve */
export const approveScript = ({ scripts }: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/scripts/:scriptId/approve',
    access: { authn: 'bearer', authz: 'administrator', limitPerMinute: 30, stepUp: true, apiKey: null },
    params,
    reply: scriptReplySchema,
    handle: async ({ params: { scriptId }, login }) => ({ script: await scripts.approve(login.principal, scriptId) }),
  })

/** DELETE /v1/scripts/:scriptId */
export const removeScript = ({ scripts }: Services) =>
  memberRoute({
    method: 'DELETE',
    url: '/v1/scripts/:scriptId',
    access: { authn: 'bearer', authz: 'administrator', limitPerMinute: 30, stepUp: true, apiKey: null },
    params,
    handle: async ({ params: { scriptId }, login }) => {
      await scripts.remove(login.principal, scriptId)
      return undefined
    },
  })
