import { parseArgs } from 'node:util'
import { z } from 'zod'
import { WORKLOADS, type WorkloadName } from './workload-names.ts'

export interface ScreenOptions {
  readonly hasPeers: boolean
  /** Any X program instead of the painter's own pictures; it appears as the workload `own`. */
  readonly command: string | undefined
  readonly workloads: readonly WorkloadName[]
  /** Whether clicks are measured too. */
  readonly hasClicks: boolean
  readonly seconds: number
  readonly warmUpSeconds: number
  readonly runs: number
}

const HELP = `npm run bench -- screen [--no-peers] [--only LIST] [--workload CMD] [--seconds N] [--warm-up N] [--runs N]

  --no-peers      Handhold alone
  --only LIST     of ${[...WORKLOADS, 'click'].join(',')}
  --workload CMD  paint with this X program (it gets DISPLAY) under the barcode strip
  --seconds N     measured time of each workload, default 10
  --warm-up N     time before it that doesn't count, default 3
  --runs N        the medians of N runs are printed, default 3`

/** The command line asks for something that isn't there. */
export class OptionsError extends Error {}

const numbers = z.object({
  seconds: z.coerce.number().min(1).max(3600),
  'warm-up': z.coerce.number().min(0).max(600),
  runs: z.coerce.number().int().min(1).max(99),
})
const names = z.array(z.enum([...WORKLOADS, 'click'])).min(1)

/** @throws OptionsError with what is wrong. */
export function readScreenOptions(args: readonly string[]): ScreenOptions {
  const values = parse(args)
  const counts = numbers.safeParse(values)
  if (!counts.success) throw new OptionsError(`${z.prettifyError(counts.error)}\n\n${HELP}`)
  const only = names.optional().safeParse(values.only?.split(','))
  if (!only.success) throw new OptionsError(`--only takes workloads, separated by commas.\n\n${HELP}`)
  const chosen = only.data
  const hasOwnPainter = values.workload === undefined
  return {
    hasPeers: !values['no-peers'],
    command: values.workload,
    workloads: hasOwnPainter ? WORKLOADS.filter(name => chosen?.includes(name) ?? true) : [],
    hasClicks: hasOwnPainter && (chosen?.includes('click') ?? true),
    seconds: counts.data.seconds,
    warmUpSeconds: counts.data['warm-up'],
    runs: counts.data.runs,
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        'no-peers': { type: 'boolean', default: false },
        only: { type: 'string' },
        workload: { type: 'string' },
        seconds: { type: 'string', default: '10' },
        'warm-up': { type: 'string', default: '3' },
        runs: { type: 'string', default: '3' },
      },
    }).values
  } catch (thrown) {
    throw new OptionsError(`${(thrown as Error).message}\n\n${HELP}`)
  }
}
