import { z } from 'zod'
import { helpNewsSchema, helpWishSchema } from '../help/wire.ts'
import { deviceIdSchema, scriptRunIdSchema, sessionIdSchema } from '../ids.ts'
import { nonceSchema, passVerificationKeySchema, thumbprintSchema } from '../keys.ts'
import { SESSION_DURATION_MS } from '../limits.ts'
import { PASS_MAX_LENGTH } from '../pass.ts'
import { matchCommitmentSchema, matchSecretSchema } from '../person/number-match.ts'
import { proofSchema } from '../proof.ts'
import { scriptReportMessage, scriptRunMessage, scriptStopMessage } from '../scripts/wire.ts'
import { endReasonSchema } from '../session/reasons.ts'
import { furtherScopesSchema, scopesSchema } from '../session/scopes.ts'
import { sessionEventSchema, sessionStateSchema } from '../session/state.ts'
import { unaskedRulesSchema } from '../session/unasked.ts'
import { displayLine } from '../text.ts'
import { toolReportSchema } from '../tools/audit.ts'
import { watchedMessage, watchMessage } from '../tools/watch/wire.ts'
import { handoversSchema } from '../trust/key-handover.ts'
import { receiptTextSchema } from '../trust/receipt.ts'
import { operatorChainSchema } from '../trust/strict/operator-chain.ts'
import { organisationOrderTextSchema } from '../trust/strict/organisation-order.ts'
import { TOKEN_MAX_LENGTH } from '../trust/token.ts'
import { joinSecretSchema, otpOfferSchema, unattendedOrderSchema } from '../unattended/wire.ts'
import { deviceInventorySchema } from './inventory.ts'
import { pathsMessage } from './paths.ts'
import { signalSchema } from './signal.ts'
import { deviceFactsSchema, deviceOwnerSchema, organisationViewSchema, userViewSchema } from './views.ts'
import { wakeOrderSchema } from './wake.ts'

/** Why something of an operator's program wasn't taken; `banner`: it was meant for the window that belongs to the person alone; `asking`: a question stands before them; `turn`: another operator in the session has mouse and keyboard. */
export const dropReasonSchema = z.enum(['scope', 'paused', 'frozen', 'asking', 'turn', 'banner', 'invalid'])
export type DropReason = z.infer<typeof dropReasonSchema>

/** Who asks for a session, for what and why: the words that the consent dialog shows. */
export const sessionRequestSchema = z.object({
  sessionId: sessionIdSchema,
  operator: userViewSchema,
  organisation: organisationViewSchema,
  reason: displayLine(200),
  ticket: displayLine(60).nullable(),
  scopes: scopesSchema,
  /** The operator's session key; the pass must be bound to it. */
  operatorKeyThumbprint: thumbprintSchema,
  consentTimeoutMs: z.number().int().min(5_000).max(120_000),
  /** The longest that a "yes" may last. */
  durationMs: z.number().int().min(60_000).max(SESSION_DURATION_MS).default(SESSION_DURATION_MS),
  /** The session ends when its operator does nothing for so long. */
  idleMs: z.number().int().min(1_000).max(SESSION_DURATION_MS).optional(),
  /** The operator's roles have no `chat` here: nothing is written either way. */
  withoutChat: z.literal(true).optional(),
  /** With it the person has to pick the operator's number of three; null where the operator's program can't tell one. */
  matchCommitment: matchCommitmentSchema.nullable().default(null),
  /** Where the policy wants no answer of the person's; a device takes of it what its own configuration allows. */
  unasked: unaskedRulesSchema.optional(),
  /** Nobody is asked at the device: a one-time password opens it instead. */
  unattended: unattendedOrderSchema.optional(),
  /** Who vouches for the operator; a device of a strict organisation takes no request without it. */
  operatorChain: operatorChainSchema.optional(),
  /** The session of somebody else, which this operator wants to be in as well. */
  beside: sessionIdSchema.optional(),
})
export type SessionRequest = z.infer<typeof sessionRequestSchema>

/** Agent → relay, on `/v1/agent/socket`. `agent.hello` is first, within 5 s of the relay's. */
export const agentToRelaySchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('agent.hello'),
    protocolVersion: z.number().int(),
    deviceId: deviceIdSchema,
    /** Kind `device`, over the nonce of the relay's hello. */
    proof: proofSchema,
    facts: deviceFactsSchema,
    owner: deviceOwnerSchema.nullable(),
    /** Made anew at each start of the agent, and how many starts its state has seen: an older number is an older copy of the state. */
    boot: z.object({ id: nonceSchema, count: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER) }),
    /** Every session that the agent has, with its state: the relay ends what it doesn't know and closes what is missing. */
    sessions: z.array(z.object({ sessionId: sessionIdSchema, state: sessionStateSchema })).max(20),
    /** Runs of scripts that the agent has taken and that aren't over for the relay: it gives up what is missing. */
    runs: z.array(scriptRunIdSchema).max(20).default([]),
  }),
  z.object({
    type: z.literal('session.event'),
    sessionId: sessionIdSchema,
    event: sessionEventSchema,
    /** With `consent-granted`, `otp-issued` and `lingering` only. */
    agentNonce: nonceSchema.optional(),
    /** With `otp-issued` only. */
    otp: otpOfferSchema.optional(),
  }),
  /** For a request with a commitment: the device's half of the numbers. Said once, before the operator's half is known. */
  z.object({ type: z.literal('session.match'), sessionId: sessionIdSchema, nonce: nonceSchema }),
  /** The operator's program sent what it may not; once for each kind. */
  z.object({
    type: z.literal('session.dropped'),
    sessionId: sessionIdSchema,
    kind: z.string().max(32),
    why: dropReasonSchema,
  }),
  /** Of two operators on this device, the one of this session has mouse and keyboard from now on. */
  z.object({ type: z.literal('session.turn'), sessionId: sessionIdSchema }),
  z.object({ type: z.literal('device.inventory'), inventory: deviceInventorySchema }),
  z.object({ type: z.literal('session.signal'), sessionId: sessionIdSchema, signal: signalSchema }),
  /** What was taken away at the end of an unattended session, for the audit. */
  z.object({
    type: z.literal('session.teardown'),
    sessionId: sessionIdSchema,
    removed: z.array(displayLine(120)).max(20),
  }),
  /** Too many wrong passwords: this device takes no unattended session until an administrator allows it again. Said again at each welcome. */
  z.object({ type: z.literal('unattended.off'), wrongTries: z.number().int().min(0) }),
  /** Asks for a `session.lease` with this nonce: at the join and every 30 s from then on. */
  z.object({ type: z.literal('session.lease-request'), sessionId: sessionIdSchema, nonce: nonceSchema }),
  /** What is about to be done with a tool; its acknowledgement says that it is in the audit. */
  z.object({ type: z.literal('session.tool'), sessionId: sessionIdSchema, report: toolReportSchema }),
  /** What is done with a tool that takes a second person, for that person alone. */
  watchedMessage,
  /** What the device signed for the person, also of sessions that are long over. Sent again until it is acknowledged. */
  z.object({ type: z.literal('session.receipt'), sessionId: sessionIdSchema, receipt: receiptTextSchema }),
  scriptReportMessage,
  /** The person here wants help; a newer wish replaces the one before. Answered with `help.changed` before it is acknowledged. */
  z.object({ type: z.literal('help.ask'), wish: helpWishSchema }),
  /** They don't want it any more. */
  z.object({ type: z.literal('help.withdraw') }),
])
export type AgentToRelay = z.infer<typeof agentToRelaySchema>

/** Relay → agent. None of these can set consent. */
export const relayToAgentSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    protocolVersion: z.number().int(),
    nonce: nonceSchema,
    serverTimeMs: z.number().int(),
  }),
  z.object({
    type: z.literal('welcome'),
    organisation: organisationViewSchema,
    passKeys: z.array(passVerificationKeySchema).min(1).max(4),
    /** Older recordings of terminals are deleted; null or left out keeps them. */
    recordingDays: z.number().int().min(1).max(3_650).nullish(),
    /** Whether the policy lets operators come here without a person; whoever is there is told at the agent's next start. */
    unattended: z.boolean().optional(),
    /** How the keys of before handed over to these, oldest first. */
    handovers: handoversSchema.default([]),
  }),
  /** Other keys sign from now on. */
  z.object({ type: z.literal('keys.changed'), handovers: handoversSchema }),
  /** Instead of the welcome: the device waits for an administrator's approval. The connection is closed when that is decided. */
  z.object({ type: z.literal('standby') }),
  /** Only to be acknowledged: another connection has just proved the same key. */
  z.object({ type: z.literal('presence.check') }),
  z.object({ type: z.literal('session.request'), request: sessionRequestSchema }),
  /** The operator of a live session wants more: the person is asked for that alone. */
  z.object({ type: z.literal('session.further'), sessionId: sessionIdSchema, scopes: furtherScopesSchema }),
  /** The operator's half of the numbers, which must fit the request's commitment. */
  z.object({ type: z.literal('session.match'), sessionId: sessionIdSchema, secret: matchSecretSchema }),
  z.object({
    type: z.literal('session.join'),
    sessionId: sessionIdSchema,
    pass: z.string().min(1).max(PASS_MAX_LENGTH),
    proof: proofSchema,
    /** Unattended sessions only. */
    secret: joinSecretSchema.optional(),
  }),
  /** Unattended: the operator goes away and may come back. */
  z.object({ type: z.literal('session.leave'), sessionId: sessionIdSchema }),
  /** An administrator allows unattended sessions again. */
  z.object({ type: z.literal('unattended.allow') }),
  z.object({ type: z.literal('help.changed'), help: helpNewsSchema }),
  /** What the organisation's key says. Sent after the welcome and whenever there is a newer one. */
  z.object({ type: z.literal('organisation.order'), order: organisationOrderTextSchema }),
  /** A device near this one is asleep: send the packet that wakes its network cards. */
  z.object({ type: z.literal('device.wake'), order: wakeOrderSchema }),
  pathsMessage,
  z.object({ type: z.literal('session.signal'), sessionId: sessionIdSchema, signal: signalSchema }),
  z.object({ type: z.literal('session.end'), sessionId: sessionIdSchema, reason: endReasonSchema }),
  watchMessage,
  scriptRunMessage,
  scriptStopMessage,
  /** The answer to `session.lease-request` while the operator may be there; otherwise the session is ended. */
  z.object({
    type: z.literal('session.lease'),
    sessionId: sessionIdSchema,
    lease: z.string().min(1).max(TOKEN_MAX_LENGTH),
  }),
])
export type RelayToAgent = z.infer<typeof relayToAgentSchema>
