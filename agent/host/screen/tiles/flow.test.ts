import { describe, expect, it } from 'vitest'
import { Flow } from './flow.ts'

/** A link of a fixed rate and delay, in steps of a millisecond. */
class Link {
  readonly flow = new Flow()
  readonly ages: number[] = []
  bytesPerMs: number
  readonly #delayMs: number
  #nowMs = 0
  #freeAtMs = 0
  #sequence = 0
  #acks: { readonly sequence: number; readonly sentAtMs: number; readonly atMs: number }[] = []

  constructor(bytesPerMs: number, delayMs: number) {
    this.bytesPerMs = bytesPerMs
    this.#delayMs = delayMs
  }

  /** Sends frames of `frameBytes` whenever there is room, for `durationMs`. */
  run(durationMs: number, frameBytes: number): void {
    for (const endMs = this.#nowMs + durationMs; this.#nowMs < endMs; this.#nowMs++) {
      for (const ack of this.#acks.filter(({ atMs }) => atMs <= this.#nowMs)) {
        this.flow.handleAck(ack.sequence, this.#nowMs)
        this.ages.push(ack.atMs - ack.sentAtMs)
      }
      this.#acks = this.#acks.filter(({ atMs }) => atMs > this.#nowMs)
      for (let room = this.#room; room > 0; room = this.#room) this.#send(Math.min(frameBytes, room))
    }
  }

  get #room(): number {
    return this.flow.budgetBytes(this.#nowMs)
  }

  #send(bytes: number): void {
    const sequence = this.#sequence++ & 0xff
    this.flow.handleSent(sequence, bytes, this.#nowMs)
    this.#freeAtMs = Math.max(this.#freeAtMs, this.#nowMs) + bytes / this.bytesPerMs
    this.#acks.push({ sequence, sentAtMs: this.#nowMs, atMs: this.#freeAtMs + this.#delayMs })
  }
}

describe('the flow on a link', () => {
  it.each([
    { name: '1 Mbit/s and 100 ms', bytesPerMs: 125, delayMs: 100 },
    { name: '10 Mbit/s and 20 ms', bytesPerMs: 1_250, delayMs: 20 },
    { name: '200 Mbit/s and 1 ms', bytesPerMs: 25_000, delayMs: 1 },
  ])('$name: is used well, and nothing gets old', ({ bytesPerMs, delayMs }) => {
    const link = new Link(bytesPerMs, delayMs)
    link.run(3_000, 8_000)
    link.ages.length = 0
    link.run(3_000, 8_000)
    expect(link.flow.bytesPerMs).toBeGreaterThan(bytesPerMs * 0.7)
    expect(link.flow.bytesPerMs).toBeLessThan(bytesPerMs * 1.3)
    expect(Math.max(...link.ages)).toBeLessThan(delayMs + 400)
  })

  it('starts with no more than half a second of a slow link', () => {
    expect(new Flow().budgetBytes(0)).toBeLessThanOrEqual(64 * 1024)
  })

  it('is full until something was drawn, and knows how long it waits', () => {
    const flow = new Flow()
    flow.handleSent(0, flow.budgetBytes(1_000), 1_000)
    expect(flow.budgetBytes(1_000)).toBe(0)
    expect(flow.oldestAgeMs(1_700)).toBe(700)
    expect(flow.handleAck(1, 1_800)).toBe(false)
    expect(flow.handleAck(0, 1_800)).toBe(true)
    expect(flow.budgetBytes(1_800)).toBeGreaterThan(0)
    expect(flow.handleAck(0, 1_801)).toBe(false)
  })

  it('has nothing old on its way for long where link or viewer become slower by far', () => {
    const link = new Link(12_500, 2)
    link.run(1_000, 20_000)
    link.bytesPerMs = 400
    link.run(1_500, 20_000)
    link.ages.length = 0
    link.run(2_000, 20_000)
    expect(Math.max(...link.ages)).toBeLessThan(250)
    expect(link.flow.bytesPerMs).toBeGreaterThan(200)
  })

  it('adds nothing to what is late, and little is never late', () => {
    const flow = new Flow()
    flow.handleSent(0, 20_000, 0)
    flow.handleAck(0, 10)
    flow.handleSent(1, 20_000, 1_000)
    expect(flow.budgetBytes(1_150)).toBeGreaterThan(0)
    expect(flow.budgetBytes(1_200)).toBe(0)
    flow.handleAck(1, 1_200)
    flow.handleSent(2, 100, 1_300)
    expect(flow.budgetBytes(1_700)).toBeGreaterThan(0)
  })

  it('takes a probe’s acknowledgement for that of what was before it, and measures nothing by it', () => {
    const flow = new Flow()
    flow.handleSent(0, 60_000, 0)
    flow.handleProbeSent(1, 90)
    expect(flow.handleAck(1, 100)).toBe(true)
    expect(flow.bytesPerMs).toBe(600)
    expect(flow.isAwaited).toBe(false)
    flow.handleProbeSent(2, 110)
    expect(flow.handleAck(2, 500)).toBe(true)
    expect(flow.bytesPerMs).toBe(600)
  })

  it('does not think less of a link that has nothing to carry', () => {
    const link = new Link(12_500, 5)
    link.run(1_000, 20_000)
    const before = link.flow.bytesPerMs ?? 0
    const { flow } = link
    for (let frame = 0; frame < 50; frame++) {
      flow.handleSent(100 + (frame & 1), 20, 1_000 + frame * 100)
      flow.handleAck(100 + (frame & 1), 1_050 + frame * 100)
    }
    expect(flow.bytesPerMs).toBeGreaterThanOrEqual(before)
  })
})
