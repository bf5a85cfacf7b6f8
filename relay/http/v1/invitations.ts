import { invitationBodySchema, invitationReplySchema, invitationsReplySchema } from '#protocol/identity-http.ts'
import type { Services } from '../../services.ts'
import { memberRoute } from '../route.ts'

/** GET /v1/invitations */
export const invitations = ({ invitations: service }: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/invitations',
    access: { authn: 'bearer', authz: 'administrator', limitPerMinute: 120, stepUp: false, apiKey: null },
    reply: invitationsReplySchema,
    handle: async ({ login }) => ({ invitations: await service.list(login.principal) }),
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
