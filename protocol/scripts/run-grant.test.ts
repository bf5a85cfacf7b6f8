import { beforeAll, describe, expect, it } from 'vitest'
import { makeTestKey, type TestKey } from '#testing/keys.ts'
import { signRunOrder } from '#testing/script-runs.ts'
import { makeStrictOrganisation } from '#testing/strict-organisation.ts'
import { idFromBytes } from '../ids.ts'
import type { Scope } from '../session/scopes.ts'
import { GRANT_TTL_S } from '../tools/limits.ts'
import { readStatement } from '../trust/signed.ts'
import { firstStanding } from '../trust/strict/standing.ts'
import { signToken } from '../trust/token.ts'
import { verifyRunCertificate } from './run-certificate.ts'
import { RUN_GRANT, type RunGrantClaims, verifyRun } from './run-grant.ts'
import { deviceMark, RUN_ORDER } from './run-order.ts'
import { type ScriptDefinition, scriptDigest } from './script.ts'

const NOW_MS = 1_800_000_000_000
const organisation = { id: idFromBytes('organisation', new Uint8Array(16)), name: 'Riverside Clinic' }
const operator = { id: 'operator-1', name: 'Ada Brandt', email: 'ada@riverside.example' }
const deviceId = idFromBytes('device', new Uint8Array(16))
const otherId = idFromBytes('device', new Uint8Array(16).fill(1))
const sealKey = { kty: 'OKP', crv: 'X25519', x: 'x'.repeat(43) } as const
const definition: ScriptDefinition = {
  tool: 'shell',
  program: 'sh',
  text: 'echo "$NAME"',
  parameters: [{ name: 'NAME', label: 'Name', kind: { type: 'text', maxLength: 5 } }],
}

let relayKey: TestKey
let appKey: TestKey
let order: string
let digest: string
beforeAll(async () => {
  relayKey = await makeTestKey()
  appKey = await makeTestKey()
  digest = await scriptDigest(definition)
  order = await orderOf({})
})

const orderOf = (change: Partial<Parameters<typeof signRunOrder>[1]>, by = appKey) =>
  signRunOrder(
    by,
    {
      ...{ organisationId: organisation.id, operatorId: operator.id, digest, tool: 'shell', values: { NAME: 'Eve' } },
      reason: 'Because',
      ...{ timeLimitS: 60, sealKey, deviceIds: [deviceId], waitMs: 3_600_000 },
      ...change,
    },
    NOW_MS,
  )

async function grantOf(text: string, change: Partial<RunGrantClaims> = {}, by = relayKey): Promise<string> {
  const { claims } = await readStatement(RUN_ORDER, text)
  const iat = NOW_MS / 1000
  const said: RunGrantClaims = {
    ...{ iss: 'handhold-relay', aud: deviceId, sub: operator.id, label: 'Ada Brandt', jti: 'grt_0123456789abcdef' },
    ...{ iat, nbf: iat, exp: iat + GRANT_TTL_S, org: organisation.id, run: claims.runId, person: 'tell' },
    ...{ script: { digest, name: 'Greet' }, cnf: { jkt: appKey.thumbprint } },
    ...change,
  }
  return signToken(RUN_GRANT, said, 'relay-1', by.privateKey)
}

const verify = async (run: { grant?: string; order?: string; definition?: ScriptDefinition }, atMs = NOW_MS) => {
  const said = { order, definition, ...run }
  const grant = run.grant ?? (await grantOf(said.order))
  const keys = [{ ...relayKey.publicKey, kid: 'relay-1' }]
  return verifyRun({ ...said, grant }, { keys, deviceId, nowMs: atMs })
}
const refused = { code: 'grant-invalid' }

describe('a run of a script, at a device', () => {
  it('is good when the relay and the operator’s app say the same of this text, and names no other device', async () => {
    const { order: said } = await verify({})
    expect(said.values).toEqual({ NAME: 'Eve' })
    expect(said.devices).toEqual([await deviceMark(said.runId, deviceId)])
    expect(JSON.stringify(said)).not.toContain(deviceId)
  })

  it.each<[string, Partial<RunGrantClaims>]>([
    ['for another device', { aud: otherId }],
    ['for another operator', { sub: 'operator-2' }],
    ['for another organisation', { org: idFromBytes('organisation', new Uint8Array(16).fill(2)) }],
    ['for another run', { run: idFromBytes('scriptRun', new Uint8Array(16)) }],
    ['for another text', { script: { digest: 'y'.repeat(43), name: 'Greet' } }],
    ['for the order of another key', { cnf: { jkt: 'y'.repeat(43) } }],
    ['that is good for longer than five minutes', { exp: NOW_MS / 1000 + GRANT_TTL_S + 1 }],
    ['that has run out this second', { iat: NOW_MS / 1000 - 300, nbf: NOW_MS / 1000 - 300, exp: NOW_MS / 1000 }],
  ])('A80 is refused with a grant %s', async (_, change) => {
    await expect(verify({ grant: await grantOf(order, change) })).rejects.toMatchObject(refused)
  })

  it('A80 is refused with a grant of another key than the pinned one, or a token of another kind', async () => {
    await expect(verify({ grant: await grantOf(order, {}, appKey) })).rejects.toMatchObject(refused)
    const other = await signToken({ ...RUN_GRANT, typ: 'handhold-grant+jwt' }, {}, 'relay-1', relayKey.privateKey)
    await expect(verify({ grant: other })).rejects.toMatchObject(refused)
  })

  it('A7 is refused when the order is a relay’s own, is for other devices, has run out, or begins tomorrow', async () => {
    const relaysOwn = await orderOf({}, relayKey)
    await expect(verify({ order: relaysOwn })).rejects.toMatchObject(refused)
    const elsewhere = await orderOf({ deviceIds: [otherId] })
    await expect(verify({ order: elsewhere })).rejects.toMatchObject(refused)
    const short = await orderOf({ waitMs: 60_000 })
    const grant = await grantOf(short)
    await expect(verify({ order: short, grant }, NOW_MS + 61_000)).rejects.toMatchObject(refused)
    const lateGrant = await grantOf(order, { iat: 1, nbf: 1, exp: 301 })
    await expect(verify({ grant: lateGrant }, 100_000)).rejects.toMatchObject(refused)
  })

  it('is refused when one letter of the text is another, or a value isn’t of its kind', async () => {
    await expect(verify({ definition: { ...definition, text: 'echo "$NAME" ' } })).rejects.toMatchObject(refused)
    await expect(verify({ definition: { ...definition, tool: 'shell-user' } })).rejects.toMatchObject(refused)
    const long = await orderOf({ values: { NAME: 'Mallory' } })
    await expect(verify({ order: long })).rejects.toMatchObject({ code: 'bad-request' })
  })
})

describe('who ordered it, in a strict organisation', () => {
  it('A7 has a certificate of exactly the key that signed, with the tool, and good where nobody is', async () => {
    const made = await makeStrictOrganisation(organisation, operator, () => NOW_MS)
    const standing = await firstStanding(await made.order())
    const { claims } = await readStatement(RUN_ORDER, order)
    const right = { scopes: ['view', 'control', 'shell'] satisfies Scope[] }
    const check = (certificate: string | undefined, key = made.operatorKey.thumbprint) =>
      verifyRunCertificate(certificate, standing, { ...claims, key }, NOW_MS)
    await expect(check(await made.certificate(right))).resolves.toMatchObject({ operator })
    await expect(check(undefined)).rejects.toMatchObject({ code: 'certificate-required' })
    const invalid = { code: 'certificate-invalid' }
    await expect(check(await made.certificate(right), appKey.thumbprint)).rejects.toMatchObject(invalid)
    await expect(check(await made.certificate())).rejects.toMatchObject(invalid)
    await expect(check(await made.certificate({ ...right, unattended: false }))).rejects.toMatchObject(invalid)
    const others = await made.certificate({ ...right, operator: { ...operator, id: 'operator-2' } })
    await expect(check(others)).rejects.toMatchObject(invalid)
  })
})
