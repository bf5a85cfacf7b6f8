import { z } from 'zod'
import { deviceIdSchema, scriptRunIdSchema } from '#protocol/ids.ts'
import {
  scriptOutputQuerySchema,
  scriptOutputReplySchema,
  scriptRunAnswerSchema,
  scriptRunReplySchema,
} from '#protocol/scripts/runs-http.ts'
import type { Services } from '../../../services.ts'
import { memberRoute } from '../../route.ts'

const params = z.object({ scriptRunId: scriptRunIdSchema })

/** GET /v1/script-runs/:scriptRunId */
export const readScriptRun = ({ scriptRuns }: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/script-runs/:scriptRunId',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 120, stepUp: false, apiKey: null },
    params,
    reply: scriptRunReplySchema,
    handle: async ({ params, login }) => ({ run: await scriptRuns.view(login.principal, params.scriptRunId) }),
  })

/** POST /v1/script-runs/:scriptRunId/cancel */
export const cancelScriptRun = ({ scriptRuns }: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/script-runs/:scriptRunId/cancel',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 60, stepUp: false, apiKey: null },
    params,
    reply: scriptRunReplySchema,
    handle: async ({ params, login }) => ({ run: await scriptRuns.cancel(login.principal, params.scriptRunId) }),
  })

/** POST /v1/script-runs/:scriptRunId/answer */
export const answerScriptRun = ({ runApprovals }: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/script-runs/:scriptRunId/answer',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 60, stepUp: true, apiKey: null },
    params,
    body: scriptRunAnswerSchema,
    handle: async ({ params, body, login }) => {
      await runApprovals.answer(login.principal, params.scriptRunId, body.approve)
      return undefined
    },
  })

/** GET /v1/script-runs/:scriptRunId/devices/:deviceId/output */
export const readScriptOutput = ({ scriptRuns }: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/script-runs/:scriptRunId/devices/:deviceId/output',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 240, stepUp: false, apiKey: null },
    params: params.extend({ deviceId: deviceIdSchema }),
    query: scriptOutputQuerySchema,
    reply: scriptOutputReplySchema,
    handle: async ({ params, query, login }) => ({
      parts: await scriptRuns.output(login.principal, params.scriptRunId, params.deviceId, query.from),
    }),
  })
