import { createHash } from 'node:crypto'
import type { z } from 'zod'
import type { enrolBodySchema } from '#protocol/enrolment-http.ts'
import { signProof } from '#protocol/proof.ts'
import type { TestKey } from './keys.ts'

export type EnrolBody = z.input<typeof enrolBodySchema>

/** The body of POST /v1/enrol for this token and key. */
export async function enrolBody(token: string, key: TestKey, facts: EnrolBody['facts']): Promise<EnrolBody> {
  const tokenHash = createHash('sha256').update(token).digest('base64url')
  const proof = await signProof('enrol', { tokenHash, key: key.publicKey }, key.privateKey, key.publicKey)
  return { token, key: key.publicKey, proof, facts }
}
