import { z } from 'zod'

/** Bodies of the routes about how long things are kept. */
const DAYS_MAX = 3_650
/** Whoever did something must not make its trace vanish within the month. */
const AUDIT_DAYS_MIN = 30

const days = (min: number) => z.number().int().min(min).max(DAYS_MAX).nullable()

/** PUT /v1/retention. Null leaves it to the relay's configuration. */
export const retentionBodySchema = z.strictObject({
  auditDays: days(AUDIT_DAYS_MIN),
  historyDays: days(1),
  recordingDays: days(1),
})
/** GET and PUT /v1/retention. In `effective` null keeps it for ever. */
export const retentionReplySchema = z.object({ own: retentionBodySchema, effective: retentionBodySchema })

/** The same numbers in the relay's own configuration, where they are texts. */
export const retentionSetting = (kind: 'audit' | 'other') =>
  z.coerce
    .number()
    .int()
    .min(kind === 'audit' ? AUDIT_DAYS_MIN : 1)
    .max(DAYS_MAX)
    .nullable()
    .default(null)
