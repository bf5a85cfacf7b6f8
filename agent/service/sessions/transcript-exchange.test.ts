import { beforeAll, describe, expect, it, vi } from 'vitest'
import { idFromBytes } from '#protocol/ids.ts'
import { type ProofClaims, signProof, verifyProof } from '#protocol/proof.ts'
import { makeTestKey, type TestKey } from '#testing/keys.ts'
import { TranscriptExchange } from './transcript-exchange.ts'

const fingerprint = (byte: string) => Array.from({ length: 32 }, () => byte).join(':')
const OWN = fingerprint('AA')
const PEER = fingerprint('BB')
const sessionId = idFromBytes('session', new Uint8Array(16).fill(1))
const deviceId = idFromBytes('device', new Uint8Array(16).fill(2))
const agentNonce = 'a'.repeat(43)
const right: ProofClaims<'transcript'> = {
  role: 'operator',
  sessionId,
  deviceId,
  fingerprint: PEER,
  peerFingerprint: OWN,
  agentNonce,
  operatorNonce: 'o'.repeat(43),
  scopes: ['view', 'control'],
  untilMs: 1_000,
}
let device: TestKey
let operator: TestKey
beforeAll(async () => {
  device = await makeTestKey()
  operator = await makeTestKey()
})

const signed = (change: Partial<ProofClaims<'transcript'>> = {}, key = operator) =>
  signProof('transcript', { ...right, ...change }, key.privateKey, key.publicKey)

function exchange() {
  const told: string[] = []
  const made = new TranscriptExchange({
    sessionId,
    deviceId,
    agentNonce,
    scopes: ['view', 'control'],
    untilMs: 1_000,
    operatorKeyThumbprint: operator.thumbprint,
    sign: claims => signProof('transcript', claims, device.privateKey, device.publicKey),
    onVerified: transcript => told.push(transcript),
    onRefused: () => told.push('refused'),
  })
  const outcome = () => vi.waitUntil(() => told[0], { timeout: 15_000 })
  return { made, told, outcome }
}

describe('TranscriptExchange', () => {
  it.each(['transcript', 'fingerprints'])(
    'takes the right transcript, %s first, and signs the same connection',
    async first => {
      const { made, outcome } = exchange()
      const transcript = await signed()
      if (first === 'transcript') made.takeTranscript(transcript)
      made.takeFingerprints({ own: OWN, peer: PEER })
      if (first !== 'transcript') made.takeTranscript(transcript)
      const claims = await verifyProof('transcript', await outcome(), device.thumbprint)
      expect(claims).toEqual({ ...right, role: 'device', fingerprint: OWN, peerFingerprint: PEER })
    },
  )

  it.each([
    ['another certificate of the operator', { fingerprint: fingerprint('CC') }],
    ['another certificate of the device', { peerFingerprint: fingerprint('CC') }],
    ['the device’s own role', { role: 'device' }],
    ['another session', { sessionId: idFromBytes('session', new Uint8Array(16).fill(9)) }],
    ['another device', { deviceId: idFromBytes('device', new Uint8Array(16).fill(9)) }],
    ['another grant', { agentNonce: 'b'.repeat(43) }],
    ['fewer scopes', { scopes: ['view'] }],
    ['a longer grant', { untilMs: 1_001 }],
  ] as const)('A40 refuses a transcript with %s', async (_, change) => {
    const { made, outcome } = exchange()
    made.takeFingerprints({ own: OWN, peer: PEER })
    made.takeTranscript(await signed(change as Partial<ProofClaims<'transcript'>>))
    expect(await outcome()).toBe('refused')
  })

  it('A40 refuses a transcript of another key, a proof of another kind, and what is no proof', async () => {
    const stranger = await makeTestKey()
    const join = await signProof('join', { sessionId, deviceId, agentNonce }, operator.privateKey, operator.publicKey)
    for (const transcript of [await signed({}, stranger), join, 'a.b.c', '']) {
      const { made, outcome } = exchange()
      made.takeFingerprints({ own: OWN, peer: PEER })
      made.takeTranscript(transcript)
      expect(await outcome()).toBe('refused')
    }
  })

  it('takes one transcript, and refuses certificates that change afterwards', async () => {
    const { made, told, outcome } = exchange()
    made.takeTranscript(await signed())
    expect(() => made.takeTranscript('another')).toThrow(expect.objectContaining({ code: 'bad-request' }))
    made.takeFingerprints({ own: OWN, peer: PEER })
    await outcome()
    made.takeFingerprints({ own: OWN, peer: PEER })
    expect(told).toHaveLength(1)
    made.takeFingerprints({ own: OWN, peer: fingerprint('CC') })
    expect(told[1]).toBe('refused')
  })
})
