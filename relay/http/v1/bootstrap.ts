import { bootstrapBodySchema, bootstrapReplySchema } from '#protocol/http.ts'
import type { Services } from '../../services.ts'
import { openRoute } from '../route.ts'

/** POST /v1/bootstrap */
export const bootstrap = ({ accounts }: Services) =>
  openRoute({
    method: 'POST',
    url: '/v1/bootstrap',
    access: { authn: 'body', authz: 'first-start', limitPerMinute: 30 },
    body: bootstrapBodySchema,
    reply: bootstrapReplySchema,
    handle: ({ body, address }) => accounts.bootstrap({ ...body, address }),
  })
