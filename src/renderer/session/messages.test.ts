import { expect, test } from 'vitest'
import { agentControlSchema } from '#protocol/peer/control.ts'
import { inflate } from './cursor-image.ts'
import { parseMessage } from './json-channel.ts'
import { offerOrigin } from './offer-origin.ts'
import { RoundTrip } from './round-trip.ts'

test('a message that is not of the protocol is nothing', () => {
  const pong = JSON.stringify({ type: 'pong', sequence: 4 })
  expect(parseMessage(pong, agentControlSchema)).toEqual({ type: 'pong', sequence: 4 })
  expect(parseMessage(new TextEncoder().encode(pong).buffer, agentControlSchema)).toEqual({ type: 'pong', sequence: 4 })
  const hostile = [
    '',
    '{',
    'null',
    '[]',
    '{"type":"pong"}',
    '{"type":"pong","sequence":1e400}',
    ' '.repeat(17_000) + pong,
  ]
  for (const text of hostile) expect(parseMessage(text, agentControlSchema)).toBeUndefined()
  expect(parseMessage(new Blob([pong]), agentControlSchema)).toBeUndefined()
})

test('A32 a message cannot reach the prototype of anything', () => {
  parseMessage(
    '{"type":"pong","sequence":1,"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
    agentControlSchema,
  )
  expect(({} as { polluted?: number }).polluted).toBeUndefined()
})

test('a cursor unfolds to exactly its pixels, or not at all', async () => {
  const pixels = Uint8Array.from({ length: 64 }, (_, index) => index)
  const packed = async (bytes: Uint8Array<ArrayBuffer>) => {
    const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate-raw'))
    const deflated = new Uint8Array(await new Response(stream).arrayBuffer())
    return btoa(Array.from(deflated, byte => String.fromCharCode(byte)).join(''))
  }
  expect(await inflate(await packed(pixels), 64)).toEqual(new Uint8ClampedArray(pixels))
  expect(await inflate(await packed(pixels), 63)).toBeUndefined()
  expect(await inflate(await packed(pixels), 65)).toBeUndefined()
  expect(await inflate('not base64!', 64)).toBeUndefined()
  expect(await inflate('AAAA', 64)).toBeUndefined()
  // Twelve kilobytes that unfold to eight million bytes are put down after the first that is too many.
  expect(await inflate(await packed(new Uint8Array(8_000_000)), 64)).toBeUndefined()
})

test('an offer says which connection it belongs to', () => {
  expect(offerOrigin('v=0\r\no=- 46117317 2 IN IP4 127.0.0.1\r\ns=-\r\n')).toBe('46117317')
  expect(offerOrigin('v=0')).toBeUndefined()
})

test('a round trip is measured by its own answer, once', () => {
  let nowMs = 100
  const roundTrip = new RoundTrip(() => nowMs)
  const { sequence } = roundTrip.ping()
  nowMs = 142
  expect(roundTrip.handlePong({ type: 'pong', sequence })).toBe(42)
  expect(roundTrip.handlePong({ type: 'pong', sequence })).toBeUndefined()
  expect(roundTrip.handlePong({ type: 'pong', sequence: 77 })).toBeUndefined()
})
