import { expect, it } from 'vitest'
import { idFromBytes } from '#protocol/ids.ts'
import { PASS } from '#protocol/pass.ts'
import { keyWords } from '#protocol/trust/key-words.ts'
import { signToken } from '#protocol/trust/token.ts'
import { makeTestKey } from '#testing/keys.ts'
import { verifyJoin } from './join.ts'

it('A10 a device with a stale pin says which key of the relay it expects, in words, and takes nothing by another one', async () => {
  const [pinned, other] = [await makeTestKey(), await makeTestKey()]
  const expected = {
    passKeys: [{ ...pinned.publicKey, kid: 'first' }],
    deviceId: idFromBytes('device', new Uint8Array(16)),
    sessionId: idFromBytes('session', new Uint8Array(16)),
    agentNonce: 'A'.repeat(43),
    grantedScopes: ['view' as const],
    operatorKeyThumbprint: other.thumbprint,
    nowMs: Date.now(),
  }
  const join = async (kid: string) =>
    verifyJoin({ pass: await signToken(PASS, { iss: PASS.issuer }, kid, other.privateKey), proof: 'x' }, expected)
  await expect(join('second')).rejects.toMatchObject({
    code: 'pass-invalid',
    message: expect.stringContaining(`expects another key of its relay: ${keyWords(pinned.thumbprint).join(' ')}.`),
  })
  // One that only calls itself like the pinned key is no sign of a relay that was set up anew.
  await expect(join('first')).rejects.toMatchObject({
    code: 'pass-invalid',
    message: expect.not.stringContaining('another key'),
  })
})
