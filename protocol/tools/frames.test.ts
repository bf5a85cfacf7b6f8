import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FrameReader, toFrame } from './frames.ts'
import { TOOLS_FRAME_MAX_BYTES } from './limits.ts'

const joined = (parts: readonly Uint8Array[]) => Uint8Array.from(parts.flatMap(part => [...part]))

/** The stream in pieces that end at these places. */
function cut(stream: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...places.map(place => place % (stream.length + 1)), stream.length].toSorted((a, b) => a - b)
  return ends.map((end, index) => stream.slice(ends[index - 1] ?? 0, end))
}
const messages = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 12 })
const places = fc.array(fc.nat(600), { maxLength: 40 })

describe('a reader of frames', () => {
  it('gives each message once, whole and in its order, wherever the stream is cut, in a length too', () => {
    fc.assert(
      fc.property(messages, places, (sent, at) => {
        const reader = new FrameReader()
        const read = cut(joined(sent.map(toFrame)), at).flatMap(chunk => reader.push(chunk) ?? [])
        expect(read.map(bytes => [...bytes])).toEqual(sent.map(bytes => [...bytes]))
      }),
    )
    const reader = new FrameReader()
    const largest = toFrame(new Uint8Array(TOOLS_FRAME_MAX_BYTES).fill(7))
    const everywhere = Array.from({ length: 80 }, (_, index) => index * 997)
    const read = cut(largest, everywhere).flatMap(chunk => reader.push(chunk) ?? [])
    expect(read.map(({ length }) => length)).toEqual([TOOLS_FRAME_MAX_BYTES])
  })

  it('A88 gives nothing from a length on that no frame has, for good, wherever the stream is cut', () => {
    const wrong = fc.oneof(fc.constant(0), fc.integer({ min: TOOLS_FRAME_MAX_BYTES + 1, max: 2 ** 32 - 1 }))
    fc.assert(
      fc.property(messages, wrong, messages, places, (before, length, after, at) => {
        const header = new Uint8Array(4)
        new DataView(header.buffer).setUint32(0, length)
        const stream = joined([...before.map(toFrame), header, ...after.map(toFrame)])
        const reader = new FrameReader()
        const answers = cut(stream, at).map(chunk => reader.push(chunk))
        const read = answers.flatMap(answer => answer ?? []).map(bytes => [...bytes])
        // A chunk with the wrong length in it may take good ones with it; none is made up.
        expect(read).toEqual(before.slice(0, read.length).map(bytes => [...bytes]))
        expect(answers.at(-1)).toBeUndefined()
        expect(reader.push(toFrame(Uint8Array.of(1)))).toBeUndefined()
      }),
    )
  })
})
