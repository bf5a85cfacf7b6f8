import { operatorReplySchema } from '#protocol/http.ts'
import { invitationAcceptBodySchema } from '#protocol/identity-http.ts'
import type { Services } from '../../../services.ts'
import { openRoute } from '../../route.ts'

/** POST /v1/invitations/accept */
export const acceptInvitation = ({ invitations }: Services) =>
  openRoute({
    method: 'POST',
    url: '/v1/invitations/accept',
    access: { authn: 'body', authz: 'anyone', limitPerMinute: 30 },
    body: invitationAcceptBodySchema,
    reply: operatorReplySchema,
    handle: async ({ body: { token, name, password }, address }) => ({
      user: await invitations.accept(token, name, password, address),
    }),
  })
