import { z } from 'zod'
import { invitationIdSchema } from '#protocol/ids.ts'
import type { Services } from '../../../services.ts'
import { memberRoute } from '../../route.ts'

/** DELETE /v1/invitations/:invitationId */
export const revokeInvitation = ({ invitations }: Services) =>
  memberRoute({
    method: 'DELETE',
    url: '/v1/invitations/:invitationId',
    access: { authn: 'bearer', authz: 'administrator', limitPerMinute: 60, stepUp: false, apiKey: null },
    params: z.object({ invitationId: invitationIdSchema }),
    handle: async ({ params, login }) => {
      await invitations.revoke(login.principal, params.invitationId)
      return undefined
    },
  })
