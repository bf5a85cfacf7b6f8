import { z } from 'zod'
import { HandholdError } from '../errors.ts'
import { scriptRunIdSchema } from '../ids.ts'
import type { PassVerificationKey } from '../keys.ts'
import { CLOCK_LEEWAY_S } from '../limits.ts'
import { displayLine } from '../text.ts'
import { GRANT_TTL_S } from '../tools/limits.ts'
import { relayGrantClaims } from '../trust/relay-grant.ts'
import { verifyStatement } from '../trust/signed.ts'
import { operatorCertificateTextSchema } from '../trust/strict/operator-certificate.ts'
import { invalidToken, TOKEN_MAX_LENGTH, type TokenKind, verifyToken } from '../trust/token.ts'
import { deviceMark, RUN_ORDER, type RunOrder, runOrderTextSchema } from './run-order.ts'
import { scriptDefinitionSchema, scriptDigest, scriptDigestSchema, valuesProblem } from './script.ts'

const INVALID = { code: 'grant-invalid', message: 'This grant doesn’t run the script. Start it anew.' } as const

export const RUN_GRANT: TokenKind<'handhold-relay'> = {
  typ: 'handhold-run-grant+jwt',
  issuer: 'handhold-relay',
  requiredClaims: ['exp', 'iat', 'nbf', 'aud', 'jti'],
  invalid: INVALID,
  expired: INVALID,
}

/** What happens at a device whose person is signed in; where nobody is, the script runs. */
const runPersonSchema = z.enum(['ask', 'tell'])

/** The relay's word that the policy lets this operator run this approved script on this device now; its key is the one that signed the order. */
const runGrantClaimsSchema = z.object({
  ...relayGrantClaims,
  run: scriptRunIdSchema,
  script: z.object({ digest: scriptDigestSchema, name: displayLine(60) }),
  person: runPersonSchema,
  /** The second person, where one had to agree. */
  approvedBy: displayLine(120).optional(),
})
export type RunGrantClaims = z.infer<typeof runGrantClaimsSchema>

/** A run as it comes to a device. */
export const scriptRunSchema = z.object({
  grant: z.string().min(1).max(TOKEN_MAX_LENGTH),
  order: runOrderTextSchema,
  definition: scriptDefinitionSchema,
  /** Of the key that signed the order; a device of a strict organisation runs nothing without it. */
  certificate: operatorCertificateTextSchema.optional(),
})
export type ScriptRun = z.infer<typeof scriptRunSchema>

export interface RunExpectation {
  readonly keys: readonly PassVerificationKey[]
  readonly deviceId: string
  readonly nowMs: number
}

const LEEWAY_MS = CLOCK_LEEWAY_S * 1000

/**
 * The relay's grant and the operator's order, when both are for this device, now, and for this text to the letter. Whether the order's key is the
 * operator's, the relay says, and in a strict organisation its certificate. Throws `grant-invalid`, without saying to the other side which part was wrong.
 */
export async function verifyRun(
  { grant, order: text, definition }: ScriptRun,
  { keys, deviceId, nowMs }: RunExpectation,
): Promise<{ readonly claims: RunGrantClaims; readonly order: RunOrder }> {
  const parsed = runGrantClaimsSchema.safeParse(await verifyToken(RUN_GRANT, grant, keys, nowMs))
  if (!parsed.success) throw invalidToken(RUN_GRANT)
  const claims = parsed.data
  const isAlive = nowMs < claims.exp * 1000 && claims.exp - claims.iat <= GRANT_TTL_S
  if (claims.aud !== deviceId || !isAlive) throw invalidToken(RUN_GRANT)
  const order = await verifyStatement(RUN_ORDER, text, claims.cnf.jkt).catch(cause => {
    throw invalidToken(RUN_GRANT, cause)
  })
  const isForThis =
    order.runId === claims.run &&
    order.operatorId === claims.sub &&
    order.organisationId === claims.org &&
    order.digest === claims.script.digest &&
    order.tool === definition.tool &&
    order.digest === (await scriptDigest(definition)) &&
    order.devices.includes(await deviceMark(order.runId, deviceId))
  const isNow = order.issuedAtMs <= nowMs + LEEWAY_MS && nowMs < order.expiresAtMs + LEEWAY_MS
  if (!isForThis || !isNow) throw invalidToken(RUN_GRANT)
  const problem = valuesProblem(definition.parameters, order.values)
  if (problem) throw new HandholdError('bad-request', problem)
  return { claims, order }
}
