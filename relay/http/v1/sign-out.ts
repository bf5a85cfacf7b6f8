import type { Services } from '../../services.ts'
import { memberRoute } from '../route.ts'

/** POST /v1/sign-out */
export const signOut = ({ logins }: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/sign-out',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 60, stepUp: false, apiKey: null },
    handle: async ({ login }) => {
      await logins.signOut(login)
      return undefined
    },
  })
