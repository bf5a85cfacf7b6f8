import { HandholdError } from '#protocol/errors.ts'
import { commitmentTo, type NumberMatch, numberMatch } from '#protocol/person/number-match.ts'
import type { SessionRequest } from '#protocol/wire/agent.ts'

/** Which number the person has to pick. Without a commitment in the request nothing is asked, and any answer without a number is right. */
export class NumberQuestion {
  readonly #request: SessionRequest
  readonly #agentNonce: string
  #match: NumberMatch | undefined

  constructor(request: SessionRequest, agentNonce: string) {
    this.#request = request
    this.#agentNonce = agentNonce
  }

  get isAsked(): boolean {
    return this.#request.matchCommitment !== null
  }

  /** The device's half, for the operator; it may be said once the commitment is here. */
  get nonce(): string {
    return this.#agentNonce
  }

  /** The operator's half. Returns the numbers to choose from. Throws `proof-invalid` for another secret than the committed one. */
  async reveal(operatorSecret: string): Promise<readonly number[]> {
    const { sessionId, operatorKeyThumbprint, matchCommitment } = this.#request
    if (matchCommitment === null || (await commitmentTo(operatorSecret)) !== matchCommitment)
      throw new HandholdError('proof-invalid', 'The number was not made by the one who asked. Ask for a new session.')
    this.#match ??= await numberMatch({
      sessionId,
      operatorKeyThumbprint,
      agentNonce: this.#agentNonce,
      operatorSecret,
    })
    return this.#match.choices
  }

  isRight(number: number | null): boolean {
    return this.isAsked ? this.#match !== undefined && number === this.#match.right : number === null
  }
}
