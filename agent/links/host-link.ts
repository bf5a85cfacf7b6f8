import { z } from 'zod'
import { areaSchema } from '#protocol/consent.ts'
import { sessionIdSchema } from '#protocol/ids.ts'
import { chatMessageSchema } from '#protocol/peer/chat.ts'
import { companySchema } from '#protocol/peer/company.ts'
import { endReasonSchema } from '#protocol/session/reasons.ts'
import { scopesSchema } from '#protocol/session/scopes.ts'
import { grantSchema } from '#protocol/tools/grant.ts'
import { toolLevelSchema, toolSchema } from '#protocol/tools/tools.ts'
import { fingerprintsSchema } from '#protocol/trust/transcript.ts'
import { dropReasonSchema } from '#protocol/wire/agent.ts'
import { pathsSchema } from '#protocol/wire/paths.ts'
import { signalSchema } from '#protocol/wire/signal.ts'
import { proxySchema } from '../../reach/proxy.ts'

/** Where a host finds its desktop. `fake` comes only from a composition in a test. */
export const desktopTargetSchema = z.object({
  platform: z.enum(['linux', 'win32', 'darwin', 'fake']),
  displayAddress: z.string().max(200).nullable(),
  /** A kiosk's privacy while somebody works on it: see `DesktopOptions`. */
  isCovered: z.boolean().optional(),
  blocksLocalInput: z.boolean().optional(),
})
export type DesktopTarget = z.infer<typeof desktopTargetSchema>

/** Input that is down on the desktop: DOM key codes and button numbers. Bounded, because a peer decides how much is pressed. */
export const HELD_MAX = 64
export const heldInputSchema = z.object({
  keys: z.array(z.string().min(1).max(32)).max(HELD_MAX),
  buttons: z.array(z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3), z.literal(4)])).max(5),
})
export type HeldInput = z.infer<typeof heldInputSchema>

/** The person's own window: no press of the operator's gets to where it stands, and while it has the keyboard no key of theirs gets anywhere. */
export const keepOutSchema = z.object({ area: areaSchema.nullable(), hasKeyboard: z.boolean() })
export type KeepOut = z.infer<typeof keepOutSchema>
export const NO_KEEP_OUT: KeepOut = { area: null, hasKeyboard: false }

/**
 * Agent service → session host, over the inherited process channel. `prepare` is first.
 */
export const serviceToHostSchema = z.discriminatedUnion('type', [
  /** Load and open everything; no byte of a peer comes before `start`. */
  z.object({ type: z.literal('prepare'), target: desktopTargetSchema }),
  /** The person agreed and the operator proved who they are: offer a connection. */
  z.object({
    type: z.literal('start'),
    sessionId: sessionIdSchema,
    scopes: scopesSchema,
    /** A connection that is lost is waited for; without it the session is over with it. */
    mayReturn: z.boolean().optional(),
  }),
  z.object({ type: z.literal('signal'), signal: signalSchema }),
  /** How connections that are made from now on may reach the operator; `relayUrl` is where this agent's relay is, and `proxy` what leads there. */
  z.object({
    type: z.literal('set-paths'),
    relayUrl: z.url().max(300),
    proxy: proxySchema.optional(),
    paths: pathsSchema,
  }),
  /** What the person allows from now on. */
  z.object({ type: z.literal('set-scopes'), scopes: scopesSchema }),
  /** The other end of the connection is the operator's: until this comes nothing of them is read and nothing is sent. */
  z.object({ type: z.literal('trust-peer') }),
  /** While paused no frame leaves and no input is accepted. */
  z.object({ type: z.literal('set-paused'), paused: z.boolean() }),
  /** Without a lease no input is accepted; the picture goes on. */
  z.object({ type: z.literal('set-frozen'), frozen: z.boolean() }),
  /** While the person is asked for more no input is accepted: nobody else may answer. The picture goes on. */
  z.object({ type: z.literal('set-asking'), asking: z.boolean() }),
  /** Who is in the session, with this operator among them: without a turn no input is accepted; the picture goes on. */
  z.object({ type: z.literal('set-company'), people: companySchema }),
  /** What belongs to the person alone. */
  z.object({ type: z.literal('set-keep-out'), keepOut: keepOutSchema }),
  /** From the person to the operator. */
  z.object({ type: z.literal('chat'), chat: chatMessageSchema }),
  /** Comes with the descriptor to the helper of this level. */
  z.object({ type: z.literal('helper'), level: toolLevelSchema }),
  z.object({ type: z.literal('helper-gone'), level: toolLevelSchema }),
  /** A tool that was asked for isn't opened. */
  z.object({
    type: z.literal('tool-refused'),
    tool: toolSchema,
    code: z.string().max(40),
    message: z.string().max(300),
  }),
  /** Tell the operator, release everything, exit. */
  z.object({ type: z.literal('stop'), reason: endReasonSchema }),
])
export type ServiceToHost = z.infer<typeof serviceToHostSchema>

/** Agent service → release program, which lifts what a host that died left down and ends. */
export const serviceToReleaseSchema = z.object({
  type: z.literal('release'),
  target: desktopTargetSchema,
  held: heldInputSchema,
})
export type ServiceToRelease = z.infer<typeof serviceToReleaseSchema>

/** How often at most a host says that its operator does something. */
export const HOST_ACTIVITY_INTERVAL_MS = 1_000

/** Session host → agent service. */
export const hostToServiceSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('signal'), signal: signalSchema }),
  /** What the connection really has, from its own descriptions. Null where it has no single one. */
  z.object({ type: z.literal('fingerprints'), fingerprints: fingerprintsSchema.nullable() }),
  /** The answer to `trust-peer`: only now may the other side begin to speak, or its first words could come before the trust in them. */
  z.object({ type: z.literal('peer-trusted') }),
  /** Connected, and each side has proven itself to the other; the second took this long after the first. */
  z.object({ type: z.literal('peer-connected'), proofMs: z.number().nonnegative() }),
  /** The operator asked for another connection: what is said of one from now on is about this one. */
  z.object({ type: z.literal('renewed'), connection: z.number().int().positive() }),
  z.object({ type: z.literal('link-interrupted'), giveUpInMs: z.number().int().nonnegative() }),
  z.object({ type: z.literal('link-restored') }),
  /** The operator does something: input, words, a tool, another display. */
  z.object({ type: z.literal('activity') }),
  /** Sent before a press reaches the desktop and after a release did, so that the service always knows at least what is down. */
  z.object({ type: z.literal('held'), held: heldInputSchema }),
  /** Input of this kind was refused; once for each kind. */
  z.object({
    type: z.literal('input-dropped'),
    kind: z.string().max(32),
    why: dropReasonSchema,
  }),
  /** A pause or its end is in force: said after the last frame and the last input of the time before. */
  z.object({ type: z.literal('paused-is'), paused: z.boolean() }),
  /** The operator wants to give mouse and keyboard away, or to have them back. */
  z.object({ type: z.literal('turn-wished'), wish: z.enum(['give', 'take']) }),
  /** Said when nothing of this operator's is held and nothing more comes, after a turn was taken from them. */
  z.object({ type: z.literal('turn-over') }),
  /** From the operator to the person. */
  z.object({ type: z.literal('chat'), chat: chatMessageSchema }),
  /** The operator brings a grant for a tool whose helper isn't there yet. */
  z.object({ type: z.literal('start-tool'), tool: toolSchema, grant: grantSchema }),
  /** The operator asked for a tool that the session doesn't have; once for each. */
  z.object({ type: z.literal('tool-refused'), tool: toolSchema.nullable(), code: z.string().max(40) }),
  z.object({ type: z.literal('ended'), reason: endReasonSchema }),
  z.object({ type: z.literal('log'), level: z.enum(['info', 'warn', 'error']), message: z.string().max(500) }),
])
export type HostToService = z.infer<typeof hostToServiceSchema>
