import { z } from 'zod'
import { sessionIdSchema } from '#protocol/ids.ts'
import { receiptDocumentSchema } from '#protocol/trust/receipt.ts'
import type { Services } from '../../../../services.ts'
import { memberRoute } from '../../../route.ts'

/** GET /v1/sessions/:sessionId/receipt */
export const sessionReceipt = ({ receipts }: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/sessions/:sessionId/receipt',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 120, stepUp: false, apiKey: 'audit:read' },
    params: z.object({ sessionId: sessionIdSchema }),
    reply: receiptDocumentSchema,
    handle: ({ params, login }) => receipts.document(login.principal, params.sessionId),
  })
