import { z } from 'zod'
import {
  enrolmentTokenBodySchema,
  enrolmentTokenReplySchema,
  enrolmentTokensQuerySchema,
  enrolmentTokensReplySchema,
} from '#protocol/enrolment-http.ts'
import type { Services } from '../../services.ts'
import { PagedList } from '../page.ts'
import { memberRoute } from '../route.ts'

const list = new PagedList('enrolment-tokens', z.tuple([z.number(), z.string()]))

/** GET /v1/enrolment-tokens */
export const enrolmentTokens = (services: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/enrolment-tokens',
    access: { authn: 'bearer', authz: 'manage-devices', limitPerMinute: 120, stepUp: false, apiKey: null },
    query: enrolmentTokensQuerySchema,
    reply: enrolmentTokensReplySchema,
    handle: async ({ query, login: { principal } }) => {
      const { groupId, usable } = query
      const all = await services.enrolmentTokens.list({ kind: 'person', principal })
      const isWanted = (token: (typeof all)[number]) =>
        (groupId === undefined || token.groupId === groupId) && (usable === undefined || token.usable === usable)
      const { rows, nextCursor } = list.ofAll(all.filter(isWanted), query, ({ createdAtMs, id }) => [-createdAtMs, id])
      return { tokens: rows, nextCursor }
    },
  })

/** POST /v1/enrolment-tokens */
export const createEnrolmentToken = (services: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/enrolment-tokens',
    access: { authn: 'bearer', authz: 'manage-devices', limitPerMinute: 60, stepUp: true, apiKey: null },
    body: enrolmentTokenBodySchema,
    reply: enrolmentTokenReplySchema,
    handle: ({ body, login: { principal } }) => services.enrolmentTokens.create({ kind: 'person', principal }, body),
  })
