import { z } from 'zod'
import { wireErrorSchema } from '#protocol/errors.ts'
import { deviceIdSchema } from '#protocol/ids.ts'
import { displayLine } from '#protocol/text.ts'

const epochMs = z.number().int()
const words = z.string().max(120)
const keyAt = z.object({ words, atMs: epochMs })

/** The keys that this app goes by, as words that two people can compare over the telephone, and since when it does. */
export const verificationSchema = z.object({
  own: z.object({
    words,
    sinceMs: epochMs,
    /** Whether the organisation's key has certified it. */
    certificate: z.enum(['not-needed', 'missing', 'valid', 'refused']),
    expiresAtMs: epochMs.nullable(),
    /** Why it isn't good. */
    problem: wireErrorSchema.nullable(),
  }),
  /** Null: the organisation has no key that this app knows. */
  organisation: z
    .object({
      words,
      strict: z.boolean(),
      validUntilMs: epochMs.nullable(),
      history: z.array(keyAt),
      problem: wireErrorSchema.nullable(),
    })
    .nullable(),
  /** Last used first. `refused`: keys that were offered in the place of the known one. */
  devices: z.array(
    z.object({
      deviceId: deviceIdSchema,
      deviceName: displayLine(64),
      words,
      firstSeenAtMs: epochMs,
      lastUsedAtMs: epochMs,
      refused: z.array(keyAt),
    }),
  ),
})
export type Verification = z.infer<typeof verificationSchema>

export const verificationCalls = { verification: { args: z.void(), result: verificationSchema } } as const
