import { z } from 'zod'
import { helpStateSchema, helpWordSchema } from './help/state.ts'
import { chatMessageSchema } from './peer/chat.ts'
import { LANGUAGES } from './person/language.ts'
import { endReasonSchema } from './session/reasons.ts'
import { furtherScopesSchema, scopesSchema } from './session/scopes.ts'
import { unaskedCauseSchema } from './session/unasked.ts'
import { displayLine } from './text.ts'
import { shownWordsSchema } from './trust/receipt.ts'
import { sessionRequestSchema } from './wire/agent.ts'

/** The numbers of which the operator reads one out, in the order in which the person sees them. */
const choicesSchema = z.array(z.number().int()).length(3).readonly()

/** Pixels of the whole desktop. */
const pixel = z.number().int().min(-100_000).max(100_000)
export const areaSchema = z.object({ x: pixel, y: pixel, width: pixel, height: pixel })

/** As the organisation calls it. */
const scriptName = displayLine(60)

/** What the banner says of a session that lives. */
export const liveSchema = z.object({
  sinceMs: z.number().int(),
  linkUp: z.boolean(),
  /** What is allowed right now. */
  scopes: scopesSchema,
  isPaused: z.boolean(),
  /** What the operator does is recorded now. */
  isRecording: z.boolean(),
  /** Who else sees what the operator does with a tool that takes two. */
  watchers: z.array(displayLine(120)).max(4),
  /** Why the person wasn't asked, where they weren't. */
  unasked: unaskedCauseSchema.optional(),
  /** Who else is connected besides the operator of the request. */
  others: z.array(displayLine(80)).max(1).optional(),
})
export type Live = z.infer<typeof liveSchema>

/** What a device where nobody is asked shows on its own screen, over everything. */
export const kioskSchema = z.discriminatedUnion('phase', [
  /** The one-time password, for somebody who reads it to the operator. */
  z.object({ phase: z.literal('password'), password: z.string().max(32), untilMs: z.number().int() }),
  /** Somebody is working on it. */
  z.object({ phase: z.literal('serviced'), sinceMs: z.number().int() }),
  /** They may come back until then. */
  z.object({ phase: z.literal('lingering'), untilMs: z.number().int() }),
])
export type Kiosk = z.infer<typeof kioskSchema>

/** Agent service → consent window, over the inherited process channel. */
export const serviceToConsentSchema = z.discriminatedUnion('type', [
  /** Asks the person. The service counts the time and is the one who says "no" at its end; the window only shows it. */
  z.object({
    type: z.literal('ask'),
    /** When the person asked this operator for help, as the device itself knows. */
    helpAskedAtMs: z.number().nullable().default(null),
    request: sessionRequestSchema,
    armDelayMs: z.number().int().nonnegative(),
    /** No session is asked for: this script is to run. */
    script: scriptName.optional(),
  }),
  /** Nobody is asked whether this script runs; they are told that it does, and can end it. */
  z.object({ type: z.literal('tell'), request: sessionRequestSchema, script: scriptName }),
  /** The numbers of a request that has a commitment. Without them there is no "yes". */
  z.object({ type: z.literal('numbers'), choices: choicesSchema }),
  /** Nobody is asked about this: the banner comes at once, and is answered with `shown` when it can be seen. Only then anything begins. */
  z.object({ type: z.literal('announce'), request: sessionRequestSchema }),
  /** The session lives: become the banner. With a request where the one that was asked for first is over and another operator is still there. */
  liveSchema.extend({ type: z.literal('banner'), request: sessionRequestSchema.optional() }),
  /** Asks for more beneath the banner, by the same rules. */
  z.object({
    type: z.literal('ask-further'),
    /** Who asks, where it isn't the operator of the request. */
    by: displayLine(80).optional(),
    scopes: furtherScopesSchema,
    timeoutMs: z.number().int().positive(),
    armDelayMs: z.number().int().nonnegative(),
  }),
  /** Asks beneath the banner, by the same rules, for another operator who wants to be there too. */
  z.object({
    type: z.literal('ask-join'),
    request: sessionRequestSchema,
    armDelayMs: z.number().int().nonnegative(),
  }),
  /** That question is over, however it was answered. */
  z.object({ type: z.literal('further-over') }),
  /** From the operator. */
  z.object({ type: z.literal('chat'), chat: chatMessageSchema }),
  /** Nobody is asked: show this. Answered with `shown` when it can be read. */
  z.object({ type: z.literal('kiosk'), request: sessionRequestSchema, kiosk: kioskSchema }),
  /** Operators of this organisation may come without asking: whoever is there is to know. Answered with `shown`, and with `understood` when they say so. */
  z.object({ type: z.literal('notice'), organisation: displayLine(80) }),
  /** Nobody asks: the person does. */
  z.object({ type: z.literal('help'), help: helpStateSchema }),
  /** The session is over; say why for a moment, then close. */
  z.object({ type: z.literal('over'), reason: endReasonSchema }),
])
export type ServiceToConsent = z.infer<typeof serviceToConsentSchema>

/** The person's word. A "yes" names what they allow, which number they picked, and the language in which they read the question. */
export const answerSchema = z.discriminatedUnion('accept', [
  z.object({ accept: z.literal(false) }),
  z.object({
    accept: z.literal(true),
    scopes: scopesSchema,
    number: z.number().int().nullable(),
    language: z.enum(LANGUAGES),
  }),
])
export type ConsentAnswer = z.infer<typeof answerSchema>

/** Consent window → agent service. A window that dies without an answer has answered "no". */
export const consentToServiceSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  /** The dialog is painted on the person's display; `words` are what it says there, for the receipt. */
  z.object({ type: z.literal('shown'), words: shownWordsSchema.optional() }),
  z.object({ type: z.literal('answer'), answer: answerSchema }),
  /** From the banner. */
  z.object({ type: z.literal('pause'), isPaused: z.boolean() }),
  z.object({ type: z.literal('take-back') }),
  /** The window went away while a session may live, and nobody pressed anything in it that ends one. */
  z.object({ type: z.literal('gone') }),
  /** What is typed comes to the window now, where it would be written or answer a question; or no more. */
  z.object({ type: z.literal('keyboard'), isHere: z.boolean() }),
  /** Where the banner stands from now on. */
  z.object({ type: z.literal('place'), area: areaSchema }),
  /** Something has stood in front of the window for longer than by chance, a locked screen for instance; or nothing does any more. */
  z.object({ type: z.literal('covered'), isCovered: z.boolean() }),
  /** For the operator. */
  z.object({ type: z.literal('chat'), chat: chatMessageSchema }),
  z.object({ type: z.literal('end') }),
  /** They read the notice. */
  z.object({ type: z.literal('understood') }),
  ...helpWordSchema.options,
  /** No dialog can be shown here; `message` says why. */
  z.object({ type: z.literal('failed'), message: z.string().max(500) }),
])
export type ConsentToService = z.infer<typeof consentToServiceSchema>
