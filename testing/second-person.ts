import { WatchKey } from '../src/main/watches/watch-key.ts'
import type { OperatorSocket, TestRelay, TestReply } from './relay.ts'

/** A second operator's app that watches one session's tools: the product's own keys, at a test's pace. */
export class SecondPerson {
  readonly key: WatchKey
  readonly #sessionId: string

  private constructor(key: WatchKey, sessionId: string) {
    this.key = key
    this.#sessionId = sessionId
  }

  /** Asks the relay to watch; `reply` is its answer. */
  static async begin(
    relay: TestRelay,
    token: string,
    sessionId: string,
  ): Promise<{ second: SecondPerson; reply: TestReply }> {
    const key = await WatchKey.create()
    const body = { key: key.publicKey, sealKey: key.sealKey }
    const reply = await relay.call('POST', `/v1/sessions/${sessionId}/watch`, { token, body })
    return { second: new SecondPerson(key, sessionId), reply }
  }

  /** One beat. Resolves with its proof when the relay took it. */
  async beat(socket: OperatorSocket, agentNonce: string): Promise<string> {
    const proof = await this.key.beat(this.#sessionId, agentNonce, { elevated: 0, user: 0 })
    await socket.request({ type: 'watch.beat', sessionId: this.#sessionId, proof })
    return proof
  }
}
