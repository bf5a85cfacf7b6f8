import type { Chance } from '../chance.ts'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const GROUPS = 4
const GROUP_LENGTH = 4

/** 80 random bits in four groups: enough that a fast hash of it can't be searched. */
export function makeRecoveryCode(chance: Chance): string {
  const characters = Array.from(chance.randomBytes(GROUPS * GROUP_LENGTH), byte => ALPHABET.charAt(byte & 31))
  const groups = Array.from({ length: GROUPS }, (_, index) =>
    characters.slice(index * GROUP_LENGTH, (index + 1) * GROUP_LENGTH).join(''),
  )
  return groups.join('-')
}

/** The code as it was made, however a person typed it off their paper. */
export const normalRecoveryCode = (typed: string): string =>
  typed.toLowerCase().replace(/[\s-]/g, '').replaceAll('o', '0').replace(/[il]/g, '1')
