import { z } from 'zod'
import { wireErrorSchema } from '../errors.ts'
import { scriptRunIdSchema } from '../ids.ts'
import { proofSchema } from '../proof.ts'
import { displayLine } from '../text.ts'
import { scriptRunSchema } from './run-grant.ts'
import { outputPart } from './run-output.ts'

/** What a device says of a run that it took. */
const runReportSchema = z.discriminatedUnion('what', [
  /** About to begin: without the acknowledgement nothing is run. */
  z.object({ what: z.literal('starts'), runsAs: displayLine(64) }),
  z.object({
    what: z.literal('output'),
    ...outputPart,
  }),
  /** `proof`: kind `run`, which is the result. Sent again until it is acknowledged. */
  z.object({ what: z.literal('ended'), proof: proofSchema }),
  /** It was never begun. */
  z.object({ what: z.literal('refused'), why: wireErrorSchema }),
])
export type RunReport = z.infer<typeof runReportSchema>

/** Agent → relay. */
export const scriptReportMessage = z.object({
  type: z.literal('script.report'),
  runId: scriptRunIdSchema,
  report: runReportSchema,
})
/** Relay → agent. Acknowledged when the device has checked it, and written down that it took it. */
export const scriptRunMessage = z.object({ type: z.literal('script.run'), run: scriptRunSchema })
/** Whoever ordered it has cancelled, or may not any more. */
export const scriptStopMessage = z.object({ type: z.literal('script.stop'), runId: scriptRunIdSchema })
