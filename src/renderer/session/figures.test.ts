import { expect, test } from 'vitest'
import { figuresOf, type Reading } from './figures.ts'

const reading = (atMs: number, video: object): Reading => ({
  atMs,
  entries: [
    { id: 'v', type: 'inbound-rtp', kind: 'video', codecId: 'c', frameWidth: 1920, frameHeight: 1080, ...video },
    { id: 'a', type: 'inbound-rtp', kind: 'audio', framesDecoded: 9 },
    { id: 'c', type: 'codec', mimeType: 'video/VP9' },
    { id: 't', type: 'transport', selectedCandidatePairId: 'p' },
    { id: 'p', type: 'candidate-pair', localCandidateId: 'l', currentRoundTripTime: 0.0123 },
    { id: 'other', type: 'candidate-pair', localCandidateId: 'x', currentRoundTripTime: 5 },
    { id: 'l', type: 'local-candidate', candidateType: 'relay', protocol: 'udp', relayProtocol: 'tls' },
  ],
})
const first = {
  framesDecoded: 100,
  bytesReceived: 1_000_000,
  totalDecodeTime: 1,
  jitterBufferDelay: 2,
  jitterBufferEmittedCount: 100,
}
const second = {
  framesDecoded: 160,
  bytesReceived: 1_500_000,
  totalDecodeTime: 1.3,
  jitterBufferDelay: 2.06,
  jitterBufferEmittedCount: 160,
  packetsLost: 3,
}

test('two readings make rates and means of the time between them', () => {
  const figures = figuresOf(reading(1_000, first), reading(3_000, second))
  expect(figures).toMatchObject({
    framesPerSecond: 30,
    bitsPerSecond: 2_000_000,
    width: 1920,
    height: 1080,
    codec: 'VP9',
    packetsLost: 3,
    path: { kind: 'relay', protocol: 'tls' },
  })
  expect(figures.decodeMs).toBeCloseTo(5)
  expect(figures.jitterBufferMs).toBeCloseTo(1)
  expect(figures.networkRoundTripMs).toBeCloseTo(12.3)
})

test('the first reading, a restarted counter and an empty report say what they can', () => {
  expect(figuresOf(undefined, reading(0, first))).toMatchObject({ framesPerSecond: undefined, width: 1920 })
  expect(figuresOf(reading(0, second), reading(1_000, first)).bitsPerSecond).toBeUndefined()
  expect(figuresOf(undefined, { atMs: 0, entries: [] })).toMatchObject({ codec: undefined, path: undefined })
})

test('a still screen decodes nothing and divides by nothing', () => {
  const figures = figuresOf(reading(0, first), reading(1_000, first))
  expect(figures).toMatchObject({
    framesPerSecond: 0,
    bitsPerSecond: 0,
    decodeMs: undefined,
    jitterBufferMs: undefined,
  })
})
