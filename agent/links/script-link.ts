import { z } from 'zod'
import { wireErrorSchema } from '#protocol/errors.ts'
import { deviceIdSchema } from '#protocol/ids.ts'
import { passVerificationKeySchema } from '#protocol/keys.ts'
import { scriptRunSchema } from '#protocol/scripts/run-grant.ts'
import { outputPart } from '#protocol/scripts/run-output.ts'
import { runResultSchema } from '#protocol/scripts/run-result.ts'
import { PINNED_KEYS_MAX } from '#protocol/trust/key-handover.ts'

/** What the helper is started with to run one script and nothing else. */
export const SCRIPT_ARGUMENT = 'script'

/** What it needs to check for itself whatever it is given to run. */
const scriptBeginSchema = z.object({
  type: z.literal('begin'),
  run: scriptRunSchema,
  deviceId: deviceIdSchema,
  passKeys: z.array(passVerificationKeySchema).min(1).max(PINNED_KEYS_MAX),
})
export type ScriptBegin = z.infer<typeof scriptBeginSchema>

/** Agent service → helper that runs a script, over the inherited process channel. `begin` is first, and once. */
export const serviceToScriptSchema = z.discriminatedUnion('type', [
  scriptBeginSchema,
  /** End it now. It still says how it ended. */
  z.object({ type: z.literal('stop') }),
])
export type ServiceToScript = z.infer<typeof serviceToScriptSchema>

/** Helper → agent service. `ended` or `refused` is last. */
export const scriptToServiceSchema = z.discriminatedUnion('type', [
  /** The next piece of what it printed, sealed for the operator's app. */
  z.object({
    type: z.literal('part'),
    ...outputPart,
  }),
  z.object({ type: z.literal('ended'), result: runResultSchema }),
  /** Nothing was run. */
  z.object({ type: z.literal('refused'), why: wireErrorSchema }),
])
export type ScriptToService = z.infer<typeof scriptToServiceSchema>
