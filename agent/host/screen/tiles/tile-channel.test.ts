import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { applyFrame } from '#protocol/peer/tiles/decode.ts'
import { COMMAND, encodeAck, MESSAGE_FIRST, MESSAGE_LAST } from '#protocol/peer/tiles.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { TileChannel } from './tile-channel.ts'

const BURST_MAX_BYTES = 64 * 1024

test('a large frame leaves in bursts that a receiver’s socket can hold, and what follows stays behind it', () => {
  const time = new ManualClock()
  const sent: Uint8Array[] = []
  const channel = new TileChannel(message => sent.push(message) > 0, clockOf(time))
  // Random bytes: nothing is deflated.
  const large = randomBytes(200_000)
  const small = randomBytes(100)
  expect(channel.sendFrame(large)).toBe(large.length)
  expect(channel.sendFrame(small)).toBe(small.length)
  const bursts = [sizeOf(sent)]
  while (sizeOf(sent) < large.length + small.length) {
    const before = sizeOf(sent)
    time.advance(3)
    bursts.push(sizeOf(sent) - before)
  }
  expect(Math.max(...bursts)).toBeLessThan(BURST_MAX_BYTES)
  expect(bursts.length).toBeLessThan(8)
  expect(sent.map(([flags = 0]) => flags & (MESSAGE_FIRST | MESSAGE_LAST)).filter(flags => flags !== 0)).toEqual([
    MESSAGE_FIRST,
    MESSAGE_LAST,
    MESSAGE_FIRST | MESSAGE_LAST,
  ])
  expect(Buffer.concat(sent.map(message => message.subarray(1)))).toEqual(Buffer.concat([large, small]))
})

test('nothing of a frame follows once the channel took no more', () => {
  const time = new ManualClock()
  let calls = 0
  const channel = new TileChannel(() => ++calls < 2, clockOf(time))
  expect(channel.sendFrame(randomBytes(200_000))).toBe(0)
  time.advance(1_000)
  expect(calls).toBe(2)
})

test('something follows what isn’t acknowledged in time, so that a lost end is noticed; it changes nothing and ends with the acknowledgement', () => {
  const time = new ManualClock()
  const sent: Uint8Array[] = []
  const channel = new TileChannel(message => sent.push(message) > 0, clockOf(time))
  channel.sendFrame(randomBytes(20_000))
  channel.handleMessage(encodeAck(0))
  channel.sendFrame(Uint8Array.of(COMMAND.size, 2, 2, COMMAND.fill, 0, 0, 1, 1, 1, 2, 3))
  time.advance(1_000)
  expect(sent).toHaveLength(2)

  channel.handleMessage(encodeAck(1))
  channel.sendFrame(randomBytes(20_000))
  time.advance(50)
  expect(sent).toHaveLength(3)
  time.advance(45)
  const probes = sent.slice(3)
  expect(probes.length).toBeGreaterThanOrEqual(3)
  const picture = applyFrame(undefined, Uint8Array.of(COMMAND.size, 2, 2, COMMAND.fill, 0, 0, 1, 1, 1, 2, 3)).picture
  const before = Uint32Array.from(picture.pixels)
  for (const [flags, ...body] of probes) {
    expect(flags).toBe(MESSAGE_FIRST | MESSAGE_LAST)
    expect(applyFrame(picture, Uint8Array.from(body)).picture.pixels).toEqual(before)
  }

  // A viewer may draw the lost frame and the probes at once: one acknowledgement is for all.
  expect(channel.handleMessage(encodeAck(2 + probes.length))).toBe(true)
  time.advance(1_000)
  expect(sent).toHaveLength(3 + probes.length)
  expect(channel.bodyBudgetBytes).toBeGreaterThan(0)
})

test('a link that isn’t heard of gets few of them', () => {
  const time = new ManualClock()
  const sent: Uint8Array[] = []
  const channel = new TileChannel(message => sent.push(message) > 0, clockOf(time))
  channel.sendFrame(randomBytes(20_000))
  time.advance(10_000)
  expect(sent.length).toBeLessThan(10)
})

const clockOf = ({ nowMs, setTimer }: ManualClock) => ({ wallMs: nowMs, monotonicMs: nowMs, setTimer })
const sizeOf = (messages: readonly Uint8Array[]) => messages.reduce((sum, { length }) => sum + length - 1, 0)
