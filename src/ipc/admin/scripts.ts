import { z } from 'zod'
import { deviceIdSchema, scriptIdSchema, scriptRunIdSchema } from '#protocol/ids.ts'
import { scriptBodySchema, scriptReplySchema, scriptsReplySchema } from '#protocol/scripts/http.ts'
import {
  RUN_DEVICES_MAX,
  RUN_OUTPUT_MAX_BYTES,
  RUN_TIME_LIMIT_MAX_S,
  RUN_WAIT_MAX_MS,
} from '#protocol/scripts/limits.ts'
import { scriptRunAnswerSchema, scriptRunReplySchema, scriptRunsReplySchema } from '#protocol/scripts/runs-http.ts'
import { scriptDigestSchema, scriptValuesSchema } from '#protocol/scripts/script.ts'
import { wholeList } from './whole-list.ts'

const script = z.strictObject({ scriptId: scriptIdSchema })
const run = z.strictObject({ runId: scriptRunIdSchema })

/** The organisation's scripts, and running them on devices. */
export const scriptLibraryCalls = {
  scriptLibrary: { args: z.void(), result: wholeList('scripts', scriptsReplySchema.shape.scripts.element) },
  createScript: { args: scriptBodySchema, result: scriptReplySchema },
  approveScript: { args: script, result: scriptReplySchema },
  deleteScript: { args: script, result: z.void() },
  scriptRuns: { args: z.void(), result: wholeList('runs', scriptRunsReplySchema.shape.runs.element) },
  scriptRun: { args: run, result: scriptRunReplySchema },
  cancelScriptRun: { args: run, result: scriptRunReplySchema },
  /** The second person's word about somebody else's run. */
  answerScriptRun: { args: run.extend(scriptRunAnswerSchema.shape), result: z.void() },
} as const

/** What takes keys of this app, which stay in main. */
export const scriptRunCalls = {
  startScriptRun: {
    args: script.extend({
      /** Of what the person saw: another text isn't ordered. */
      digest: scriptDigestSchema,
      values: scriptValuesSchema,
      /** Why, for whoever is asked to agree. */
      reason: z.string().min(1).max(200),
      deviceIds: z.array(deviceIdSchema).min(1).max(RUN_DEVICES_MAX),
      timeLimitS: z.number().int().min(1).max(RUN_TIME_LIMIT_MAX_S),
      /** How long devices that are offline are waited for. */
      waitMs: z.number().int().min(60_000).max(RUN_WAIT_MAX_MS),
    }),
    result: scriptRunReplySchema,
  },
  /** What a script printed on a device until now, opened with this app's key. Text from a device. */
  scriptOutput: {
    args: run.extend({ deviceId: deviceIdSchema }),
    result: z.object({ text: z.string().max(RUN_OUTPUT_MAX_BYTES), isCut: z.boolean() }),
  },
  /** The table of results. The window learns the file's name and no more, null when the person chose none. */
  saveScriptRun: { args: run, result: z.object({ name: z.string() }).nullable() },
} as const
export type ScriptRunCalls = typeof scriptRunCalls
