import { openTurnWay, type TurnWay } from '../../reach/turn-way.ts'
import type { ServiceToHost } from '../links/host-link.ts'
import { keepListener } from './peer/no-listeners.ts'

/** Where only a proxy leads to the relay, TURN is a port of this machine, from which this process goes on through the proxy. */
export class ProxiedPaths {
  readonly #onProblem: (why: string) => void
  #way: Promise<TurnWay> | undefined

  constructor(onProblem: (why: string) => void) {
    this.#onProblem = onProblem
  }

  /** The same word, with the relay where this host reaches it. */
  async reachable(message: ServiceToHost): Promise<ServiceToHost> {
    if (message.type !== 'set-paths' || !message.proxy) return message
    const { relayUrl, proxy } = message
    this.#way ??= openTurnWay({ relayUrl, proxy, onProblem: this.#onProblem })
    const { url, port } = await this.#way
    keepListener(port)
    return { ...message, relayUrl: url }
  }
}
