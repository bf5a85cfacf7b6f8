import { z } from 'zod'
import { deviceIdSchema, sessionIdSchema } from '../ids.ts'
import { nonceSchema } from '../keys.ts'
import { PASS_MAX_LENGTH } from '../pass.ts'
import { matchSecretSchema } from '../person/number-match.ts'
import { proofSchema } from '../proof.ts'
import { watchBeatMessage, watchShownMessage } from '../tools/watch/wire.ts'
import { receiptTextSchema } from '../trust/receipt.ts'
import { joinSecretSchema } from '../unattended/wire.ts'
import { pathsMessage } from './paths.ts'
import { signalSchema } from './signal.ts'
import { deviceViewSchema, sessionViewSchema } from './views.ts'

/** Operator app → relay, on `/v1/operator/socket`. */
export const operatorToRelaySchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('session.join'),
    sessionId: sessionIdSchema,
    pass: z.string().min(1).max(PASS_MAX_LENGTH),
    proof: proofSchema,
    /** Unattended sessions only. */
    secret: joinSecretSchema.optional(),
  }),
  /** Unattended: goes away and may come back within a quarter of an hour. */
  z.object({ type: z.literal('session.leave'), sessionId: sessionIdSchema }),
  z.object({ type: z.literal('session.signal'), sessionId: sessionIdSchema, signal: signalSchema }),
  /** `identity-changed`: the operator app refuses the device's proof. */
  z.object({
    type: z.literal('session.end'),
    sessionId: sessionIdSchema,
    reason: z.enum(['operator-ended', 'identity-changed']).optional(),
  }),
  watchBeatMessage,
  /** Once the device's nonce is known, never before. */
  z.object({ type: z.literal('session.match'), sessionId: sessionIdSchema, secret: matchSecretSchema }),
])
export type OperatorToRelay = z.infer<typeof operatorToRelaySchema>

/** Relay → operator app. `hello` is first: everything that the operator may see at that moment. */
export const relayToOperatorSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    protocolVersion: z.number().int(),
    serverTimeMs: z.number().int(),
    sessions: z.array(sessionViewSchema).max(500),
  }),
  z.object({ type: z.literal('device.changed'), device: deviceViewSchema }),
  z.object({ type: z.literal('device.removed'), deviceId: deviceIdSchema }),
  /** Somebody asked for an approval that this person may give, or it was answered: ask for the list. */
  z.object({ type: z.literal('approvals.changed') }),
  /** Somebody joined or left the queue of those who ask for help: ask for the list. */
  z.object({ type: z.literal('help.changed') }),
  /** A tool of somebody's session wants a second person, or has one: ask for the list. */
  z.object({ type: z.literal('watches.changed') }),
  watchShownMessage,
  /** A second person looks at this session of yours: its tool can be asked for again. */
  z.object({ type: z.literal('session.watch-began'), sessionId: sessionIdSchema }),
  z.object({ type: z.literal('session.changed'), session: sessionViewSchema }),
  /** The device's half of the numbers of a request. */
  z.object({ type: z.literal('session.match'), sessionId: sessionIdSchema, nonce: nonceSchema }),
  pathsMessage,
  z.object({ type: z.literal('session.signal'), sessionId: sessionIdSchema, signal: signalSchema }),
  /** The device's receipt of a session of this operator's. */
  z.object({ type: z.literal('session.receipt'), sessionId: sessionIdSchema, receipt: receiptTextSchema }),
])
export type RelayToOperator = z.infer<typeof relayToOperatorSchema>
