import { decodeJwt } from 'jose'
import { z } from 'zod'
import { HandholdError } from '../../errors.ts'
import { deviceIdSchema, sessionIdSchema, userIdSchema } from '../../ids.ts'
import { type PassVerificationKey, sealPublicJwkSchema, thumbprintSchema } from '../../keys.ts'
import { verifyProof } from '../../proof.ts'
import { displayLine } from '../../text.ts'
import { invalidToken, type TokenKind, verifyToken } from '../../trust/token.ts'
import { type ToolLevel, toolSchema } from '../tools.ts'

const INVALID = { code: 'grant-invalid', message: 'This is no word of a second person in this session.' } as const

export const WATCH: TokenKind<'handhold-relay'> = {
  typ: 'handhold-watch+jwt',
  issuer: 'handhold-relay',
  requiredClaims: ['exp', 'iat', 'aud'],
  invalid: INVALID,
  expired: INVALID,
}

/** The relay's word, made anew for each beat: this person may use these tools of the device themselves, and looks at the session with this key. */
const watchClaimsSchema = z.object({
  iss: z.literal(WATCH.issuer),
  aud: deviceIdSchema,
  sub: userIdSchema,
  label: displayLine(120),
  sid: sessionIdSchema,
  tools: z.array(toolSchema).min(1),
  cnf: z.object({ jkt: thumbprintSchema }),
  /** What they are shown is sealed for this key. */
  seal: sealPublicJwkSchema,
  iat: z.number().int(),
  exp: z.number().int(),
})
export type WatchClaims = z.infer<typeof watchClaimsSchema>

export interface WatchExpectation {
  readonly keys: readonly PassVerificationKey[]
  readonly deviceId: string
  readonly sessionId: string
  readonly agentNonce: string
  /** Who is watched: nobody is a second person for themselves. */
  readonly operatorId: string
}

export interface WatchBeat extends WatchClaims {
  /** Greater with each beat of a key. */
  readonly count: number
  /** Of each helper the last part that arrived with all before it. */
  readonly seen: Readonly<Record<ToolLevel, number>>
}

/**
 * What a beat says, if the relay named its author for exactly this session and the beat is signed by their key. No clock is asked: the count tells old from
 * new, and whoever listens measures the time between two. Throws `grant-invalid`, `proof-invalid` or `pass-key-mismatch`.
 */
export async function verifyBeat(statement: string, proof: string, expected: WatchExpectation): Promise<WatchBeat> {
  const payload = await verifyToken(WATCH, statement, expected.keys, issuedAtMs(statement))
  const { success, data: claims } = watchClaimsSchema.safeParse(payload)
  if (!success) throw invalidToken(WATCH)
  const isForThis = claims.aud === expected.deviceId && claims.sid === expected.sessionId
  if (!isForThis || claims.sub === expected.operatorId) throw invalidToken(WATCH)
  const said = await verifyProof('watch', proof, claims.cnf.jkt)
  if (said.sessionId !== expected.sessionId || said.agentNonce !== expected.agentNonce)
    throw new HandholdError('proof-invalid', 'The second person’s word is for another session.')
  return { ...claims, count: said.count, seen: said.seen }
}

/** Read before the signature is checked: it only says that `exp` is after `iat`, whatever the clocks show. */
function issuedAtMs(statement: string): number {
  try {
    const { iat } = decodeJwt(statement)
    if (typeof iat === 'number' && Number.isSafeInteger(iat * 1000)) return iat * 1000
  } catch {
    // No token at all.
  }
  throw invalidToken(WATCH)
}
