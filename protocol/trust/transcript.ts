import { z } from 'zod'
import { HandholdError } from '../errors.ts'
import { deviceIdSchema, sessionIdSchema } from '../ids.ts'
import { nonceSchema } from '../keys.ts'
import { scopesSchema } from '../session/scopes.ts'

/** A certificate's SHA-256 as SDP writes it (RFC 8122). */
const fingerprintSchema = z.string().regex(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/)

/**
 * What both ends of a connection sign: which two certificates DTLS uses, and for which session and grant. Each signs what it sees itself, so a relay that
 * puts a certificate of its own between them can't make the two agree.
 */
export const transcriptClaimsSchema = z.object({
  role: z.enum(['device', 'operator']),
  sessionId: sessionIdSchema,
  deviceId: deviceIdSchema,
  fingerprint: fingerprintSchema,
  peerFingerprint: fingerprintSchema,
  /** The device made it when the person agreed. */
  agentNonce: nonceSchema,
  /** The operator app made it for this connection; the device repeats it. */
  operatorNonce: nonceSchema,
  scopes: scopesSchema,
  /** End of the grant as the signer knows it, epoch milliseconds. */
  untilMs: z.number().int().positive(),
})
export type TranscriptClaims = z.infer<typeof transcriptClaimsSchema>

export const fingerprintsSchema = z.strictObject({ own: fingerprintSchema, peer: fingerprintSchema })
/** Of one end's connection: its own certificate's, and the one that it takes from the other side. */
export type Fingerprints = z.infer<typeof fingerprintsSchema>

/**
 * The one fingerprint that a description allows. Throws `identity-changed` where there is none, another hash than SHA-256, or two that differ: DTLS would
 * then take more than what was signed.
 */
export function fingerprintIn(sdp: string): string {
  const lines = [...sdp.matchAll(/^a=fingerprint:(\S+) (\S+)/gm)]
  const values = new Set(lines.map(([, hash, value]) => `${hash?.toLowerCase()} ${value?.toUpperCase()}`))
  const [only = ''] = values
  const parsed = fingerprintSchema.safeParse(only.replace(/^sha-256 /, ''))
  if (values.size !== 1 || !parsed.success)
    throw new HandholdError('identity-changed', 'The other side names no single certificate.')
  return parsed.data
}

/** The other side's claims must be one's own with the roles exchanged. Throws `identity-changed`. */
export function requireSameConnection(theirs: TranscriptClaims, own: Omit<TranscriptClaims, 'untilMs'>): void {
  const isSame =
    theirs.role !== own.role &&
    theirs.sessionId === own.sessionId &&
    theirs.deviceId === own.deviceId &&
    theirs.fingerprint === own.peerFingerprint &&
    theirs.peerFingerprint === own.fingerprint &&
    theirs.agentNonce === own.agentNonce &&
    theirs.operatorNonce === own.operatorNonce &&
    theirs.scopes.length === own.scopes.length &&
    theirs.scopes.every(scope => own.scopes.includes(scope))
  if (!isSame)
    throw new HandholdError(
      'identity-changed',
      'The two ends don’t see the same connection: somebody may be between them.',
    )
}
