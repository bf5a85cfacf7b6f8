import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { MESSAGE_FIRST, MESSAGE_LAST } from '#protocol/peer/tiles.ts'
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

const clockOf = ({ nowMs, setTimer }: ManualClock) => ({ wallMs: nowMs, monotonicMs: nowMs, setTimer })
const sizeOf = (messages: readonly Uint8Array[]) => messages.reduce((sum, { length }) => sum + length - 1, 0)
