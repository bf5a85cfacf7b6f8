import { enrolBodySchema, enrolReplySchema } from '#protocol/enrolment-http.ts'
import type { Services } from '../../services.ts'
import { openRoute } from '../route.ts'

/** POST /v1/enrol */
export const enrol = ({ enrolment, signer, organisationTrust }: Services) =>
  openRoute({
    method: 'POST',
    url: '/v1/enrol',
    access: { authn: 'body', authz: 'enrolling-device', limitPerMinute: 300 },
    body: enrolBodySchema,
    reply: enrolReplySchema,
    handle: async ({ body, address }) => {
      const enrolled = await enrolment.enrol({ ...body, address })
      const organisationOrders = await organisationTrust.orders(enrolled.organisation.id)
      // The newest key alone: what the one before signed was for other devices.
      return { ...enrolled, passKeys: signer.keys.slice(0, 1), organisationOrders }
    },
  })
