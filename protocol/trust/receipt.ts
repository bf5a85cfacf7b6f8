import { base64url } from 'jose'
import { z } from 'zod'
import { deviceIdSchema, sessionIdSchema } from '../ids.ts'
import { ed25519PublicJwkSchema, thumbprintSchema } from '../keys.ts'
import { SHOWN_TEXT_MAX } from '../limits.ts'
import { endReasonSchema } from '../session/reasons.ts'
import { scopeSchema } from '../session/scopes.ts'
import { unaskedCauseSchema } from '../session/unasked.ts'
import { displayLine } from '../text.ts'
import { organisationViewSchema, userViewSchema } from '../wire/views.ts'
import type { StatementKind } from './signed.ts'

/** With the text that was shown it fits into one frame of a socket. */
const RECEIPT_MAX_LENGTH = 15_000
/** Answers of one session, those to scopes that were asked for later included, and the closing one. */
export const RECEIPTS_PER_SESSION = 20

const epochMs = z.number().int().nonnegative()
const sha256Schema = z.string().regex(/^[A-Za-z0-9_-]{43}$/)
const scopeList = z.array(scopeSchema).max(32)

/** The words that stood in front of the person, as the window says them. */
export const shownWordsSchema = z.object({
  language: z
    .string()
    .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/)
    .max(35),
  text: z.string().max(SHOWN_TEXT_MAX),
})
export type ShownWords = z.infer<typeof shownWordsSchema>

export const answerSchema = z.enum(['granted', 'denied', 'timeout', 'not-shown', 'withdrawn', 'not-asked'])
export type ReceiptAnswer = z.infer<typeof answerSchema>

const common = {
  version: z.literal(1),
  sessionId: sessionIdSchema,
  deviceId: deviceIdSchema,
  /** Counted within the session from 1, each with the SHA-256 of the one before, so that none can be left out. */
  number: z.number().int().min(1).max(RECEIPTS_PER_SESSION),
  previous: sha256Schema.nullable(),
  organisation: organisationViewSchema,
  operator: userViewSchema,
  /** By the device's clock. */
  atMs: epochMs,
  agentVersion: displayLine(40),
  protocolVersion: z.number().int(),
}

export const receiptClaimsSchema = z.discriminatedUnion('kind', [
  /** What the person was asked and what they answered. `granted` is empty unless the answer is "granted", or nobody was asked and `unasked` says why. */
  z.object({
    ...common,
    kind: z.literal('answer'),
    operatorKeyThumbprint: thumbprintSchema,
    reason: displayLine(200),
    ticket: displayLine(60).nullable(),
    asked: scopeList,
    granted: scopeList,
    durationMs: epochMs,
    /** Null when no window told what it showed. */
    shown: shownWordsSchema.extend({ sha256: sha256Schema }).nullable(),
    answer: answerSchema,
    unasked: unaskedCauseSchema.optional(),
  }),
  /** The end of what was granted. `endedAtMs` and `minutes` are null when the agent itself was ended and can't know. */
  z.object({
    ...common,
    kind: z.literal('closing'),
    reason: endReasonSchema,
    endedAtMs: epochMs.nullable(),
    minutes: z.number().nonnegative().nullable(),
  }),
])
export type ReceiptClaims = z.infer<typeof receiptClaimsSchema>

/** Whether somebody may come in by this answer. */
export const opens = (answer: ReceiptAnswer): boolean => answer === 'granted' || answer === 'not-asked'

export const RECEIPT: StatementKind<ReceiptClaims> = {
  typ: 'handhold-receipt+jws',
  claims: receiptClaimsSchema,
  maxLength: RECEIPT_MAX_LENGTH,
}
export const receiptTextSchema = z.string().min(1).max(RECEIPT_MAX_LENGTH)

/** What people keep: everything that one session's device signed. `deviceKey` is for finding the key; trust comes from comparing it. */
export const receiptDocumentSchema = z.object({
  handhold: z.literal('receipt'),
  version: z.literal(1),
  sessionId: sessionIdSchema,
  deviceKey: ed25519PublicJwkSchema,
  receipts: z.array(receiptTextSchema).max(RECEIPTS_PER_SESSION),
})
export type ReceiptDocument = z.infer<typeof receiptDocumentSchema>

/** SHA-256 of a receipt or of the shown text, base64url. */
export async function sha256Of(text: string): Promise<string> {
  return base64url.encode(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))))
}
