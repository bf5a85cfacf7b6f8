import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ManualClock } from './manual-clock.ts'
import { waitFor } from './wait-for.ts'

/** Between two tries of a relay to copy what it couldn't. */
const TRY_INTERVAL_MS = 15_000
/** Five minutes of tries, and a little more. */
const TRIES_UNTIL_ALARM = 22

/** A place off the relay that heads of its audit are copied to, and that can be away. */
export class HeadsTarget {
  isAway = false
  readonly received: string[] = []
  readonly #server: Server
  #refused = 0

  private constructor() {
    this.#server = createServer(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      if (this.isAway) this.#refused++
      else this.received.push(...body.trim().split('\n'))
      response.writeHead(this.isAway ? 503 : 204).end()
    })
  }

  static async start(): Promise<HeadsTarget> {
    const target = new HeadsTarget()
    await new Promise<void>(resolve => target.#server.listen(0, '127.0.0.1', resolve))
    return target
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`
  }

  /** Is away for so long by the relay's clock that the relay sounds the alarm. */
  async beAwayLong(clock: ManualClock): Promise<void> {
    this.isAway = true
    await this.#passUntil(clock, () => this.#refused > TRIES_UNTIL_ALARM)
  }

  /** Is there again, until `isCopied` holds. */
  async comeBack(clock: ManualClock, isCopied: () => boolean): Promise<void> {
    this.isAway = false
    await this.#passUntil(clock, isCopied)
  }

  close(): Promise<void> {
    return new Promise(resolve => this.#server.close(() => resolve()))
  }

  #passUntil(clock: ManualClock, isIt: () => boolean): Promise<void> {
    return waitFor(
      'the relay to try',
      () => {
        clock.advance(TRY_INTERVAL_MS)
        return isIt()
      },
      20_000,
    )
  }
}
