import { openTurnWay, type TurnWay } from '../../../reach/turn-way.ts'

/** Where the window finds TURN: the relay itself, or a port of this machine from which the app goes on through the proxy. */
export class TurnAddress {
  readonly #proxy: string | undefined
  #opened: { readonly origin: string; readonly way: Promise<TurnWay>; url: string } | undefined

  constructor(proxy: string | undefined) {
    this.#proxy = proxy
  }

  /** Before the first session at this relay; undefined when there is none any more. */
  prepare(origin: string | undefined): void {
    if (this.#opened?.origin === origin) return
    void this.#opened?.way.then(way => way.close())
    this.#opened = undefined
    const proxy = this.#proxy
    if (proxy === undefined || origin === undefined || !origin.startsWith('https:')) return
    const onProblem = (why: string) => console.error(`TURN: ${why}`)
    const way = openTurnWay({ relayUrl: origin, proxy, onProblem })
    const opened = { origin, way, url: origin }
    this.#opened = opened
    way.then(
      ({ url }) => {
        opened.url = url
      },
      thrown => onProblem(String(thrown)),
    )
  }

  of(origin: string): string {
    return this.#opened?.origin === origin ? this.#opened.url : origin
  }
}
