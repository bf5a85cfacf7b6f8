import { z } from 'zod'
import { HandholdError } from '../../errors.ts'
import { thumbprintOf } from '../../keys.ts'
import { CLOCK_LEEWAY_S } from '../../limits.ts'
import type { Scope } from '../../session/scopes.ts'
import { readStatement, type Statement } from '../signed.ts'
import { SESSION_ENDORSEMENT, type SessionEndorsement, sessionEndorsementTextSchema } from './endorsement.ts'
import { CERTIFICATE_LEFT_MIN_MS } from './limits.ts'
import {
  OPERATOR_CERTIFICATE,
  type OperatorCertificate,
  operatorCertificateTextSchema,
} from './operator-certificate.ts'
import { otherKey, type Standing } from './standing.ts'

/**
 * How an operator of a strict organisation is known to a device without the relay's word: the organisation's key certifies the key of the operator's app,
 * and that one endorses the key of one session.
 */
export const operatorChainSchema = z.strictObject({
  certificate: operatorCertificateTextSchema,
  endorsement: sessionEndorsementTextSchema,
})
export type OperatorChain = z.infer<typeof operatorChainSchema>

export interface ChainExpectation {
  readonly organisationId: string
  readonly operatorId: string
  readonly deviceId: string
  readonly sessionKeyThumbprint: string
  readonly scopes: readonly Scope[]
  readonly unattended: boolean
  readonly reason: string
  readonly ticket: string | null
}

const LEEWAY_MS = CLOCK_LEEWAY_S * 1000

/**
 * The certificate of the operator who asks, by the key that `standing` holds the organisation to. Throws `certificate-required`, `certificate-invalid`,
 * `certificate-expired`, `certificate-revoked`, `organisation-key-changed`, `organisation-order-expired` or `organisation-order-stale`.
 */
export async function verifyOperatorChain(
  chain: OperatorChain | undefined,
  standing: Standing,
  expected: ChainExpectation,
  nowMs: number,
): Promise<OperatorCertificate> {
  if (!chain)
    throw new HandholdError(
      'certificate-required',
      'This organisation takes certified operators only. Ask an administrator to certify your app on their page “Trust”.',
    )
  const { claims: certificate } = await verifyCertificate(chain.certificate, standing, nowMs)
  const isForThisOperator =
    certificate.organisation.id === expected.organisationId && certificate.operator.id === expected.operatorId
  if (!isForThisOperator) throw invalid('The certificate is of another operator or organisation.')
  const isWithin = expected.scopes.every(scope => certificate.scopes.includes(scope))
  if (!isWithin || (expected.unattended && !certificate.unattended))
    throw invalid('The operator is not certified for what the session asks for.')
  const endorsement = await statement(readStatement(SESSION_ENDORSEMENT, chain.endorsement))
  if (endorsement.thumbprint !== (await thumbprintOf(certificate.key)))
    throw invalid('The session was endorsed by another key than the certified one.')
  if (!isEndorsed(endorsement.claims, expected)) throw invalid('The operator endorsed another session than this one.')
  return certificate
}

/** A certificate that counts now. Throws what `verifyOperatorChain` throws about one. */
export async function verifyCertificate(
  text: string,
  standing: Standing,
  nowMs: number,
): Promise<Statement<OperatorCertificate>> {
  const { order } = standing
  if (!order || order.validUntilMs < nowMs - LEEWAY_MS)
    throw new HandholdError(
      'organisation-order-expired',
      'The newest order of the organisation’s key that is known here has run out. An administrator renews it on their page “Trust”; if they did, the relay keeps it back.',
    )
  const certificate = await statement(readStatement(OPERATOR_CERTIFICATE, text))
  const { claims, key, thumbprint } = certificate
  if (thumbprint !== (await thumbprintOf(standing.key))) throw await otherKey(standing.key, key)
  if (claims.organisation.id !== order.organisationId) throw invalid('The certificate is of another organisation.')
  requireNow(claims, nowMs)
  if (order.revoked.some(([operatorId, beforeMs]) => operatorId === claims.operator.id && claims.issuedAtMs < beforeMs))
    throw new HandholdError('certificate-revoked', 'The certificate of this operator was revoked.')
  if (claims.sequence > order.sequence)
    throw new HandholdError(
      'organisation-order-stale',
      `The certificate was made after order ${claims.sequence}, which did not get here: the relay keeps it back.`,
    )
  return certificate
}

function requireNow({ notBeforeMs, expiresAtMs }: OperatorCertificate, nowMs: number): void {
  if (notBeforeMs > nowMs + LEEWAY_MS) {
    const seconds = Math.round((notBeforeMs - nowMs) / 1000)
    throw new HandholdError(
      'certificate-expired',
      `The certificate begins ${seconds} s from now: one of the clocks is wrong, or it was made for later.`,
    )
  }
  if (expiresAtMs < nowMs + CERTIFICATE_LEFT_MIN_MS)
    throw new HandholdError(
      'certificate-expired',
      'The operator’s certificate has run out. An administrator renews it.',
    )
}

const isEndorsed = (endorsement: SessionEndorsement, expected: ChainExpectation): boolean =>
  endorsement.deviceId === expected.deviceId &&
  endorsement.sessionKey === expected.sessionKeyThumbprint &&
  endorsement.unattended === expected.unattended &&
  endorsement.reason === expected.reason &&
  endorsement.ticket === expected.ticket &&
  expected.scopes.every(scope => endorsement.scopes.includes(scope))

/** Whatever is wrong with a link of the chain, the chain is. */
async function statement<T>(link: Promise<T>): Promise<T> {
  try {
    return await link
  } catch (cause) {
    throw new HandholdError('certificate-invalid', 'The operator’s certificate is not valid.', { cause })
  }
}

const invalid = (message: string) => new HandholdError('certificate-invalid', message)
