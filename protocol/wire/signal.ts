import { z } from 'zod'
import { proofSchema } from '../proof.ts'

/** Longest SDP that leaves room for its envelope in a 64 KiB frame. */
const SDP_MAX_CHARACTERS = 60 * 1024

/** What two peers tell each other to connect. The relay passes it on and never reads the SDP; only peers parse it. */
export const signalSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('offer'), sdp: z.string().min(1).max(SDP_MAX_CHARACTERS) }),
  z.object({ kind: z.literal('answer'), sdp: z.string().min(1).max(SDP_MAX_CHARACTERS) }),
  z.object({
    kind: z.literal('candidate'),
    candidate: z.string().max(1024),
    sdpMid: z.string().max(64).nullable(),
    sdpMLineIndex: z.number().int().min(0).max(64).nullable(),
  }),
  /** Proof of kind `transcript`: the operator's follows its answer, the device's follows that. */
  z.object({ kind: z.literal('transcript'), transcript: proofSchema }),
])
export type Signal = z.infer<typeof signalSchema>
