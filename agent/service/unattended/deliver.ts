import { HandholdError } from '#protocol/errors.ts'
import { verifyProof } from '#protocol/proof.ts'
import { sealPassword } from '#protocol/unattended/seal.ts'
import type { SessionRequest } from '#protocol/wire/agent.ts'
import type { KioskFace } from './kiosk-face.ts'

export interface Delivery {
  readonly deviceId: string
  readonly request: SessionRequest
  readonly password: string
  readonly untilMs: number
  readonly face: Pick<KioskFace, 'password'>
}

/**
 * Hands a new password over, by the policy's way, and keeps nothing of it. Resolves with the password sealed for the operator's app, or null when the kiosk's
 * own screen shows it. Rejects where it can be handed to nobody.
 */
export async function deliver({ deviceId, request, password, untilMs, face }: Delivery): Promise<string | null> {
  const { unattended, operatorKeyThumbprint, sessionId } = request
  if (!unattended) throw new HandholdError('bad-request', 'The session is not an unattended one.')
  if (unattended.delivery === 'kiosk') {
    await face.password(password, untilMs)
    return null
  }
  const { key, proof } = unattended.sealKey
  const claims = await verifyProof('seal', proof, operatorKeyThumbprint)
  // Otherwise whoever carries the request could put a key of its own into it.
  if (claims.deviceId !== deviceId || claims.key.x !== key.x)
    throw new HandholdError('proof-invalid', 'The key for the password is not the operator’s.')
  return sealPassword(key, { sessionId, password })
}
