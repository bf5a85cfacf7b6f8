import { z } from 'zod'
import { auditReplySchema } from '#protocol/http.ts'
import type { Services } from '../../services.ts'
import { memberRoute } from '../route.ts'

const querySchema = z.object({
  before: z.coerce.number().int().positive().default(Number.MAX_SAFE_INTEGER),
  limit: z.coerce.number().int().min(1).max(500).default(100),
})

/** GET /v1/audit?before=SEQUENCE&limit=N */
export const audit = ({ read }: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/audit',
    access: { authn: 'bearer', authz: 'administrator', limitPerMinute: 120, stepUp: false, apiKey: 'audit:read' },
    query: querySchema,
    reply: auditReplySchema,
    handle: async ({ query, login }) => ({
      entries: await read.auditRows(login.principal.organisation.id, query.before, query.limit),
    }),
  })
