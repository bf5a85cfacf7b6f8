import { parseArgs } from 'node:util'
import { z } from 'zod'
import { OptionsError } from '../screen/options.ts'

const HELP = `npm run bench -- trust [--kills N] [--tokens N]

Without options it has the size that the figures in docs/performance.md are of; a smaller one is for looking at a change.`

const sizeSchema = z.object({
  kills: z.coerce.number().int().min(1).max(10_000).default(200),
  tokens: z.coerce.number().int().min(1).max(10_000_000).default(100_000),
})

export type TrustSize = z.infer<typeof sizeSchema>

/** @throws OptionsError with what is wrong. */
export function readTrustSize(args: readonly string[]): TrustSize {
  try {
    return sizeSchema.parse(
      parseArgs({ args: [...args], options: { kills: { type: 'string' }, tokens: { type: 'string' } } }).values,
    )
  } catch (thrown) {
    const why = thrown instanceof z.ZodError ? z.prettifyError(thrown) : String(thrown)
    throw new OptionsError(`${why}\n\n${HELP}`)
  }
}
