import { z } from 'zod'
import { invitationBodySchema, invitationReplySchema, invitationsReplySchema } from '#protocol/identity-http.ts'
import { pageQuerySchema } from '#protocol/page-http.ts'
import type { Services } from '../../services.ts'
import { PagedList } from '../page.ts'
import { memberRoute } from '../route.ts'

const list = new PagedList('invitations', z.tuple([z.number(), z.string()]))

/** GET /v1/invitations */
export const invitations = ({ invitations: service }: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/invitations',
    access: { authn: 'bearer', authz: 'administrator', limitPerMinute: 120, stepUp: false, apiKey: null },
    query: pageQuerySchema,
    reply: invitationsReplySchema,
    handle: async ({ query, login }) => {
      const all = await service.list(login.principal)
      const { rows, nextCursor } = list.ofAll(all, query, ({ createdAtMs, id }) => [-createdAtMs, id])
      return { invitations: rows, nextCursor }
    },
  })

/** POST /v1/invitations */
export const invite = ({ invitations: service }: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/invitations',
    access: { authn: 'bearer', authz: 'administrator', limitPerMinute: 60, stepUp: true, apiKey: null },
    body: invitationBodySchema,
    reply: invitationReplySchema,
    handle: ({ body, login }) => service.invite(login.principal, body.email, body.role),
  })
