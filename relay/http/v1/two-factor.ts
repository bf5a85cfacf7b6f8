import { totpReplySchema } from '#protocol/identity-http.ts'
import type { Services } from '../../services.ts'
import { memberRoute } from '../route.ts'

/** POST /v1/two-factor */
export const enrolTotp = ({ twoFactor }: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/two-factor',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 30, stepUp: true, apiKey: null },
    reply: totpReplySchema,
    handle: ({ login }) => twoFactor.enrol(login.principal),
  })

/** DELETE /v1/two-factor */
export const disableTotp = ({ twoFactor }: Services) =>
  memberRoute({
    method: 'DELETE',
    url: '/v1/two-factor',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 30, stepUp: true, apiKey: null },
    handle: async ({ login: { principal } }) => {
      await twoFactor.disable(principal, principal.user.id)
      return undefined
    },
  })
