import { CompactEncrypt, type CryptoKey, compactDecrypt, importJWK } from 'jose'
import { z } from 'zod'
import { HandholdError } from '../errors.ts'
import { type SealPublicJwk, sealPublicJwkSchema } from '../keys.ts'
import { RUN_OUTPUT_MAX_BYTES, RUN_PART_BYTES, RUN_PARTS_MAX } from './limits.ts'

const TYP = 'handhold-run-output+jwe'
const SEALED_MAX_LENGTH = Math.ceil((RUN_PART_BYTES * 4) / 3) + 600
export const sealedOutputSchema = z.string().min(1).max(SEALED_MAX_LENGTH)

/** One piece on its way from the helper to the relay. The last one comes again as it grows, so that what a script prints is read while it runs. */
export const outputPart = {
  part: z
    .number()
    .int()
    .min(0)
    .max(RUN_PARTS_MAX - 1),
  /** What is kept of the output by now, all pieces together. */
  bytes: z.number().int().min(1).max(RUN_OUTPUT_MAX_BYTES),
  sealed: sealedOutputSchema,
}

/** Which piece of whose output it is: stands in the sealed text's header, so that the relay can neither exchange nor reorder pieces. */
export interface OutputPlace {
  readonly run: string
  readonly device: string
  readonly part: number
}

/** One piece of a script's output, for nobody but the operator's app that ordered the run (ECDH-ES on X25519, A256GCM). */
export async function sealOutput(key: SealPublicJwk, place: OutputPlace, bytes: Uint8Array): Promise<string> {
  const { kty, crv, x } = sealPublicJwkSchema.parse(key)
  return new CompactEncrypt(bytes)
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', typ: TYP, ...place })
    .encrypt(await importJWK({ kty, crv, x }, 'ECDH-ES'))
}

/** Throws `proof-invalid` for what was not sealed for this key as this piece. */
export async function openOutput(privateKey: CryptoKey, sealed: string, place: OutputPlace): Promise<Uint8Array> {
  try {
    const { plaintext, protectedHeader } = await compactDecrypt(sealed, privateKey, {
      keyManagementAlgorithms: ['ECDH-ES'],
      contentEncryptionAlgorithms: ['A256GCM'],
    })
    const { typ, run, device, part } = protectedHeader
    if (typ === TYP && run === place.run && device === place.device && part === place.part) return plaintext
  } catch (cause) {
    throw unreadable(cause)
  }
  throw unreadable()
}

const unreadable = (cause?: unknown) =>
  new HandholdError('proof-invalid', 'This output was not sealed for this app, or is not what it is shown as.', {
    cause,
  })
