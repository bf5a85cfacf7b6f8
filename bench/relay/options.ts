import { parseArgs } from 'node:util'
import { z } from 'zod'
import { OptionsError } from '../screen/options.ts'

const HELP = `npm run bench -- relay [--devices N] [--groups N] [--audit-rows N] [--operators N] [--seconds N] [--agents N]

Without options it has the size that the figures in docs/performance.md are of; a smaller one is for looking at a change.`

const whole = (max: number, standard: number) => z.coerce.number().int().min(1).max(max).default(standard)

const sizeSchema = z.object({
  devices: whole(100_000, 10_000),
  groups: whole(5_000, 500),
  'audit-rows': whole(10_000_000, 1_000_000),
  operators: whole(200, 50),
  seconds: whole(3_600, 30),
  agents: whole(2_000, 200),
})

export type RelaySize = z.infer<typeof sizeSchema>

/** @throws OptionsError with what is wrong. */
export function readRelaySize(args: readonly string[]): RelaySize {
  const options = Object.fromEntries(Object.keys(sizeSchema.shape).map(key => [key, { type: 'string' as const }]))
  try {
    return sizeSchema.parse(parseArgs({ args: [...args], options }).values)
  } catch (thrown) {
    const why = thrown instanceof z.ZodError ? z.prettifyError(thrown) : String(thrown)
    throw new OptionsError(`${why}\n\n${HELP}`)
  }
}
