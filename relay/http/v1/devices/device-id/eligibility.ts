import { z } from 'zod'
import { deviceIdSchema } from '#protocol/ids.ts'
import { eligibilityQuerySchema, eligibilityReplySchema } from '#protocol/sessions-http.ts'
import type { Services } from '../../../../services.ts'
import { memberRoute } from '../../../route.ts'

/** GET /v1/devices/:deviceId/eligibility */
export const deviceEligibility = ({ eligibility }: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/devices/:deviceId/eligibility',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 300, stepUp: false, apiKey: 'devices:read' },
    params: z.object({ deviceId: deviceIdSchema }),
    query: eligibilityQuerySchema,
    reply: eligibilityReplySchema,
    handle: ({ params, query, login }) =>
      eligibility.of(login.principal, params.deviceId, query.operatorId, query.scopes),
  })
