import { z } from 'zod'
import { wireErrorSchema } from '../errors.ts'
import { deviceIdSchema, scriptIdSchema, scriptRunIdSchema } from '../ids.ts'
import { ed25519PublicJwkSchema, thumbprintSchema } from '../keys.ts'
import { pageReply } from '../page-http.ts'
import { proofSchema } from '../proof.ts'
import { operatorCertificateTextSchema } from '../trust/strict/operator-certificate.ts'
import { userViewSchema } from '../wire/views.ts'
import { RUN_DEVICES_MAX, RUN_PARTS_MAX } from './limits.ts'
import { runOrderTextSchema } from './run-order.ts'
import { sealedOutputSchema } from './run-output.ts'
import { runResultSchema } from './run-result.ts'
import { scriptDefinitionSchema, scriptDigestSchema, scriptValuesSchema } from './script.ts'

const epochMs = z.number().int()

/**
 * `awaiting` waits for a second person's agreement, `queued` for its turn or for its device; `sent` was taken by the device and isn't begun: its person may be
 * asked.
 */
const RUN_STATES = [
  'awaiting',
  'queued',
  'sent',
  'running',
  'done',
  'failed',
  'refused',
  'cancelled',
  'expired',
] as const
const runStateSchema = z.enum(RUN_STATES)
export type RunState = z.infer<typeof runStateSchema>

/** POST /v1/script-runs: `order` is the app's own signed word, which each device checks. */
export const scriptRunBodySchema = z.strictObject({
  scriptId: scriptIdSchema,
  deviceIds: z
    .array(deviceIdSchema)
    .min(1)
    .max(RUN_DEVICES_MAX)
    .refine(list => new Set(list).size === list.length, 'a device stands twice'),
  order: runOrderTextSchema,
  certificate: operatorCertificateTextSchema.optional(),
})

const runSummarySchema = z.object({
  id: scriptRunIdSchema,
  scriptId: scriptIdSchema,
  scriptName: z.string(),
  digest: scriptDigestSchema,
  operator: userViewSchema,
  reason: z.string(),
  /** Of the key that signed the order: the app that can read the output. */
  orderedBy: thumbprintSchema,
  startedAtMs: epochMs,
  expiresAtMs: epochMs,
  /** How many devices are in each state; what isn't there is none. */
  counts: z.partialRecord(runStateSchema, z.number().int()),
})
export type RunSummary = z.infer<typeof runSummarySchema>

const runDeviceSchema = z.object({
  deviceId: deviceIdSchema,
  deviceName: z.string(),
  /** As the relay knows it. */
  deviceKey: ed25519PublicJwkSchema,
  online: z.boolean(),
  state: runStateSchema,
  /** Who agreed to it, where a second person has to. */
  approvedBy: z.string().nullable(),
  /** What came of its output until now. */
  outputBytes: z.number().int(),
  /** Why it was refused, or couldn't be finished. */
  why: wireErrorSchema.nullable(),
  startedAtMs: epochMs.nullable(),
  endedAtMs: epochMs.nullable(),
  /** What the device says of its end, and its signature over it. */
  result: runResultSchema.nullable(),
  proof: proofSchema.nullable(),
})
export type RunDevice = z.infer<typeof runDeviceSchema>

/** GET /v1/script-runs: newest first. */
export const scriptRunsReplySchema = z.object({ runs: z.array(runSummarySchema).max(200), ...pageReply })
/** GET /v1/script-runs/:runId and the answer to POST. */
export const scriptRunReplySchema = z.object({
  run: runSummarySchema.extend({
    definition: scriptDefinitionSchema,
    values: scriptValuesSchema,
    timeLimitS: z.number().int(),
    /** What whoever asks may do about it: agree, because some of it waits for them, and end it. */
    mayAnswer: z.boolean(),
    mayCancel: z.boolean(),
    devices: z.array(runDeviceSchema).max(RUN_DEVICES_MAX),
  }),
})
export type RunView = z.infer<typeof scriptRunReplySchema>['run']

/** POST /v1/script-runs/:scriptRunId/answer: the second person's, once. */
export const scriptRunAnswerSchema = z.strictObject({ approve: z.boolean() })

/** GET /v1/script-runs/:runId/devices/:deviceId/output: sealed for the app that ordered the run; with `from` without the pieces before that one. */
export const scriptOutputQuerySchema = z.strictObject({
  from: z.coerce
    .number()
    .int()
    .min(0)
    .max(RUN_PARTS_MAX - 1)
    .default(0),
})
export const scriptOutputReplySchema = z.object({ parts: z.array(sealedOutputSchema).max(RUN_PARTS_MAX) })
