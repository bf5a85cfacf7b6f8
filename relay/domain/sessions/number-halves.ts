import { HandholdError } from '#protocol/errors.ts'
import type { AgentGateway, OperatorGateway } from '../gateways.ts'
import type { Principal } from '../principal.ts'
import type { SessionRecord, Store } from '../store.ts'

export interface NumberHalvesParts {
  readonly store: Store
  readonly agents: AgentGateway
  readonly operators: OperatorGateway
}

/**
 * Passes the two halves of a dialog's numbers on: the device's first, then the operator's, which was committed to with the request. The relay needs neither
 * and keeps neither; both ends compute the numbers.
 */
export class NumberHalves {
  readonly #parts: NumberHalvesParts

  constructor(parts: NumberHalvesParts) {
    this.#parts = parts
  }

  /** Throws `not-found` for a session of another device, `illegal-transition` for one that asks nobody any more. */
  async fromAgent(deviceId: string, sessionId: string, nonce: string): Promise<void> {
    const session = await this.#asking(sessionId, candidate => candidate.deviceId === deviceId)
    this.#parts.operators.toUser(session.operator.id, { type: 'session.match', sessionId, nonce })
  }

  /** Throws what `fromAgent` does for a session of another operator, and what the agent answers. */
  async fromOperator(principal: Principal, sessionId: string, secret: string): Promise<void> {
    const session = await this.#asking(sessionId, candidate => candidate.operator.id === principal.user.id)
    await this.#parts.agents.request(session.deviceId, { type: 'session.match', sessionId, secret })
  }

  async #asking(sessionId: string, isOwn: (session: SessionRecord) => boolean): Promise<SessionRecord> {
    const session = await this.#parts.store.read.session(sessionId)
    if (!session || !isOwn(session)) throw new HandholdError('not-found', 'There is no such session of yours.')
    if (session.matchCommitment === null || !ASKING.includes(session.state.name))
      throw new HandholdError('illegal-transition', 'Nobody is asked for a number in this session now.')
    return session
  }
}

/** `requested` too: the device's half overtakes its acknowledgement of the request. */
const ASKING: readonly string[] = ['requested', 'queued', 'notifying', 'awaiting-consent']
