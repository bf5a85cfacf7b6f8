import { z } from 'zod'
import { deviceIdSchema, scriptRunIdSchema } from '../ids.ts'
import { nonceSchema } from '../keys.ts'
import { RUN_OUTPUT_MAX_BYTES, RUN_PARTS_MAX } from './limits.ts'

/** Why a script is over: by itself, or ended by the time limit, by somebody (who cancelled, who lost the right, the person there), or by the device. */
const RUN_ENDS = ['exited', 'time-limit', 'stopped', 'failed'] as const

/** How a script ended on one device. */
export const runResultSchema = z.object({
  how: z.enum(RUN_ENDS),
  /** Null where it didn't exit by itself. */
  exitCode: z.number().int().min(0).max(255).nullable(),
  durationMs: z.number().int().nonnegative(),
  outputBytes: z.number().int().min(0).max(RUN_OUTPUT_MAX_BYTES),
  /** It printed more than is kept. */
  isCut: z.boolean(),
  parts: z.number().int().min(0).max(RUN_PARTS_MAX),
  /** Base64url SHA-256 of what is kept of its output. */
  outputDigest: nonceSchema,
})
export type RunResult = z.infer<typeof runResultSchema>

export const runResultClaimsSchema = runResultSchema.extend({ runId: scriptRunIdSchema, deviceId: deviceIdSchema })
