import { HandholdError } from '#protocol/errors.ts'
import { CANDIDATES_PER_SESSION } from '#protocol/limits.ts'
import type { Signal } from '#protocol/wire/signal.ts'
import type { HostProcess } from './host-process.ts'
import type { OperatorProof } from './operator-proof.ts'

/** What the operator's peer signals over one connection: passed on unread, and no more of it than a connection takes. */
export class OperatorSignals {
  #candidates = 0
  #hasAnswer = false

  /** Throws `too-many-candidates` for the 201st, `bad-request` for an offer or a second answer or transcript. */
  take(signal: Signal, host: Pick<HostProcess, 'send'>, proof: OperatorProof): void {
    if (signal.kind === 'transcript') {
      proof.takeTranscript(signal.transcript)
      return
    }
    if (signal.kind === 'candidate' && ++this.#candidates > CANDIDATES_PER_SESSION)
      throw new HandholdError('too-many-candidates', 'A session takes 200 candidates.')
    if (signal.kind === 'offer' || (signal.kind === 'answer' && this.#hasAnswer))
      throw new HandholdError('bad-request', 'The agent offers; it takes one answer.')
    if (signal.kind === 'answer') this.#hasAnswer = true
    host.send({ type: 'signal', signal })
  }
}
