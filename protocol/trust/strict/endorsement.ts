import { z } from 'zod'
import { deviceIdSchema } from '../../ids.ts'
import { thumbprintSchema } from '../../keys.ts'
import { scopesSchema } from '../../session/scopes.ts'
import { displayLine } from '../../text.ts'
import type { StatementKind } from '../signed.ts'

const ENDORSEMENT_MAX_LENGTH = 3_000

/** By the key of an operator's app: for which session its owner uses which key, and the words that the person is to read. */
export const sessionEndorsementClaimsSchema = z.object({
  version: z.literal(1),
  deviceId: deviceIdSchema,
  sessionKey: thumbprintSchema,
  scopes: scopesSchema,
  unattended: z.boolean(),
  reason: displayLine(200),
  ticket: displayLine(60).nullable(),
})
export type SessionEndorsement = z.infer<typeof sessionEndorsementClaimsSchema>

export const SESSION_ENDORSEMENT: StatementKind<SessionEndorsement> = {
  typ: 'handhold-session-endorsement+jws',
  claims: sessionEndorsementClaimsSchema,
  maxLength: ENDORSEMENT_MAX_LENGTH,
}
export const sessionEndorsementTextSchema = z.string().min(1).max(ENDORSEMENT_MAX_LENGTH)
