import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { idFromBytes } from './ids.ts'
import { type Ed25519PublicJwk, ed25519PublicJwkSchema, type PassVerificationKey, thumbprintOf } from './keys.ts'
import { PASS, type PassExpectation, verifyPass } from './pass.ts'
import { signProof, verifyProof } from './proof.ts'

const id = (kind: 'device' | 'session' | 'organisation', fill: number) =>
  idFromBytes(kind, new Uint8Array(16).fill(fill))
const deviceId = id('device', 1)
const sessionId = id('session', 2)
const nowMs = 1_800_000_000_000
const nowS = nowMs / 1000
const nonce = 'n'.repeat(43)

async function keyPair() {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
  return { publicKey, privateKey, jwk: ed25519PublicJwkSchema.parse(await exportJWK(publicKey)) }
}

let relay: { publicKey: CryptoKey; privateKey: CryptoKey; jwk: Ed25519PublicJwk }
let operator: { privateKey: CryptoKey; jwk: Ed25519PublicJwk }
let key: PassVerificationKey
let expected: PassExpectation

beforeAll(async () => {
  relay = await keyPair()
  operator = await keyPair()
  key = { ...relay.jwk, kid: 'k1' }
  expected = { keys: [key], deviceId, sessionId, nowMs }
})

async function claims() {
  return {
    iss: PASS.issuer,
    aud: deviceId,
    sub: 'user_12345678',
    jti: 'pass-0123456789abcdef',
    iat: nowS,
    nbf: nowS,
    exp: nowS + 900,
    org: id('organisation', 3),
    sid: sessionId,
    scopes: ['view', 'control'],
    cnf: { jkt: await thumbprintOf(operator.jwk) },
  }
}

async function mint(change: Record<string, unknown> = {}, header: Record<string, unknown> = {}): Promise<string> {
  const payload = Object.fromEntries(
    Object.entries({ ...(await claims()), ...change }).filter(([, value]) => value !== undefined),
  )
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'EdDSA', typ: PASS.typ, kid: 'k1', ...header })
    .sign(relay.privateKey)
}

describe('verifyPass', () => {
  it('returns the claims of a good pass', async () => {
    await expect(verifyPass(await mint(), expected)).resolves.toMatchObject({ sid: sessionId, aud: deviceId })
  })

  it('A1 refuses a pass without a signature', async () => {
    const [, payload = ''] = (await mint()).split('.')
    const header = Buffer.from(JSON.stringify({ alg: 'none', typ: PASS.typ, kid: 'k1' })).toString('base64url')
    for (const pass of [
      `${header}.${payload}.`,
      `${header}.${payload}`,
      `${(await mint()).split('.').slice(0, 2).join('.')}.`,
    ])
      await expect(verifyPass(pass, expected)).rejects.toMatchObject({ code: 'pass-invalid' })
  })

  it('A2 refuses HS256 with the public key as the secret', async () => {
    const [, payload = ''] = (await mint()).split('.')
    const header = Buffer.from(JSON.stringify({ alg: 'HS256', typ: PASS.typ, kid: 'k1' })).toString('base64url')
    const pem = await exportSPKI(relay.publicKey)
    for (const secret of [pem, ` ${pem}`, key.x, Buffer.from(key.x, 'base64url')]) {
      const signature = createHmac('sha256', secret).update(`${header}.${payload}`).digest('base64url')
      await expect(verifyPass(`${header}.${payload}.${signature}`, expected)).rejects.toMatchObject({
        code: 'pass-invalid',
      })
    }
  })

  it('A4 holds the leeway of 30 s to the second', async () => {
    const pass = await mint()
    const at = (seconds: number) => verifyPass(pass, { ...expected, nowMs: nowMs + seconds * 1000 })
    await expect(at(900 + 29)).resolves.toBeDefined()
    await expect(at(900 + 31)).rejects.toMatchObject({ code: 'pass-expired' })
    await expect(at(-29)).resolves.toBeDefined()
    await expect(at(-31)).rejects.toMatchObject({ code: 'pass-invalid' })
  })

  it.each([undefined, '1800000900', 1.5, 1e308, -1])('A4 refuses exp %s', async exp => {
    await expect(verifyPass(await mint({ exp }), expected)).rejects.toMatchObject({
      code: expect.stringMatching(/^pass-/),
    })
  })

  it('refuses a pass that claims a longer life', async () => {
    await expect(verifyPass(await mint({ exp: nowS + 901 }), expected)).rejects.toMatchObject({ code: 'pass-invalid' })
  })

  it('names a pass for another device or session', async () => {
    await expect(verifyPass(await mint({ aud: id('device', 9) }), expected)).rejects.toMatchObject({
      code: 'pass-wrong-device',
    })
    await expect(verifyPass(await mint({ sid: id('session', 9) }), expected)).rejects.toMatchObject({
      code: 'pass-wrong-session',
    })
  })

  it('A5 refuses another typ, issuer or key', async () => {
    const passes = [await mint({}, { typ: 'JWT' }), await mint({ iss: 'somebody' }), await mint({}, { kid: 'k2' })]
    for (const pass of passes) await expect(verifyPass(pass, expected)).rejects.toMatchObject({ code: 'pass-invalid' })
  })

  it('A13 accepts no mutation', async () => {
    const pass = await mint()
    await fc.assert(
      fc.asyncProperty(fc.nat(pass.length - 1), fc.string({ minLength: 1, maxLength: 3 }), async (at, text) => {
        const mutated = pass.slice(0, at) + text + pass.slice(at + text.length)
        // base64url of the last characters has spare bits: a change there may decode to the same signature.
        fc.pre(Buffer.from(mutated, 'base64url').compare(Buffer.from(pass, 'base64url')) !== 0 && at < pass.length - 2)
        await expect(verifyPass(mutated, expected)).rejects.toMatchObject({ code: expect.stringMatching(/^pass-/) })
      }),
      { numRuns: 2000 },
    )
  })
})

describe('verifyProof', () => {
  const joinClaims = { sessionId, deviceId, agentNonce: nonce }

  it('returns what the expected key signed', async () => {
    const proof = await signProof('join', joinClaims, operator.privateKey, operator.jwk)
    await expect(verifyProof('join', proof, await thumbprintOf(operator.jwk))).resolves.toEqual(joinClaims)
  })

  it('A7 refuses a proof of another key', async () => {
    const other = await keyPair()
    const proof = await signProof('join', joinClaims, other.privateKey, other.jwk)
    await expect(verifyProof('join', proof, await thumbprintOf(operator.jwk))).rejects.toMatchObject({
      code: 'pass-key-mismatch',
    })
  })

  it('A7 refuses a proof that names the right key and was signed by another', async () => {
    const other = await keyPair()
    const proof = await signProof('join', joinClaims, other.privateKey, operator.jwk)
    await expect(verifyProof('join', proof, await thumbprintOf(operator.jwk))).rejects.toMatchObject({
      code: 'proof-invalid',
    })
  })

  it('A5 refuses a proof of another kind', async () => {
    const proof = await signProof('device', { deviceId, nonce }, operator.privateKey, operator.jwk)
    await expect(verifyProof('join', proof, await thumbprintOf(operator.jwk))).rejects.toMatchObject({
      code: 'proof-invalid',
    })
  })

  it('refuses what is no proof', async () => {
    const thumbprint = await thumbprintOf(operator.jwk)
    for (const text of ['', 'a.b.c', 'x'.repeat(10_000)])
      await expect(verifyProof('join', text, thumbprint)).rejects.toMatchObject({ code: 'proof-invalid' })
  })
})
