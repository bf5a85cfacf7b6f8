import { z } from 'zod'
import { administrationReplySchema } from '#protocol/administration-http.ts'
import {
  apiKeyBodySchema,
  apiKeyReplySchema,
  apiKeysReplySchema,
  invitationBodySchema,
  invitationReplySchema,
  invitationsReplySchema,
  linkReplySchema,
  operatorChangeBodySchema,
  operatorSessionsReplySchema,
  operatorsQuerySchema,
  operatorsReplySchema,
  securityReplySchema,
} from '#protocol/identity-http.ts'
import { apiKeyIdSchema, invitationIdSchema, loginIdSchema, userIdSchema } from '#protocol/ids.ts'
import { wholeList } from './whole-list.ts'

const { search, cursor } = operatorsQuerySchema.shape
const person = z.strictObject({ userId: userIdSchema })

/** People, how they sign in, and the keys of programs. Links and keys come back once, to be handed on by the person who made them. */
export const peopleCalls = {
  administration: { args: z.void(), result: administrationReplySchema },
  security: { args: z.void(), result: securityReplySchema },
  /** Proves again who the person is; `code` is of their authenticator app, where they have one. */
  stepUp: {
    args: z.strictObject({
      password: z.string().min(1).max(1024),
      code: z
        .string()
        .regex(/^\d{6}$/)
        .optional(),
    }),
    result: z.void(),
  },
  people: { args: z.void(), result: wholeList('operators', operatorsReplySchema.shape.operators.element) },
  /** One page, for a list that is searched by the relay. */
  peoplePage: { args: z.strictObject({ search, cursor }), result: operatorsReplySchema },
  changePerson: { args: person.extend(operatorChangeBodySchema.shape), result: z.void() },
  disablePerson: { args: person, result: z.void() },
  enablePerson: { args: person, result: z.void() },
  removePerson: { args: person, result: z.void() },
  signOutPerson: { args: person, result: z.void() },
  resetPassword: { args: person, result: linkReplySchema },
  disableTwoFactor: { args: person, result: z.void() },
  invitations: { args: z.void(), result: wholeList('invitations', invitationsReplySchema.shape.invitations.element) },
  invite: { args: invitationBodySchema, result: invitationReplySchema },
  revokeInvitation: { args: z.strictObject({ invitationId: invitationIdSchema }), result: z.void() },
  ownSignIns: {
    args: z.void(),
    result: wholeList('operatorSessions', operatorSessionsReplySchema.shape.operatorSessions.element),
  },
  endOwnSignIn: { args: z.strictObject({ loginId: loginIdSchema }), result: z.void() },
  apiKeys: { args: z.void(), result: wholeList('apiKeys', apiKeysReplySchema.shape.apiKeys.element) },
  createApiKey: { args: apiKeyBodySchema, result: apiKeyReplySchema },
  revokeApiKey: { args: z.strictObject({ apiKeyId: apiKeyIdSchema }), result: z.void() },
} as const
