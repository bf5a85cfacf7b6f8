import { z } from 'zod'
import { answerSchema, kioskSchema, liveSchema } from '#protocol/consent.ts'
import { helpStateSchema, helpWordSchema } from '#protocol/help/state.ts'
import { LANGUAGES } from '#protocol/person/language.ts'
import { endReasonSchema } from '#protocol/session/reasons.ts'
import { scopeSchema } from '#protocol/session/scopes.ts'
import { displayLine } from '#protocol/text.ts'
import { shownWordsSchema } from '#protocol/trust/receipt.ts'
import { sessionRequestSchema } from '#protocol/wire/agent.ts'
import { CONSENT_CHAT_CALLS, chatViewSchema } from './consent-chat.ts'
import type { IpcContract } from './contract.ts'

/** Of the person at this desktop. */
const language = z.enum(LANGUAGES)

/** No session, but this script: it asks for, or it runs. */
const script = displayLine(60).optional()

/** It was a key that pressed the button, which somebody else can press as well where the window has the keyboard. */
const byKey = { byKey: z.boolean().optional() }

/** What the consent window shows; main tells it, the window decides nothing. */
export const consentStateSchema = z.discriminatedUnion('name', [
  z.object({ name: z.literal('waiting'), language }),
  z.object({
    name: z.literal('asking'),
    language,
    request: sessionRequestSchema,
    /** When the person asked this operator for help; null where they didn't. */
    helpAskedAtMs: z.number().nullable(),
    /** The numbers to choose from; none are asked for with null, and an empty list is still on its way. */
    numbers: z.array(z.number().int()).max(3).nullable(),
    /** Epoch ms. */
    answerByMs: z.number(),
    /** Buttons do nothing before; epoch ms. */
    armedAtMs: z.number(),
    script,
  }),
  liveSchema.extend({
    name: z.literal('banner'),
    language,
    request: sessionRequestSchema,
    script,
    /** More that is asked for, beneath the banner. */
    further: z
      .object({
        scopes: z.array(scopeSchema),
        /** Who asks, where it isn't the operator of the request. */
        by: z.string().optional(),
        /** Somebody else who wants to be in the session too, with numbers as for the first question. */
        joins: sessionRequestSchema.optional(),
        numbers: z.array(z.number().int()).max(3).nullable(),
        timeoutMs: z.number().int(),
        /** Epoch ms, both as for the first question. */
        answerByMs: z.number(),
        armedAtMs: z.number(),
      })
      .optional(),
  }),
  z.object({ name: z.literal('kiosk'), language, request: sessionRequestSchema, kiosk: kioskSchema }),
  /** Operators may come without asking, and the person is to know. */
  z.object({ name: z.literal('notice'), language, organisation: displayLine(80) }),
  /** Nobody asks: the person does. */
  z.object({ name: z.literal('help'), language, help: helpStateSchema }),
  z.object({ name: z.literal('over'), language, request: sessionRequestSchema, reason: endReasonSchema }),
])
export type ConsentState = z.infer<typeof consentStateSchema>

export const consentContract = {
  calls: {
    state: { args: z.void(), result: consentStateSchema },
    /** The question is painted: the person can read it now. With the words as they stand there, for the receipt. */
    painted: { args: shownWordsSchema.optional(), result: z.void() },
    /** Refused with `forbidden` before the dialog is armed, and where the press didn't come from this computer's own mouse or keyboard. */
    answer: { args: z.strictObject({ answer: answerSchema }), result: z.void() },
    pause: { args: z.strictObject({ isPaused: z.boolean(), ...byKey }), result: z.void() },
    /** From now on they only see. */
    takeBack: { args: z.strictObject(byKey).optional(), result: z.void() },
    end: { args: z.strictObject(byKey).optional(), result: z.void() },
    /** What is typed comes to the window now, or no more. */
    keyboard: { args: z.strictObject({ isHere: z.boolean() }), result: z.void() },
    /** The person read the notice. */
    understood: { args: z.void(), result: z.void() },
    /** The person asks for help, or doesn't want it any more. */
    help: { args: helpWordSchema, result: z.void() },
    ...CONSENT_CHAT_CALLS,
  },
  events: {
    stateChanged: consentStateSchema,
    chatChanged: chatViewSchema,
    /** A program typed while the window had the keyboard: what came since then (epoch ms) and isn't sent goes, and nothing more is written until it is over. */
    draftSpoiled: z.object({ sinceMs: z.number(), isOver: z.boolean() }),
    /** Hardware pressed the main button here: pixels of the display, from the window's corner; outside of it too. */
    pressed: z.object({ x: z.number(), y: z.number() }),
  },
} as const satisfies IpcContract
export type ConsentContract = typeof consentContract
