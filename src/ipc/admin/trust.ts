import { z } from 'zod'
import { wireErrorSchema } from '#protocol/errors.ts'
import { userIdSchema } from '#protocol/ids.ts'
import { thumbprintSchema } from '#protocol/keys.ts'
import { displayLine } from '#protocol/text.ts'
import { userViewSchema } from '#protocol/wire/views.ts'

const nothing = z.void()
const epochMs = z.number().int()
const keyWordsText = z.string().max(120)
export const PASSPHRASE_MIN = 12

/** One person's app. The words of its key aren't here: whoever certifies it types what the person reads to them. */
const certifiedAppSchema = z.object({
  operator: userViewSchema,
  thumbprint: thumbprintSchema,
  computer: displayLine(64),
  registeredAtMs: epochMs,
  isThisApp: z.boolean(),
  state: z.enum(['none', 'valid', 'expired', 'revoked', 'invalid']),
  /** Null without a certificate of the organisation's key. */
  expiresAtMs: epochMs.nullable(),
  tools: z.boolean(),
  unattended: z.boolean(),
})
export type CertifiedApp = z.infer<typeof certifiedAppSchema>

export const trustStateSchema = z.object({
  /** The key that speaks for the organisation, as this app knows it. */
  key: z
    .object({
      words: keyWordsText,
      /** For the managed configuration of devices. */
      text: z.string().max(43),
      /** Its private half is in this app. */
      isHere: z.boolean(),
      backedUpAtMs: epochMs.nullable(),
    })
    .nullable(),
  order: z.object({ strict: z.boolean(), issuedAtMs: epochMs, validUntilMs: epochMs }).nullable(),
  /** The relay shows something that this key didn't sign. */
  problem: wireErrorSchema.nullable(),
  apps: z.array(certifiedAppSchema),
})
export type TrustState = z.infer<typeof trustStateSchema>

/** The organisation's key. It stays in main: what leaves is its recovery phrase, when it is asked for, and the backup file. */
export const trustCalls = {
  trust: { args: z.void(), result: trustStateSchema },
  makeOrganisationKey: { args: z.void(), result: nothing },
  organisationPhrase: { args: z.void(), result: z.object({ words: z.array(z.string().max(12)).length(24) }) },
  /** Null: no file was chosen. */
  saveOrganisationBackup: {
    args: z.strictObject({ passphrase: z.string().min(PASSPHRASE_MIN).max(128) }),
    result: z.object({ name: z.string() }).nullable(),
  },
  restoreOrganisationKey: {
    args: z.discriminatedUnion('from', [
      z.strictObject({ from: z.literal('phrase'), phrase: z.string().max(500) }),
      z.strictObject({ from: z.literal('backup'), text: z.string().max(8_000), passphrase: z.string().max(128) }),
    ]),
    result: nothing,
  },
  setStrict: { args: z.strictObject({ strict: z.boolean() }), result: nothing },
  /** Says the newest order anew, so that it lasts longer. */
  renewOrganisationOrder: { args: z.void(), result: nothing },
  /** To a new key, which certifies everybody anew whom the old one had certified. */
  handOverOrganisationKey: { args: z.void(), result: nothing },
  /** `words`: of the app's key, as its owner read them; null for this app and for one that is certified now. */
  certifyApp: {
    args: z.strictObject({
      operatorId: userIdSchema,
      thumbprint: thumbprintSchema,
      words: keyWordsText.nullable(),
      days: z.number().int().min(1).max(90),
      tools: z.boolean(),
      unattended: z.boolean(),
    }),
    result: nothing,
  },
  /** Every certificate of the person is worth nothing from here on. */
  revokeCertificates: { args: z.strictObject({ operatorId: userIdSchema }), result: nothing },
  /** The key is lost: this app and the relay forget it. Devices do by themselves alone. */
  forgetOrganisationKey: { args: z.void(), result: nothing },
} as const
export type TrustCalls = typeof trustCalls
