import { z } from 'zod'
import { deviceIdSchema, organisationIdSchema, userIdSchema } from '../ids.ts'
import { thumbprintSchema } from '../keys.ts'
import { displayLine } from '../text.ts'

/** What each of the relay's grants for one device says, whatever it is for. `label` says in logs and to the shell who the operator is. */
export const relayGrantClaims = {
  iss: z.literal('handhold-relay'),
  aud: deviceIdSchema,
  sub: userIdSchema,
  label: displayLine(120),
  jti: z.string().min(16).max(64),
  iat: z.number().int(),
  nbf: z.number().int(),
  exp: z.number().int().positive(),
  org: organisationIdSchema,
  /** Of the operator's key, which has to prove itself. */
  cnf: z.object({ jkt: thumbprintSchema }),
}
