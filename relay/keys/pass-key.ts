import type { PassVerificationKey } from '#protocol/keys.ts'
import { signToken, type TokenKind } from '#protocol/trust/token.ts'
import type { Clock } from '../domain/clock.ts'
import type { TokenSigner } from '../domain/sessions/passes.ts'
import { makePassKeys, type PassKeyState, passKeyMark, readPassKeys } from './pass-key-file.ts'

/**
 * The signer of access passes, leases and grants. Its private key is in a file of the relay's own, outside the database, made at the first start and kept over
 * restarts; nothing that the relay serves can return it.
 */
export class PassKeys implements TokenSigner {
  readonly #file: string
  readonly #clock: Clock
  #state: PassKeyState
  #mark: string

  private constructor(file: string, clock: Clock, state: PassKeyState) {
    this.#file = file
    this.#clock = clock
    this.#state = state
    this.#mark = passKeyMark(file)
  }

  static async open(file: string, clock: Clock): Promise<PassKeys> {
    const state = (await readPassKeys(file)) ?? (await makePassKeys(file, clock.nowMs()))
    return new PassKeys(file, clock, state)
  }

  get keys(): readonly PassVerificationKey[] {
    const { current, previous } = this.#state
    if (!previous || this.#clock.nowMs() >= previous.untilMs) return [current]
    const { untilMs: _, ...key } = previous
    return [current, key]
  }

  get handovers(): readonly string[] {
    return this.#state.handovers
  }

  /** Who came in before then may have done so by a key in other hands; null when no key ever was. */
  get revokedBeforeMs(): number | null {
    return this.#state.revokedBeforeMs
  }

  sign(kind: TokenKind, claims: object): Promise<string> {
    return signToken(kind, claims, this.#state.current.kid, this.#state.privateKey)
  }

  /** Whether another program has rotated the keys since they were read; from then on the new one signs. */
  async reload(): Promise<boolean> {
    const mark = passKeyMark(this.#file)
    if (mark === this.#mark) return false
    const state = await readPassKeys(this.#file)
    this.#mark = mark
    if (!state || state.current.kid === this.#state.current.kid) return false
    this.#state = state
    return true
  }
}
