import { auditQuerySchema, auditReplySchema } from '#protocol/http.ts'
import { rootGroupId } from '../../domain/policy/built-in.ts'
import type { Services } from '../../services.ts'
import { memberRoute } from '../route.ts'

/** GET /v1/audit */
export const audit = ({ read, policies }: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/audit',
    access: { authn: 'bearer', authz: 'read-audit', limitPerMinute: 120, stepUp: false, apiKey: 'audit:read' },
    query: auditQuerySchema,
    reply: auditReplySchema,
    handle: async ({ query, login: { principal } }) => {
      const { id } = principal.organisation
      // The audit is the whole organisation's: having the right in one group isn't enough.
      await policies.require(principal, 'read-audit', rootGroupId(id))
      return { entries: await read.auditRows(id, query.before, query.limit, query) }
    },
  })
