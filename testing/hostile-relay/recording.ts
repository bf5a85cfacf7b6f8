import type { OperatorChain } from '#protocol/trust/strict/operator-chain.ts'

/** What of a session may be used again in a later one. */
export interface Recording {
  pass?: string
  proof?: string
  operatorTranscript?: string
  deviceTranscript?: string
  offer?: string
  chain?: OperatorChain
}
