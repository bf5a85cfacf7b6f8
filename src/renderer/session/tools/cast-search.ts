import type { Cast } from './cast.ts'

/** What draws nothing: control sequences, strings for the terminal, single controls but tab and line end. */
const UNSEEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
  /\u001b\[[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]|[\0-\b\v-\u001f\u007f]/g

/** The text of a recording as it was printed, and where in time each place of it is. */
export class CastSearch {
  readonly #text: string
  /** Where in the text each event's output begins, in the order of the events. */
  readonly #starts: number[] = []
  readonly #times: number[] = []

  constructor({ events }: Cast) {
    const outputs = events.filter(({ kind }) => kind === 'o')
    const raw = outputs.map(({ data }) => data).join('')
    let text = ''
    let rawAt = 0
    // For each piece that is seen: where it begins in the text and in what was recorded.
    const pieces: { textAt: number; rawAt: number }[] = []
    for (const { index, 0: unseen } of raw.matchAll(UNSEEN)) {
      if (index > rawAt) pieces.push({ textAt: text.length, rawAt })
      text += raw.slice(rawAt, index)
      rawAt = index + unseen.length
    }
    pieces.push({ textAt: text.length, rawAt })
    this.#text = (text + raw.slice(rawAt)).toLowerCase()
    let recorded = 0
    let piece = 0
    for (const { atS, data } of outputs) {
      while ((pieces[piece + 1]?.rawAt ?? Number.POSITIVE_INFINITY) <= recorded) piece++
      const { textAt = 0, rawAt: from = 0 } = pieces[piece] ?? {}
      const next = pieces[piece + 1]?.textAt ?? Number.POSITIVE_INFINITY
      this.#starts.push(Math.min(next, textAt + Math.max(0, recorded - from)))
      this.#times.push(atS)
      recorded += data.length
    }
  }

  /** The next moment after `afterS` at which the words stand there in full, then the first one of all; undefined where they never do. */
  next(words: string, afterS: number): number | undefined {
    const wanted = words.toLowerCase()
    if (wanted === '') return undefined
    let first: number | undefined
    for (let at = this.#text.indexOf(wanted); at >= 0; at = this.#text.indexOf(wanted, at + 1)) {
      const atS = this.#timeOf(at + wanted.length - 1)
      if (atS > afterS) return atS
      first ??= atS
    }
    return first
  }

  #timeOf(place: number): number {
    let low = 0
    let high = this.#starts.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#starts[middle] ?? 0) <= place) low = middle + 1
      else high = middle
    }
    return this.#times[low - 1] ?? 0
  }
}
