import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { enrolReplySchema } from '#protocol/enrolment-http.ts'
import { makeTestKey } from '#testing/keys.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { TestRelay } from '#testing/relay.ts'

let clock: ManualClock
let relay: TestRelay
let admin: string
beforeEach(async () => {
  clock = new ManualClock()
  relay = await TestRelay.start({ clock })
  admin = await relay.signIn()
})
afterEach(() => relay.close())

const INVALID = { status: 403, body: { code: 'enrolment-token-invalid' } }
const enrol = (body: unknown) => relay.call('POST', '/v1/enrol', { body })

describe('POST /v1/enrol', () => {
  it('A130 a token of 10 uses enrols exactly 10 of 100 devices that come at once', async () => {
    const token = await relay.mintEnrolmentToken(admin, 10)
    const bodies = await Promise.all(
      Array.from({ length: 100 }, async () => relay.enrolBody(token, await makeTestKey())),
    )
    const replies = await Promise.all(bodies.map(enrol))
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(10)
    expect(replies.filter(({ status }) => status === 403)).toHaveLength(90)
    const { body } = await relay.call('GET', '/v1/devices', { token: admin })
    expect(body).toMatchObject({ devices: { length: 10 } })
  })

  it('A130 answers spent, expired and unknown tokens alike', async () => {
    const spent = await relay.mintEnrolmentToken(admin, 1)
    await relay.enrol(spent)
    expect(await enrol(await relay.enrolBody(spent, await makeTestKey()))).toMatchObject(INVALID)
    const expired = await relay.mintEnrolmentToken(admin, 1, 60)
    clock.advance(60_000)
    expect(await enrol(await relay.enrolBody(expired, await makeTestKey()))).toMatchObject(INVALID)
    expect(await enrol(await relay.enrolBody('hhe_never_made_by_anybody', await makeTestKey()))).toMatchObject(INVALID)
  })

  it('gives a key that asks again its own device and takes no use', async () => {
    const token = await relay.mintEnrolmentToken(admin, 1)
    const first = await relay.enrol(token)
    expect((await relay.enrol(token, first.key)).deviceId).toBe(first.deviceId)
    const other = await relay.mintEnrolmentToken(admin, 1)
    expect((await relay.enrol(other, first.key)).deviceId).toBe(first.deviceId)
    await relay.enrol(other)
  })

  it('A130 refuses a key that another organisation has', async () => {
    const device = await relay.enrol(await relay.mintEnrolmentToken(admin))
    const other = await relay.signIn(await relay.addOrganisation('Other Ltd', 'otto@example.net'))
    const token = await relay.mintEnrolmentToken(other, 1)
    expect(await enrol(await relay.enrolBody(token, device.key))).toMatchObject(INVALID)
    await relay.enrol(token)
  })

  it('A133 a machine that was set up anew is a new device; its row names those of its name, which stay as they are', async () => {
    const enrolled = async (name: string, by = admin) =>
      relay.enrol(await relay.mintEnrolmentToken(by), undefined, name)
    const other = await relay.signIn(await relay.addOrganisation('Other Ltd', 'otto@example.net'))
    await enrolled('till-7', other)
    const first = await enrolled('till-7')
    await enrolled('till-8')
    const second = await enrolled('till-7')
    expect(second.deviceId).not.toBe(first.deviceId)
    const socket = await relay.openAgentSocket(first)
    await socket.close()
    await relay.call('DELETE', `/v1/devices/${first.deviceId}`, { token: admin })
    const third = await enrolled('till-7')
    const { body } = await relay.call('GET', '/v1/audit?action=device.enrolled', { token: admin })
    const rows = (body as { entries: { subject: string; detail: { namesakes?: string[] } }[] }).entries
    expect(rows.map(({ subject, detail }) => [subject, detail.namesakes])).toEqual([
      [third.deviceId, [second.deviceId]],
      [second.deviceId, [first.deviceId]],
      [expect.anything(), undefined],
      [first.deviceId, undefined],
    ])
  })

  it('refuses a proof for another token and a proof of another key', async () => {
    const token = await relay.mintEnrolmentToken(admin)
    const key = await makeTestKey()
    const body = await relay.enrolBody(token, key)
    const { proof } = await relay.enrolBody('hhe_another_token', key)
    expect(await enrol({ ...body, proof })).toMatchObject({ status: 403, body: { code: 'proof-invalid' } })
    const thief = await relay.enrolBody(token, await makeTestKey())
    expect(await enrol({ ...body, proof: thief.proof })).toMatchObject({
      status: 401,
      body: { code: 'pass-key-mismatch' },
    })
  })

  it('A131 keeps the token out of the database and names it by id in the audit', async () => {
    const token = await relay.mintEnrolmentToken(admin)
    await relay.enrol(token)
    const { body } = await relay.call('GET', '/v1/audit', { token: admin })
    expect(JSON.stringify(body)).not.toContain(token)
    expect(body).toMatchObject({
      entries: [{ action: 'device.enrolled' }, { action: 'enrolment-token.created' }, {}, {}],
    })
  })

  it('makes hostile host names honest and prototype members nothing', async () => {
    const body = await relay.enrolBody(await relay.mintEnrolmentToken(admin), await makeTestKey())
    const facts = { ...body.facts, hostname: '\u202eksoik\u0000 <b>\ud800' }
    expect((await enrol(JSON.stringify({ ...body, facts }).replace('{', '{"__proto__":{"x":1},'))).status).toBe(400)
    expect(enrolReplySchema.safeParse((await enrol({ ...body, facts })).body).success).toBe(true)
    expect((await relay.call('GET', '/v1/devices', { token: admin })).body).toMatchObject({
      devices: [{ name: 'ksoik <b>\ufffd' }],
    })
    expect('x' in {}).toBe(false)
  })

  it('A5 A131 an enrolment token opens no other route', async () => {
    const token = await relay.mintEnrolmentToken(admin)
    for (const path of ['/v1/me', '/v1/devices', '/v1/audit'])
      expect((await relay.call('GET', path, { token })).status).toBe(401)
  })
})
