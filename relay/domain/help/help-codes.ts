import type { Chance } from '../chance.ts'
import type { Seal } from '../identity/seal.ts'

const CODES = 1_000_000_000
/** The largest multiple of `CODES` that four bytes hold: above it some codes would come more often than others. */
const FAIR_BELOW = 4 * CODES

/** Nine digits, each code as likely as any other. */
export function newHelpCode(chance: Chance): string {
  for (;;) {
    const [a = 0, b = 0, c = 0, d = 0] = chance.randomBytes(4)
    const number = ((a * 256 + b) * 256 + c) * 256 + d
    if (number < FAIR_BELOW) return String(number % CODES).padStart(9, '0')
  }
}

/** As the database has it. Of one organisation only: the same digits of another one are another code. */
export const digestOfCode = (seal: Seal, organisationId: string, code: string): string =>
  seal.digest(code, `help-code ${organisationId}`)
