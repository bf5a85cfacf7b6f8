import { z } from 'zod'
import {
  assignmentBodySchema,
  assignmentReplySchema,
  assignmentsQuerySchema,
  assignmentsReplySchema,
} from '#protocol/policy/http.ts'
import type { Services } from '../../services.ts'
import { PagedList } from '../page.ts'
import { memberRoute } from '../route.ts'

const list = new PagedList('assignments', z.tuple([z.string()]))

/** GET /v1/assignments */
export const assignments = (services: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/assignments',
    access: { authn: 'bearer', authz: 'manage-policy', limitPerMinute: 300, stepUp: false, apiKey: null },
    query: assignmentsQuerySchema,
    reply: assignmentsReplySchema,
    handle: async ({ query, login }) => {
      const { userId, groupId, roleId } = query
      const all = await services.assignments.list(login.principal)
      const isWanted = (row: (typeof all)[number]) =>
        isEither(userId, row.userId) && isEither(groupId, row.groupId) && isEither(roleId, row.roleId)
      const { rows, nextCursor } = list.ofAll(all.filter(isWanted), query, ({ id }) => [id])
      return { assignments: rows, nextCursor }
    },
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

const isEither = (wanted: string | undefined, found: string | null) => wanted === undefined || wanted === found
