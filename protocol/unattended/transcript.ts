import type { Scope } from '../session/scopes.ts'

/** What a proof is for. A proof that was made for one of these is worthless for any other. */
export interface ProofSubject {
  readonly sessionId: string
  readonly deviceId: string
  /** Thumbprint of the operator's session key. */
  readonly operatorKeyThumbprint: string
  /** Made by the agent for this one way in. */
  readonly agentNonce: string
  /** `jti` of the access pass that comes with the proof. */
  readonly passId: string
  readonly scopes: readonly Scope[]
}

/** The same bytes on both sides: each member on a line of its own, in this order. None of them can hold a line break. */
export const transcriptBytes = (kind: 'password' | 'resume', subject: ProofSubject): Uint8Array =>
  new TextEncoder().encode(
    [
      `handhold-unattended-${kind}-1`,
      subject.sessionId,
      subject.deviceId,
      subject.operatorKeyThumbprint,
      subject.agentNonce,
      subject.passId,
      [...subject.scopes].sort().join(' '),
    ].join('\n'),
  )
