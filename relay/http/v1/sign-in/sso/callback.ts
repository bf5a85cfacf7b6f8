import { z } from 'zod'
import { HandholdError } from '#protocol/errors.ts'
import type { Services } from '../../../../services.ts'
import { page, pageRoute } from '../../../page-route.ts'

/** GET /v1/sign-in/sso/callback, from a browser: the end of its part. The code on this page is worth nothing without the app that began. */
export const ssoCallback = ({ singleSignOn }: Services) =>
  pageRoute({
    url: '/v1/sign-in/sso/callback',
    access: { authn: 'body', authz: 'anyone', limitPerMinute: 30 },
    query: z.record(z.string().max(64), z.string().max(4096)),
    handle: async ({ query, address }) => {
      try {
        const { code, email } = await singleSignOn.complete(new URLSearchParams(query), address)
        return page(200, 'Almost signed in', [
          `You are ${email}.`,
          `Type this code into Handhold: ${code.slice(0, 3)} ${code.slice(3)}`,
          'If you did not start this from Handhold on your own computer, close this page and tell nobody the code.',
        ])
      } catch (thrown) {
        if (!(thrown instanceof HandholdError)) throw thrown
        return page(403, 'Not signed in', [thrown.message])
      }
    },
  })
