import { existsSync } from 'node:fs'
import { ed25519PublicJwkSchema, thumbprintOf, thumbprintSchema } from '#protocol/keys.ts'
import { readText } from './evidence.ts'
import { VerifyError } from './verify-error.ts'

/** A key as people give it: its thumbprint, or a file with the public JWK. */
export async function readThumbprint(given: string | undefined): Promise<string | null> {
  if (given === undefined) return null
  if (thumbprintSchema.safeParse(given).success && !existsSync(given)) return given
  try {
    return await thumbprintOf(ed25519PublicJwkSchema.parse(JSON.parse(readText(given))))
  } catch (thrown) {
    if (thrown instanceof VerifyError) throw thrown
    throw new VerifyError(`${given} is neither a thumbprint nor a file with a public Ed25519 key (JWK).`)
  }
}
