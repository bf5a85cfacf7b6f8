import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Chance } from '../domain/chance.ts'

const digest = (text: string) => createHash('sha256').update(text, 'utf8').digest()

/** Randomness and digests of Node's OpenSSL. */
export const nodeChance: Chance = {
  randomBytes: size => randomBytes(size),
  randomText: size => randomBytes(size).toString('base64url'),
  sha256: text => digest(text).toString('base64url'),
  // Digests have one length, which is what timingSafeEqual asks for.
  isSame: (left, right) => timingSafeEqual(digest(left), digest(right)),
}
