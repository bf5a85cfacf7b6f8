import { z } from 'zod'
import { enrolmentTokenRevokedSchema } from '#protocol/enrolment-http.ts'
import { enrolmentTokenIdSchema } from '#protocol/ids.ts'
import type { Services } from '../../../services.ts'
import { memberRoute } from '../../route.ts'

/** DELETE /v1/enrolment-tokens/:enrolmentTokenId; no step-up: who closes a leak must not be kept waiting. */
export const revokeEnrolmentToken = (services: Services) =>
  memberRoute({
    method: 'DELETE',
    url: '/v1/enrolment-tokens/:enrolmentTokenId',
    access: { authn: 'bearer', authz: 'manage-devices', limitPerMinute: 60, stepUp: false, apiKey: null },
    params: z.object({ enrolmentTokenId: enrolmentTokenIdSchema }),
    reply: enrolmentTokenRevokedSchema,
    handle: ({ params, login: { principal } }) =>
      services.enrolmentTokens.revoke({ kind: 'person', principal }, params.enrolmentTokenId),
  })
