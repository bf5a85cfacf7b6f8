import { type IdKind, idFromBytes } from '#protocol/ids.ts'

/** Randomness and digests, from a CSPRNG and a vetted library of the program that runs the domain. */
export interface Chance {
  randomBytes(size: number): Uint8Array
  /** `size` random bytes as base64url. */
  randomText(size: number): string
  /** Base64url SHA-256 of the text's UTF-8. */
  sha256(text: string): string
  /** Compares in a time that doesn't depend on where the texts differ. */
  isSame(left: string, right: string): boolean
}

export const newId = (kind: IdKind, chance: Chance): string => idFromBytes(kind, chance.randomBytes(16))
