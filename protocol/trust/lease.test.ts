import { beforeAll, describe, expect, it } from 'vitest'
import { makeTestKey, type TestKey } from '#testing/keys.ts'
import { idFromBytes } from '../ids.ts'
import { PASS } from '../pass.ts'
import { LEASE, type LeaseClaims, type LeaseExpectation, verifyLease } from './lease.ts'
import { signToken, type TokenKind } from './token.ts'

const id = (kind: 'device' | 'session' | 'organisation', fill: number) =>
  idFromBytes(kind, new Uint8Array(16).fill(fill))
const claims: LeaseClaims = {
  iss: LEASE.issuer,
  aud: id('device', 1),
  sub: 'user_12345678',
  org: id('organisation', 3),
  sid: id('session', 2),
  scopes: ['view'],
  nonce: 'n'.repeat(43),
  iat: 1_800_000_000,
  exp: 1_800_000_045,
}
let relay: TestKey
let expected: LeaseExpectation
beforeAll(async () => {
  relay = await makeTestKey()
  expected = {
    keys: [{ ...relay.publicKey, kid: 'k1' }],
    deviceId: claims.aud,
    sessionId: claims.sid,
    operatorId: claims.sub,
    nonce: claims.nonce,
  }
})
const mint = (change: object = {}, kind: TokenKind = LEASE, kid = 'k1') =>
  signToken(kind, { ...claims, ...change }, kid, relay.privateKey)

describe('verifyLease', () => {
  it('takes the answer to its question, whatever the clocks show', async () => {
    await expect(verifyLease(await mint(), expected)).resolves.toEqual(claims)
    const { nonce: _, ...reader } = expected
    await expect(verifyLease(await mint(), reader)).resolves.toEqual(claims)
  })

  it.each([
    ['another device', { aud: id('device', 9) }],
    ['another session', { sid: id('session', 9) }],
    ['another operator', { sub: 'user_87654321' }],
    ['another question', { nonce: 'm'.repeat(43) }],
    ['a longer life', { exp: claims.exp + 1 }],
    ['no end', { exp: undefined }],
    ['an end before its beginning', { exp: claims.iat - 31 }],
    ['a time that is no time', { iat: 1e300 }],
    ['a time in text', { iat: '1800000000' }],
    ['no session', { sid: undefined }],
  ])('refuses a lease with %s', async (_, change) => {
    await expect(verifyLease(await mint(change), expected)).rejects.toMatchObject({ code: 'lease-invalid' })
  })

  it('A5 refuses another kind of token with the same claims, another key and what is no token', async () => {
    const stranger = await makeTestKey()
    const forged = await signToken(LEASE, claims, 'k1', stranger.privateKey)
    const others = [await mint({}, PASS), await mint({ iss: 'somebody' }), await mint({}, LEASE, 'k2')]
    for (const token of [...others, forged, '', 'a.b.c', 'x'.repeat(5000)])
      await expect(verifyLease(token, expected)).rejects.toMatchObject({ code: 'lease-invalid' })
  })
})
