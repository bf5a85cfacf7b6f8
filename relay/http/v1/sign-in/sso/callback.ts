import { z } from 'zod'
import { HandholdError } from '#protocol/errors.ts'
import type { Services } from '../../../../services.ts'
import { page, pageRoute } from '../../../page-route.ts'

const text = z.string().max(4096)
const isGiven = (entry: [string, string | undefined]): entry is [string, string] => entry[1] !== undefined

/** GET /v1/sign-in/sso/callback, from a browser: the end of its part. The code on this page is worth nothing without the app that began. */
export const ssoCallback = ({ singleSignOn }: Services) =>
  pageRoute({
    url: '/v1/sign-in/sso/callback',
    access: { authn: 'body', authz: 'anyone', limitPerMinute: 30 },
    // Providers add members of their own.
    query: z.object({ state: text.optional(), code: text.optional(), error: text.optional() }).catchall(text),
    handle: async ({ query, address }) => {
      try {
        const { code, email } = await singleSignOn.complete(
          new URLSearchParams(Object.entries(query).filter(isGiven)),
          address,
        )
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
