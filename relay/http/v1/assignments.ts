import { assignmentBodySchema, assignmentReplySchema, assignmentsReplySchema } from '#protocol/policy/http.ts'
import type { Services } from '../../services.ts'
import { memberRoute } from '../route.ts'

/** GET /v1/assignments */
export const assignments = (services: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/assignments',
    access: { authn: 'bearer', authz: 'manage-policy', limitPerMinute: 300, stepUp: false, apiKey: null },
    reply: assignmentsReplySchema,
    handle: async ({ login }) => ({ assignments: await services.assignments.list(login.principal) }),
  })

/** POST /v1/assignments */
export const createAssignment = (services: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/assignments',
    access: { authn: 'bearer', authz: 'manage-policy', limitPerMinute: 120, stepUp: true, apiKey: null },
    body: assignmentBodySchema,
    reply: assignmentReplySchema,
    handle: ({ body, login }) => services.assignments.add(login.principal, body),
  })
