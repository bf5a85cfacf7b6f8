import { z } from 'zod'
import { CONNECTIONS_PER_SESSION } from '../limits.ts'
import { proofSchema } from '../proof.ts'

/** Longest SDP that leaves room for its envelope in a 64 KiB frame. */
const SDP_MAX_CHARACTERS = 60 * 1024

/** Which connection of its session something is about; the first one has no number. */
const connection = z.number().int().min(1).max(CONNECTIONS_PER_SESSION)

/** What two peers tell each other to connect. The relay passes it on and never reads the SDP; only peers parse it. */
export const signalSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('offer'),
    sdp: z.string().min(1).max(SDP_MAX_CHARACTERS),
    connection: connection.optional(),
  }),
  z.object({ kind: z.literal('answer'), sdp: z.string().min(1).max(SDP_MAX_CHARACTERS) }),
  z.object({
    kind: z.literal('candidate'),
    candidate: z.string().max(1024),
    sdpMid: z.string().max(64).nullable(),
    sdpMLineIndex: z.number().int().min(0).max(64).nullable(),
  }),
  /** Proof of kind `transcript`: the operator's follows its answer, the device's follows that. */
  z.object({ kind: z.literal('transcript'), transcript: proofSchema, connection: connection.optional() }),
  /** The operator's connection is lost: the device gives it up and offers another one, which is proven as the first was. Offers of another number are late. */
  z.object({ kind: z.literal('again'), connection }),
])
export type Signal = z.infer<typeof signalSchema>
