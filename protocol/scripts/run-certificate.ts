import { HandholdError } from '../errors.ts'
import { thumbprintOf } from '../keys.ts'
import type { OperatorCertificate } from '../trust/strict/operator-certificate.ts'
import { verifyCertificate } from '../trust/strict/operator-chain.ts'
import type { Standing } from '../trust/strict/standing.ts'
import type { RunOrder } from './run-order.ts'

/** An order, and the thumbprint of the key that signed it. */
export type RunVouched = Pick<RunOrder, 'organisationId' | 'operatorId' | 'tool'> & { readonly key: string }

/**
 * The certificate of who ordered a script, in a strict organisation: of exactly the key that signed the order, with the script's tool, and good where nobody is.
 * Throws `certificate-required`, and what `verifyCertificate` throws.
 */
export async function verifyRunCertificate(
  certificate: string | undefined,
  standing: Standing,
  { organisationId, operatorId, tool, key }: RunVouched,
  nowMs: number,
): Promise<OperatorCertificate> {
  if (certificate === undefined)
    throw new HandholdError(
      'certificate-required',
      'This organisation takes certified operators only. Ask an administrator to certify your app on their page “Trust”.',
    )
  const { claims } = await verifyCertificate(certificate, standing, nowMs)
  const isTheirs = claims.organisation.id === organisationId && claims.operator.id === operatorId
  if (!isTheirs || (await thumbprintOf(claims.key)) !== key)
    throw new HandholdError('certificate-invalid', 'The script was ordered by another key than the certified one.')
  if (!claims.unattended || !claims.scopes.includes(tool) || !claims.scopes.includes('control'))
    throw new HandholdError('certificate-invalid', 'The operator is not certified for scripts without a session.')
  return claims
}
