import { z } from 'zod'
import { sessionIdSchema } from '#protocol/ids.ts'
import { approvalBodySchema } from '#protocol/unattended/http.ts'
import type { Services } from '../../../services.ts'
import { memberRoute } from '../../route.ts'

/** POST /v1/approvals/:sessionId */
export const answerApproval = ({ approvals }: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/approvals/:sessionId',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 60, stepUp: false, apiKey: null },
    params: z.object({ sessionId: sessionIdSchema }),
    body: approvalBodySchema,
    handle: async ({ params, body, login }) => {
      await approvals.answer(login.principal, params.sessionId, body.approve)
      return undefined
    },
  })
