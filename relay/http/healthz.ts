import { z } from 'zod'
import type { Services } from '../services.ts'
import { openRoute } from './route.ts'

/** GET /healthz: 200 while the database answers. */
export const healthz = (services: Services) =>
  openRoute({
    method: 'GET',
    url: '/healthz',
    access: { authn: 'none', authz: 'anyone', limitPerMinute: 600 },
    reply: z.object({ status: z.literal('ok'), version: z.string() }),
    handle: async () => {
      await services.read.check()
      return { status: 'ok' as const, version: services.version }
    },
  })
