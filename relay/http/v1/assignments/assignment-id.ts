import { z } from 'zod'
import { assignmentIdSchema } from '#protocol/ids.ts'
import type { Services } from '../../../services.ts'
import { memberRoute } from '../../route.ts'

/** DELETE /v1/assignments/:assignmentId */
export const deleteAssignment = (services: Services) =>
  memberRoute({
    method: 'DELETE',
    url: '/v1/assignments/:assignmentId',
    access: { authn: 'bearer', authz: 'manage-policy', limitPerMinute: 120, stepUp: true, apiKey: null },
    params: z.object({ assignmentId: assignmentIdSchema }),
    handle: async ({ params, login }) => {
      await services.assignments.remove(login.principal, params.assignmentId)
      return undefined
    },
  })
