import { setImmediate } from 'node:timers/promises'
import { nameOf, type RegistryHit, type RegistryQuery } from '#protocol/tools/registry.ts'
import { hexText, previewOf, readContent } from '#protocol/tools/registry-values.ts'
import type { Clock } from '../../links/clock.ts'
import type { Registry, RegistryKey, RegistryValue } from './registry.ts'

type Wish = Extract<RegistryQuery, { ask: 'search' }>

/** How long one answer may take, and for how long nothing else has its turn meanwhile. */
const ANSWER_MS = 400
const SLICE_MS = 30
const HITS_MAX = 40
/** Of a value; what stands further back isn't searched. */
const DATA_MAX_BYTES = 64 * 1024

export interface Found {
  readonly hits: RegistryHit[]
  readonly at: string
  readonly isDone: boolean
}

/** A search that goes on as long as somebody asks it to. */
export class RegistrySearch {
  readonly #wish: Wish
  readonly #keys: AsyncGenerator<RegistryKey>
  readonly #clock: Clock
  #waiting: RegistryHit[] = []
  #at: string
  #isDone = false

  constructor(registry: Registry, wish: Wish, clock: Clock) {
    this.#wish = { ...wish, text: wish.text.toLowerCase() }
    this.#keys = registry.walk(wish.path)
    this.#clock = clock
    this.#at = wish.path
  }

  async next(): Promise<Found> {
    const startedMs = this.#clock.monotonicMs()
    let sliceMs = startedMs
    while (!this.#isDone && this.#waiting.length < HITS_MAX) {
      const { value: key, done } = await this.#keys.next()
      if (done) this.#isDone = true
      else this.#look(key)
      const nowMs = this.#clock.monotonicMs()
      if (nowMs - startedMs > ANSWER_MS) break
      if (nowMs - sliceMs < SLICE_MS) continue
      await setImmediate()
      sliceMs = this.#clock.monotonicMs()
    }
    const hits = this.#waiting.splice(0, HITS_MAX)
    return { hits, at: this.#at, isDone: this.#isDone && this.#waiting.length === 0 }
  }

  /** What didn't fit in an answer comes with the next one. */
  unread(hits: readonly RegistryHit[]): void {
    this.#waiting.unshift(...hits)
  }

  close(): void {
    this.#isDone = true
    this.#waiting = []
    void this.#keys.return(undefined)
  }

  #look({ path, values }: RegistryKey): void {
    const { text, in: places, path: root } = this.#wish
    this.#at = path
    if (places.includes('keys') && path !== root && nameOf(path).toLowerCase().includes(text))
      this.#waiting.push({ path, name: null, preview: '' })
    for (const value of values) {
      const isFound =
        (places.includes('names') && value.name.toLowerCase().includes(text)) ||
        (places.includes('data') && dataHas(value, text))
      if (isFound) this.#waiting.push({ path, name: value.name, preview: previewOf(value.type, value.bytes) })
    }
  }
}

/** As text, as a number in both writings, or as bytes in hexadecimal. */
function dataHas({ type, bytes }: RegistryValue, text: string): boolean {
  const content = readContent(type, bytes.length > DATA_MAX_BYTES ? bytes.subarray(0, DATA_MAX_BYTES) : bytes)
  switch (content.kind) {
    case 'text':
      return content.text.toLowerCase().includes(text)
    case 'lines':
      return content.lines.some(line => line.toLowerCase().includes(text))
    case 'number':
      return content.number.toString() === text || `0x${content.number.toString(16)}` === text
    case 'bytes':
      return hexText(content.bytes).includes(text)
  }
}
