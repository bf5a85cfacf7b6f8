import { HandholdError } from '#protocol/errors.ts'
import { type Ed25519PublicJwk, thumbprintOf } from '#protocol/keys.ts'
import { type ProofClaims, verifyProof } from '#protocol/proof.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import { type Fingerprints, requireSameConnection, type TranscriptClaims } from '#protocol/trust/transcript.ts'

export interface TranscriptCheckOptions {
  readonly sessionId: string
  readonly deviceId: string
  /** Pinned; never what the relay says now. */
  readonly deviceKey: Ed25519PublicJwk
  readonly agentNonce: string
  readonly operatorNonce: string
  readonly scopes: readonly Scope[]
  readonly untilMs: number
  readonly sign: (claims: ProofClaims<'transcript'>) => Promise<string>
}

/** One connection of a session as the operator's side proves it: this app's transcript goes out, the device's comes back, and both must say the same. */
export class TranscriptCheck {
  readonly #options: TranscriptCheckOptions
  #claims: TranscriptClaims | undefined

  constructor(options: TranscriptCheckOptions) {
    this.#options = options
  }

  /** This app's transcript for the connection with these fingerprints. */
  async sign({ own, peer }: Fingerprints): Promise<string> {
    const { sessionId, deviceId, agentNonce, operatorNonce, scopes, untilMs, sign } = this.#options
    const subject = { sessionId, deviceId, fingerprint: own, peerFingerprint: peer, agentNonce, operatorNonce }
    this.#claims = { role: 'operator', ...subject, scopes: [...scopes], untilMs }
    return sign(this.#claims)
  }

  /** Resolves with the fingerprints of the connection that the device's transcript is for, by its pinned key; else rejects with `identity-changed`. */
  async verify(transcript: string): Promise<Fingerprints> {
    const own = this.#claims
    if (!own) throw changed()
    const theirs = await verifyProof('transcript', transcript, await thumbprintOf(this.#options.deviceKey)).catch(
      cause => {
        throw changed(cause)
      },
    )
    requireSameConnection(theirs, own)
    return { own: own.fingerprint, peer: own.peerFingerprint }
  }
}

const changed = (cause?: unknown) =>
  new HandholdError(
    'identity-changed',
    'The device could not prove that it is the one that this app knows. Nothing was shown and nothing was sent.',
    { cause },
  )
