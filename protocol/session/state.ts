import { z } from 'zod'
import { endCauseSchema, endReasonSchema } from './reasons.ts'
import { furtherAnswerSchema, furtherScopesSchema, scopesSchema } from './scopes.ts'
import { unaskedCauseSchema } from './unasked.ts'

const epochMs = z.number().int().nonnegative()
const granted = { scopes: scopesSchema, untilMs: epochMs }
const mode = z.enum(['view', 'control'])

/** The last question for more of a live session: on its way, before the person's eyes, or answered. */
const furtherSchema = z.discriminatedUnion('stage', [
  z.object({ stage: z.literal('asked'), scopes: furtherScopesSchema }),
  z.object({ stage: z.literal('shown'), scopes: furtherScopesSchema, untilMs: epochMs }),
  z.object({ stage: z.literal('answered'), scopes: furtherScopesSchema, answer: furtherAnswerSchema }),
])
const live = { ...granted, mode, further: furtherSchema.optional() }
const over = { reason: endReasonSchema, cause: endCauseSchema.optional() }
const pauser = z.enum(['user', 'policy'])

/** A session's state; each member carries only what holds then. Times are epoch milliseconds of the program that set them. */
export const sessionStateSchema = z.discriminatedUnion('name', [
  z.object({ name: z.literal('requested') }),
  z.object({ name: z.literal('queued'), untilMs: epochMs }),
  z.object({ name: z.literal('notifying') }),
  z.object({ name: z.literal('awaiting-consent'), untilMs: epochMs }),
  /** A second person has to agree first. */
  z.object({ name: z.literal('awaiting-approval'), untilMs: epochMs }),
  /** Unattended: the device prepares itself. */
  z.object({ name: z.literal('arming') }),
  /** Unattended: a one-time password waits for its first use. */
  z.object({ name: z.literal('otp-issued'), untilMs: epochMs }),
  z.object({ name: z.literal('granted'), ...granted }),
  /** Unattended: the password, or the key for coming back, was right. */
  z.object({ name: z.literal('armed'), ...granted }),
  z.object({ name: z.literal('connecting'), ...granted }),
  z.object({ name: z.literal('active'), ...live }),
  z.object({ name: z.literal('paused'), ...live, by: pauser }),
  z.object({ name: z.literal('reconnecting'), ...live, giveUpAtMs: epochMs, pausedBy: pauser.nullable() }),
  /** Unattended: nobody is connected; whoever was may come back until then. */
  z.object({ name: z.literal('lingering'), scopes: scopesSchema, untilMs: epochMs }),
  z.object({ name: z.literal('ending'), ...over }),
  z.object({ name: z.literal('closed'), ...over }),
])

export type Further = z.infer<typeof furtherSchema>
export type SessionState = z.infer<typeof sessionStateSchema>
export type SessionStateName = SessionState['name']
/** Somebody is connected, or was a moment ago. */
export type LiveState = Extract<SessionState, { mode: unknown }>

/** Something that happened to a session. Who may say it is decided by the program that receives it, never by this file. */
export const sessionEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('device-offline'), untilMs: epochMs }),
  z.object({ type: z.literal('device-notified') }),
  z.object({ type: z.literal('consent-shown'), untilMs: epochMs }),
  /** `unasked`: by the policy and the device's own configuration, without the person's answer. */
  z.object({ type: z.literal('consent-granted'), ...granted, unasked: unaskedCauseSchema.optional() }),
  z.object({ type: z.literal('approval-asked'), untilMs: epochMs }),
  z.object({ type: z.literal('approved') }),
  z.object({ type: z.literal('arming') }),
  z.object({ type: z.literal('otp-issued'), untilMs: epochMs }),
  z.object({ type: z.literal('armed'), ...granted }),
  /** Said again, it only has another nonce: an agent that was started anew made one. */
  z.object({ type: z.literal('lingering'), scopes: scopesSchema, untilMs: epochMs }),
  z.object({ type: z.literal('operator-joined') }),
  z.object({ type: z.literal('peer-connected') }),
  z.object({ type: z.literal('paused'), by: pauser }),
  z.object({ type: z.literal('resumed') }),
  /** The person allowed something more or took something back. */
  z.object({ type: z.literal('scopes-changed'), scopes: scopesSchema }),
  /** The operator wants more than the session has. */
  z.object({ type: z.literal('further-asked'), scopes: furtherScopesSchema }),
  z.object({ type: z.literal('further-shown'), untilMs: epochMs }),
  /** `scopes`: all that the session has from now on. */
  z.object({ type: z.literal('further-answered'), answer: furtherAnswerSchema, scopes: scopesSchema }),
  z.object({ type: z.literal('link-interrupted'), giveUpAtMs: epochMs }),
  z.object({ type: z.literal('link-restored') }),
  z.object({ type: z.literal('end'), ...over }),
  z.object({ type: z.literal('torn-down') }),
])

export type SessionEvent = z.infer<typeof sessionEventSchema>
