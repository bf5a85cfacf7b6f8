import { expect, it } from 'vitest'
import { idFromBytes } from '#protocol/ids.ts'
import { PASS } from '#protocol/pass.ts'
import { keyWords } from '#protocol/trust/key-words.ts'
import { signToken } from '#protocol/trust/token.ts'
import { makeTestKey, type TestKey } from '#testing/keys.ts'
import { verifyJoin } from './join.ts'

const expecting = (pinned: TestKey, other: TestKey) => ({
  passKeys: [{ ...pinned.publicKey, kid: 'first' }],
  deviceId: idFromBytes('device', new Uint8Array(16)),
  sessionId: idFromBytes('session', new Uint8Array(16)),
  agentNonce: 'A'.repeat(43),
  grantedScopes: ['view' as const],
  operatorKeyThumbprint: other.thumbprint,
  nowMs: 1_800_000_000_000,
})

it('A10 a device with a stale pin says which key of the relay it expects, in words, and takes nothing by another one', async () => {
  const [pinned, other] = [await makeTestKey(), await makeTestKey()]
  const expected = expecting(pinned, other)
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

it.each([
  [-31, 'pass-invalid', 'at least 31 s behind the relay’s'],
  [-3600, 'pass-invalid', 'at least 3600 s behind the relay’s'],
  [931, 'pass-expired', 'at least 31 s ahead of the relay’s'],
])(
  'A4 a pass that is %i s old by the device’s clock stays refused, and the operator reads which clock to set',
  async (ageS, code, words) => {
    const [pinned, operator] = [await makeTestKey(), await makeTestKey()]
    const expected = expecting(pinned, operator)
    const iat = expected.nowMs / 1000 - ageS
    const organisation = idFromBytes('organisation', new Uint8Array(16))
    const times = { iat, nbf: iat, exp: iat + 900 }
    const names = { aud: expected.deviceId, sub: 'user_12345678', org: organisation, sid: expected.sessionId }
    const claims = { iss: PASS.issuer, jti: 'p'.repeat(16), ...names, ...times, scopes: ['view'] }
    const signed = { ...claims, cnf: { jkt: operator.thumbprint } }
    const refusal = async (by: TestKey) =>
      verifyJoin({ pass: await signToken(PASS, signed, 'first', by.privateKey), proof: 'x' }, expected)
    await expect(refusal(pinned)).rejects.toMatchObject({ code, message: expect.stringContaining(words) })
    // Nobody else has the operator think of clocks.
    await expect(refusal(operator)).rejects.toMatchObject({ message: expect.not.stringContaining('clock') })
  },
)
