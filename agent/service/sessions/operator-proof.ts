import type { AgentToRelay, SessionRequest } from '#protocol/wire/agent.ts'
import type { HostToService } from '../../links/host-link.ts'
import type { Logger } from '../log.ts'
import type { HostProcess } from './host-process.ts'
import { TranscriptExchange, type TranscriptExchangeOptions } from './transcript-exchange.ts'

type Grant = Pick<TranscriptExchangeOptions, 'deviceId' | 'agentNonce' | 'scopes' | 'untilMs' | 'sign'>

export interface OperatorProofOptions extends Grant {
  readonly request: SessionRequest
  /** The number of a connection that is not the session's first. */
  readonly connection?: number | undefined
  readonly host: Pick<HostProcess, 'send'>
  readonly log: Logger
  readonly send: (message: AgentToRelay) => boolean
  /** Somebody else than the operator who joined is at the other end: the session ends. */
  readonly onRefused: () => void
}

/** The proof of one connection of a session, between its host, which reports and is told whom to trust, and the operator, who is reached by way of the relay. */
export class OperatorProof {
  readonly #options: OperatorProofOptions
  readonly #exchange: TranscriptExchange
  /** This device's own, once the operator's was right. */
  #transcript: string | undefined

  constructor(options: OperatorProofOptions) {
    this.#options = options
    const { request, host, deviceId, agentNonce, scopes, untilMs, sign } = options
    this.#exchange = new TranscriptExchange({
      sessionId: request.sessionId,
      operatorKeyThumbprint: request.operatorKeyThumbprint,
      deviceId,
      agentNonce,
      scopes,
      untilMs,
      sign,
      onVerified: transcript => {
        this.#transcript = transcript
        host.send({ type: 'trust-peer' })
      },
      onRefused: why => this.#refuse(why),
    })
  }

  /** The operator's. Throws `bad-request` for a second one. */
  takeTranscript(transcript: string): void {
    this.#exchange.takeTranscript(transcript)
  }

  /** Every message of the host's; those that say nothing of the proof are left to others. */
  handleHost(message: HostToService): void {
    const { request, connection, send, log } = this.#options
    if (message.type === 'fingerprints') {
      if (message.fingerprints) this.#exchange.takeFingerprints(message.fingerprints)
      else this.#refuse('the connection has no single certificate')
    } else if (message.type === 'peer-trusted' && this.#transcript !== undefined) {
      const signal = { kind: 'transcript', transcript: this.#transcript, ...(connection && { connection }) } as const
      send({ type: 'session.signal', sessionId: request.sessionId, signal })
    } else if (message.type === 'peer-connected') {
      log.info({ proofMs: Math.round(message.proofMs) }, 'both ends are proven')
    }
  }

  #refuse(why: string): void {
    const { log, request, onRefused } = this.#options
    log.error({ why, operator: request.operator.id }, 'the other end is not the operator who joined')
    onRefused()
  }
}
