import { approvalsReplySchema } from '#protocol/unattended/http.ts'
import type { Services } from '../../services.ts'
import { memberRoute } from '../route.ts'

/** GET /v1/approvals */
export const approvals = ({ approvals, runApprovals }: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/approvals',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 60, stepUp: false, apiKey: null },
    reply: approvalsReplySchema,
    handle: async ({ login: { principal } }) => ({
      approvals: await approvals.list(principal),
      runs: await runApprovals.waiting(principal),
    }),
  })
