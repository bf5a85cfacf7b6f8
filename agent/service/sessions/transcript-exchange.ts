import { HandholdError } from '#protocol/errors.ts'
import { type ProofClaims, verifyProof } from '#protocol/proof.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import { type Fingerprints, requireSameConnection, type TranscriptClaims } from '#protocol/trust/transcript.ts'

export interface TranscriptExchangeOptions {
  readonly sessionId: string
  readonly deviceId: string
  readonly agentNonce: string
  readonly scopes: readonly Scope[]
  readonly untilMs: number
  readonly operatorKeyThumbprint: string
  readonly sign: (claims: ProofClaims<'transcript'>) => Promise<string>
  /** The operator's proof is right; `transcript` is this device's, for them. */
  readonly onVerified: (transcript: string) => void
  /** Somebody else than the operator who joined is at the other end. */
  readonly onRefused: (why: string) => void
}

/**
 * The proof that this device's connection and the operator's are one and the same. It waits for the operator's transcript and for the fingerprints that the
 * host's connection really has, whichever comes first, and decides once; this device's own transcript leaves only after the operator's was right.
 */
export class TranscriptExchange {
  readonly #options: TranscriptExchangeOptions
  #fingerprints: Fingerprints | undefined
  #transcript: string | undefined
  #isDecided = false

  constructor(options: TranscriptExchangeOptions) {
    this.#options = options
  }

  /** What the host's connection has. Another word later than the first is another connection, which nobody agreed to. */
  takeFingerprints(fingerprints: Fingerprints): void {
    const known = this.#fingerprints
    if (known && (known.own !== fingerprints.own || known.peer !== fingerprints.peer)) {
      this.#isDecided = true
      this.#options.onRefused('the fingerprints changed')
      return
    }
    this.#fingerprints = fingerprints
    this.#decide()
  }

  /** The operator's, by way of the relay. Throws `bad-request` for a second one. */
  takeTranscript(transcript: string): void {
    if (this.#transcript !== undefined) throw new HandholdError('bad-request', 'A session takes one transcript.')
    this.#transcript = transcript
    this.#decide()
  }

  #decide(): void {
    if (this.#isDecided || this.#fingerprints === undefined || this.#transcript === undefined) return
    this.#isDecided = true
    this.#answer(this.#transcript, this.#fingerprints).then(this.#options.onVerified, thrown =>
      this.#options.onRefused(thrown instanceof Error ? thrown.message : String(thrown)),
    )
  }

  async #answer(transcript: string, { own, peer }: Fingerprints): Promise<string> {
    const { sessionId, deviceId, agentNonce, scopes, untilMs, operatorKeyThumbprint, sign } = this.#options
    const theirs = await verifyProof('transcript', transcript, operatorKeyThumbprint)
    const claims: TranscriptClaims = {
      role: 'device',
      sessionId,
      deviceId,
      fingerprint: own,
      peerFingerprint: peer,
      agentNonce,
      operatorNonce: theirs.operatorNonce,
      scopes: [...scopes],
      untilMs,
    }
    requireSameConnection(theirs, claims)
    // The relay may have shortened the grant, and nobody may lengthen it.
    if (theirs.untilMs > untilMs)
      throw new HandholdError('identity-changed', 'The operator was told of a longer grant.')
    return sign(claims)
  }
}
