import { z } from 'zod'
import { scriptDigestSchema } from '../scripts/script.ts'
import { displayLine } from '../text.ts'
import { toolSchema } from './tools.ts'

/**
 * What a device reports of a tool, before it is done: a command whose report the relay didn't acknowledge isn't run. `refused` is reported after the refusal.
 */
export const toolReportSchema = z.discriminatedUnion('what', [
  z.object({ what: z.literal('opened'), tool: toolSchema, grantId: z.string().max(64) }),
  z.object({ what: z.literal('shell'), tool: toolSchema, program: displayLine(120), recording: displayLine(80) }),
  /** Where a grant is strict: keys go to the terminal of this recording. What they are stays on the device. */
  z.object({ what: z.literal('typed'), tool: toolSchema, recording: displayLine(80) }),
  /** `values` by the names of its parameters, each cut to what fits. */
  z.object({
    what: z.literal('script'),
    tool: toolSchema,
    name: displayLine(60),
    digest: scriptDigestSchema,
    values: z.record(z.string().max(32), displayLine(80)),
    recording: displayLine(80),
  }),
  z.object({
    what: z.literal('act'),
    tool: toolSchema,
    verb: displayLine(40),
    /** What it is done to: a process with its start time, or a unit. */
    object: displayLine(200),
  }),
  z.object({ what: z.literal('refused'), tool: toolSchema.nullable(), code: displayLine(40), times: z.number().int() }),
])
export type ToolReport = z.infer<typeof toolReportSchema>
