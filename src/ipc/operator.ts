import { z } from 'zod'
import { wireErrorSchema } from '#protocol/errors.ts'
import { helpQueueReplySchema, helpTakenReplySchema } from '#protocol/help/http.ts'
import { secondFactorAnswerSchema } from '#protocol/identity-http.ts'
import { deviceIdSchema, helpIdSchema, scriptIdSchema, sessionIdSchema } from '#protocol/ids.ts'
import { pageQuery } from '#protocol/page-http.ts'
import { VIEWS_MAX } from '#protocol/peer/control.ts'
import { numberMatchSchema } from '#protocol/person/number-match.ts'
import { proofSchema } from '#protocol/proof.ts'
import { deviceFilterSchema, devicesReplySchema } from '#protocol/records-http.ts'
import { scriptsReplySchema } from '#protocol/scripts/http.ts'
import { sessionNoteBodySchema, sessionNoteSchema } from '#protocol/session/note.ts'
import { furtherScopesSchema, scopesSchema } from '#protocol/session/scopes.ts'
import { sessionStateSchema } from '#protocol/session/state.ts'
import { unaskedCauseSchema } from '#protocol/session/unasked.ts'
import { deviceReplySchema } from '#protocol/sessions-http.ts'
import { displayLine } from '#protocol/text.ts'
import { grantSchema } from '#protocol/tools/grant.ts'
import { toolsReplySchema } from '#protocol/tools/http.ts'
import { toolSchema } from '#protocol/tools/tools.ts'
import { PASS_FILE_MAX_BYTES } from '#protocol/trust/access-pass.ts'
import { fingerprintsSchema } from '#protocol/trust/transcript.ts'
import { approvalBodySchema, waitingApprovalSchema } from '#protocol/unattended/http.ts'
import { pathsSchema } from '#protocol/wire/paths.ts'
import { signalSchema } from '#protocol/wire/signal.ts'
import { deviceViewSchema, organisationViewSchema, userViewSchema } from '#protocol/wire/views.ts'
import { adminCalls } from './admin/calls.ts'
import type { IpcContract } from './contract.ts'
import { registryCalls } from './registry.ts'
import { verificationCalls } from './verification.ts'
import { watchCalls, watchEvents, watches } from './watches.ts'

/** Names one session tab; main keeps what it stands for. */
export const ticketSchema = z.string().regex(/^tab_[a-z0-9]{16,32}$/)

export const icePaths = z.object({ ticket: ticketSchema, relayUrl: z.url().max(300), paths: pathsSchema })
export type TabPaths = z.infer<typeof icePaths>

/** One of a session's pictures in a window of its own. */
const view = z.number().int().min(1).max(VIEWS_MAX)
const displayId = z.string().min(1).max(64)

export const authStateSchema = z.discriminatedUnion('name', [
  z.object({ name: z.literal('restoring') }),
  z.object({ name: z.literal('signed-out'), lastRelayUrl: z.string(), lastEmail: z.string() }),
  /** The password was right. What stands for the half sign-in stays in main. */
  z.object({ name: z.literal('second-factor'), relayUrl: z.string(), email: z.string() }),
  /** The system's browser has it. Once it is done (`isDone`), it shows a code that is typed in here. */
  z.object({ name: z.literal('browser'), relayUrl: z.string(), isDone: z.boolean() }),
  z.object({
    name: z.literal('signed-in'),
    relayUrl: z.string(),
    user: userViewSchema,
    organisation: organisationViewSchema,
  }),
])
export type AuthState = z.infer<typeof authStateSchema>

/** `retryAtMs`, epoch: when the next try of an interrupted connection starts. `clock`: what to do where this computer's clock isn't the relay's. */
export const relayLinkStateSchema = z.discriminatedUnion('name', [
  z.object({ name: z.literal('offline') }),
  z.object({ name: z.literal('connecting') }),
  z.object({ name: z.literal('online'), clock: z.string().nullable() }),
  z.object({ name: z.literal('interrupted'), message: z.string(), retryAtMs: z.number() }),
])
export type RelayLinkState = z.infer<typeof relayLinkStateSchema>

/** Which devices, in which order, and from where on: the relay finds and sorts them, whatever their number. */
const deviceListArgsSchema = deviceFilterSchema.extend({
  cursor: pageQuery.cursor,
  limit: z.number().int().min(1).max(200).optional(),
})

/** What became of single devices. A window keeps what it shows of them true by it. */
export const devicesPatchSchema = z.object({ changed: z.array(deviceViewSchema), removed: z.array(deviceIdSchema) })
export type DevicesPatch = z.infer<typeof devicesPatchSchema>

/** What the app does about an unattended session whose connection was lost. `problem`: why the last try failed, for the person. */
const comeBackSchema = z.discriminatedUnion('name', [
  z.object({ name: z.literal('waiting'), retryAtMs: z.number(), problem: z.string().nullable() }),
  z.object({ name: z.literal('trying') }),
  /** It doesn't try again by itself. */
  z.object({ name: z.literal('stopped'), problem: z.string() }),
])
export type ComeBackState = z.infer<typeof comeBackSchema>

export const sessionTabSchema = z.object({
  ticket: ticketSchema,
  deviceId: deviceIdSchema,
  deviceName: displayLine(64),
  reason: displayLine(200),
  /** Of the organisation's own system, as it was asked with. */
  ticketReference: displayLine(60).nullable(),
  scopes: scopesSchema,
  state: sessionStateSchema,
  /** Which number to read out, and what the person sees; null before the device has said its half. */
  match: numberMatchSchema.nullable(),
  /** A refusal that ended the attempt, for the person: what happened and what to do. */
  error: wireErrorSchema.nullable(),
  startedAtMs: z.number(),
  /** The person's roles have no chat there: nothing is written either way. */
  withoutChat: z.literal(true).optional(),
  /** What its operator wrote about it. */
  note: sessionNoteSchema.optional(),
  /** Why the person wasn't asked, where they weren't. */
  unasked: unaskedCauseSchema.optional(),
  /** A session without a person at the device. */
  unattended: z
    .object({
      sessionId: z.string(),
      /** As people read it; null before it is there, after its use, and where the kiosk's own screen shows it. */
      password: z.string().nullable(),
      canResume: z.boolean(),
      /** Null while nothing was lost, and where its operator went by themselves. */
      comeBack: comeBackSchema.nullable(),
    })
    .optional(),
  /** What the device signed about it: nothing yet, some of it, all of it, or something that doesn't hold. */
  receipt: z.enum(['none', 'some', 'whole', 'broken']),
  /** Somebody else was there first: this operator joined them. */
  isJoined: z.boolean().optional(),
})
export type SessionTab = z.infer<typeof sessionTabSchema>

/** An access pass that the person opened, as a file or a link. Nothing happens with it before they agree. */
export const passOpeningSchema = z.discriminatedUnion('name', [
  /** Nobody is signed in. */
  z.object({ name: z.literal('waiting') }),
  z.object({ name: z.literal('reading') }),
  z.object({
    name: z.literal('offered'),
    deviceName: displayLine(64),
    reason: displayLine(200),
    scopes: scopesSchema,
    untilMs: z.number(),
  }),
  z.object({ name: z.literal('refused'), error: wireErrorSchema }),
])
export type PassOpening = z.infer<typeof passOpeningSchema>
const passOpening = passOpeningSchema.nullable()

const appInfoSchema = z.object({
  version: z.string(),
  shell: z.enum(['electron', 'chromium']),
  platform: z.string(),
})

/** Unattended sessions and runs of scripts of others that wait for this person's agreement. */
const approvals = z.array(waitingApprovalSchema).max(1_000)

/** People at devices who wait for help. */
const helpQueueSchema = z.object({
  status: z.enum(['loading', 'ready', 'failed']),
  /** With `failed` only. */
  error: wireErrorSchema.nullable(),
  waiting: helpQueueReplySchema.shape.waiting,
})
export type HelpQueue = z.infer<typeof helpQueueSchema>

const nothing = z.void()
const browserCode = z.strictObject({ code: z.string().regex(/^\d{6}$/) })

/** The operator window. Failed calls reject with a `WireError`: a class doesn't survive the way between two worlds. */
export const operatorContract = {
  calls: {
    /** All state at once; a window asks for it when it loads, and then follows the events. */
    snapshot: {
      args: z.void(),
      result: z.object({
        app: appInfoSchema,
        auth: authStateSchema,
        link: relayLinkStateSchema,
        sessions: z.array(sessionTabSchema),
        approvals,
        help: helpQueueSchema,
        watches,
        pass: passOpening,
      }),
    },
    signIn: {
      args: z.strictObject({
        relayUrl: z.string().min(1).max(300),
        email: z.string().min(1).max(254),
        password: z.string().min(1).max(1024),
      }),
      result: nothing,
    },
    /** The second step, for those who have an authenticator app. */
    finishSignIn: { args: secondFactorAnswerSchema, result: nothing },
    /** Opens the system's browser: at the identity provider of the address's organisation, or without an address at the relay, for a passkey. */
    beginBrowserSignIn: {
      args: z.strictObject({ relayUrl: z.string().min(1).max(300), email: z.string().min(1).max(254).nullable() }),
      result: nothing,
    },
    /** With the code that the browser shows at its end. */
    finishBrowserSignIn: { args: browserCode, result: nothing },
    /** The same, to prove again who is signed in here. With `isSso` at the identity provider, else with a passkey. */
    beginBrowserProof: { args: z.strictObject({ isSso: z.boolean() }), result: nothing },
    finishBrowserProof: { args: browserCode, result: nothing },
    /** Back to the first step. */
    cancelSignIn: { args: z.void(), result: nothing },
    signOut: { args: z.void(), result: nothing },
    /** One page of the devices that the person may reach. */
    listDevices: { args: deviceListArgsSchema, result: devicesReplySchema },
    readDevice: { args: z.strictObject({ deviceId: deviceIdSchema }), result: deviceReplySchema },
    startSession: {
      args: z.strictObject({
        deviceId: deviceIdSchema,
        reason: z.string().max(200),
        ticketReference: z.string().max(60).nullable(),
        scopes: scopesSchema,
        /** Nobody at the device is asked. */
        isUnattended: z.boolean(),
        /** The person is told and not asked, where that is allowed. */
        skipsConsent: z.boolean().optional(),
        /** Into the session that somebody else has with the device. */
        joins: z.boolean().optional(),
      }),
      result: z.object({ ticket: ticketSchema }),
    },
    /** Keeps what came of the session with it; an empty text takes it away. */
    noteSession: { args: sessionNoteBodySchema.extend({ ticket: ticketSchema }), result: nothing },
    /** Proves the one-time password to the device. */
    openUnattended: {
      args: z.strictObject({ ticket: ticketSchema, password: z.string().max(64) }),
      result: nothing,
    },
    /** Comes back to an unattended session, with the key that its last connection left. */
    resumeSession: { args: z.strictObject({ ticket: ticketSchema }), result: nothing },
    /** Ends the session, or withdraws the request; one without a person is only left, and ended when nobody is in it. */
    endSession: { args: z.strictObject({ ticket: ticketSchema }), result: nothing },
    /** Forgets the tab; a session that still lives is ended first. */
    closeTab: { args: z.strictObject({ ticket: ticketSchema }), result: nothing },
    /** Keeps the device's receipt as a file in the person's documents and tells where. */
    saveReceipt: { args: z.strictObject({ ticket: ticketSchema }), result: z.object({ path: z.string() }) },
    /** Writes an access pass of this tab's session where the person wants it; `name` is null where they want none. */
    savePass: { args: z.strictObject({ ticket: ticketSchema }), result: z.object({ name: z.string().nullable() }) },
    /** The same as a link, which holds an id and nothing else. */
    passLink: { args: z.strictObject({ ticket: ticketSchema }), result: z.object({ link: z.string().max(100) }) },
    /** Files that the person let go over the window, as what is in them: the first two, and nothing of one that is too large for a pass. */
    dropPass: {
      args: z.strictObject({ texts: z.array(z.string().max(PASS_FILE_MAX_BYTES)).min(1).max(2) }),
      result: nothing,
    },
    /** Yes to the pass that was opened. */
    openPass: { args: z.void(), result: z.object({ ticket: ticketSchema }) },
    dismissPass: { args: z.void(), result: nothing },
    /** What this window's connection stands on, from its own descriptions, once it has answered. */
    proveConnection: {
      args: z.strictObject({ ticket: ticketSchema, fingerprints: fingerprintsSchema }),
      result: nothing,
    },
    /** From this window's peer to the agent's. */
    sendSignal: { args: z.strictObject({ ticket: ticketSchema, signal: signalSchema }), result: nothing },
    openDisplayWindow: {
      args: z.strictObject({ ticket: ticketSchema, displayId, displayName: displayLine(64) }),
      result: nothing,
    },
    /** From the agent's peer to that of a display's window. */
    sendViewSignal: { args: z.strictObject({ ticket: ticketSchema, view, signal: signalSchema }), result: nothing },
    closeDisplayWindow: { args: z.strictObject({ ticket: ticketSchema, view }), result: nothing },
    /** Asks the person at the device for more in a session that lives. */
    askFurther: { args: z.strictObject({ ticket: ticketSchema, scopes: furtherScopesSchema }), result: nothing },
    /** What the policy lets the person ask for on a device beside its screen. */
    availableTools: { args: z.strictObject({ deviceId: deviceIdSchema }), result: toolsReplySchema },
    /** The organisation's scripts that this person sees. */
    scripts: { args: z.void(), result: scriptsReplySchema.pick({ scripts: true }) },
    /** A grant of the relay's for one tool of a session, with the proof of the session's key, which stays in main. */
    requestTool: {
      args: z.strictObject({ ticket: ticketSchema, tool: toolSchema, scriptId: scriptIdSchema.optional() }),
      result: z.object({ grant: grantSchema, proof: proofSchema }),
    },
    /** Agrees to an unattended session of somebody else, or doesn't. The first answer is final. */
    answerApproval: { args: approvalBodySchema.extend({ sessionId: sessionIdSchema }), result: nothing },
    /** Whose code this is; it is used up by that. */
    redeemHelpCode: { args: z.strictObject({ code: z.string().max(30) }), result: helpTakenReplySchema },
    takeHelp: { args: z.strictObject({ helpId: helpIdSchema }), result: helpTakenReplySchema },
    refreshHelp: { args: z.void(), result: nothing },
    ...watchCalls,
    setFullScreen: { args: z.strictObject({ on: z.boolean() }), result: nothing },
    ...verificationCalls,
    ...registryCalls,
    ...adminCalls,
  },
  events: {
    authChanged: authStateSchema,
    linkChanged: relayLinkStateSchema,
    devicesPatched: devicesPatchSchema,
    /** More may have changed than was told: lists are to be asked for anew. */
    devicesStale: nothing,
    sessionsChanged: z.array(sessionTabSchema),
    approvalsChanged: approvals,
    helpChanged: helpQueueSchema,
    ...watchEvents,
    /** A second person looks at this session now: its tools can be asked for again. */
    watchBegan: z.object({ ticket: ticketSchema }),
    passChanged: passOpening,
    /** The device at the other end of this tab's connection is proven. Nothing of it counts before. */
    peerVerified: z.object({ ticket: ticketSchema, fingerprints: fingerprintsSchema }),
    /** How connections of this tab that are made from now on may reach the device. */
    pathsChanged: icePaths,
    /** From the agent's peer to this window's. */
    signalReceived: z.object({ ticket: ticketSchema, signal: signalSchema }),
    /** A display's window is there, for the first time or again: its picture is to be asked for. */
    displayWindowReady: z.object({ ticket: ticketSchema, view, displayId }),
    displayWindowClosed: z.object({ ticket: ticketSchema, view }),
    /** From the peer of a display's window to the agent's. */
    viewSignalReceived: z.object({ ticket: ticketSchema, view, signal: signalSchema }),
  },
} as const satisfies IpcContract
export type OperatorContract = typeof operatorContract
