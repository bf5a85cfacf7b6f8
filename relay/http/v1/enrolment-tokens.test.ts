import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { enrolmentTokenReplySchema } from '#protocol/enrolment-http.ts'
import { makeTestKey } from '#testing/keys.ts'
import { TestRelay } from '#testing/relay.ts'
import { TestSession } from '#testing/relay-session.ts'

let relay: TestRelay
let admin: string
beforeEach(async () => {
  relay = await TestRelay.start()
  admin = await relay.signIn()
})
afterEach(() => relay.close())

const INVALID = { status: 403, body: { code: 'enrolment-token-invalid' } }

async function mint(wish: object, as = admin) {
  const body = { maxUses: 5, expiresInS: 3600, ...wish }
  return enrolmentTokenReplySchema.parse((await relay.call('POST', '/v1/enrolment-tokens', { token: as, body })).body)
}
const list = async (as = admin) => (await relay.call('GET', '/v1/enrolment-tokens', { token: as })).body
const revoke = (id: string, as = admin) => relay.call('DELETE', `/v1/enrolment-tokens/${id}`, { token: as })
const setStatus = (deviceId: string, status: string, as = admin) =>
  relay.call('PUT', `/v1/devices/${deviceId}/status`, { token: as, body: { status } })
async function enrol(token: string, wish: object = {}) {
  return relay.call('POST', '/v1/enrol', { body: { ...(await relay.enrolBody(token, await makeTestKey())), ...wish } })
}
async function makeGroup(name: string, parentId?: string) {
  const { body } = await relay.call('GET', '/v1/groups', { token: admin })
  const root = (body as { groups: { id: string; path: string }[] }).groups.find(({ path }) => path === '/')?.id
  const reply = await relay.call('POST', '/v1/groups', { token: admin, body: { parentId: parentId ?? root, name } })
  return (reply.body as { id: string }).id
}

describe('an enrolment token', () => {
  it('A130 at its last use has exactly one winner in 100 parallel tries', async () => {
    const { token } = await mint({ maxUses: 1 })
    const bodies = await Promise.all(
      Array.from({ length: 100 }, async () => relay.enrolBody(token, await makeTestKey())),
    )
    const replies = await Promise.all(bodies.map(body => relay.call('POST', '/v1/enrol', { body })))
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(replies.filter(({ status }) => status === 403)).toHaveLength(99)
    expect(await list()).toMatchObject({ tokens: [{ usesLeft: 0, usable: false, devices: { active: 1 } }] })
  })

  it('A130 refuses a device from another network, IPv4 and IPv6, and takes one from its own', async () => {
    const elsewhere = await mint({ networks: ['192.0.2.0/24', '2001:db8::/32'] })
    expect(await enrol(elsewhere.token)).toMatchObject(INVALID)
    const here = await mint({ networks: ['2001:db8::/32', '127.0.0.0/8'] })
    expect((await enrol(here.token)).status).toBe(200)
    const body = { maxUses: 1, expiresInS: 60, networks: ['192.0.2.0/99'] }
    expect((await relay.call('POST', '/v1/enrolment-tokens', { token: admin, body })).status).toBe(400)
    const audit = await relay.call('GET', '/v1/audit', { token: admin })
    expect(JSON.stringify(audit.body)).toContain('"why":"network"')
  })

  it('A130 refuses a device that expects another tenant or a group outside its own', async () => {
    const branches = await makeGroup('Branches')
    const kiosks = await makeGroup('Kiosks', branches)
    const { token } = await mint({ groupId: branches })
    for (const wish of [{ tenant: 'Other Ltd' }, { group: '/' }, { group: '/Nowhere' }, { group: 'grp_x' }])
      expect(await enrol(token, wish)).toMatchObject(INVALID)
    expect((await enrol(token, { tenant: 'example ltd', group: '/Branches/Kiosks' })).status).toBe(200)
    expect((await enrol(token, { group: kiosks })).status).toBe(200)
    expect(await list()).toMatchObject({ tokens: [{ groupPath: '/Branches', usesLeft: 3 }] })
  })

  it("A46 is for who manages its group's devices, and another organisation's is not found", async () => {
    const bob = await relay.signIn(await relay.addOperator(admin, 'bob@example.org'))
    const other = await relay.signIn(await relay.addOrganisation('Other Ltd', 'otto@example.net'))
    const { id } = await mint({})
    expect((await revoke(id, bob)).status).toBe(403)
    expect((await revoke(id, other)).status).toBe(404)
    expect(await list(other)).toMatchObject({ tokens: [] })
    expect(JSON.stringify(await list())).not.toContain('hhe_')
  })

  it('A130 A134 that is revoked cuts off what it enrolled, until an administrator releases it', async () => {
    const session = await TestSession.connect(relay)
    await session.activate()
    const [{ id = '' } = {}] = ((await list()) as { tokens: { id: string }[] }).tokens
    const startedAtMs = Date.now()
    expect((await revoke(id)).body).toEqual({ quarantined: 1 })
    expect(await session.agent.closed).toBe(4423)
    expect(await session.state('closed')).toMatchObject({ state: { reason: 'policy-revoked' } })
    expect(Date.now() - startedAtMs).toBeLessThan(2_000)
    expect((await revoke(id)).status).toBe(404)
    const again = await relay.openStrangerSocket()
    await expect(again.request(await relay.agentHello(again, session.device))).rejects.toThrow('token that enrolled it')
    expect(await again.closed).toBe(4423)
    const wish = { token: admin, body: session.body() }
    expect(await relay.call('POST', '/v1/sessions', wish)).toMatchObject({
      status: 403,
      body: { code: 'device-quarantined' },
    })
    expect((await setStatus(session.device.deviceId, 'active')).status).toBe(204)
    await relay.openAgentSocket(session.device)
    expect((await relay.call('POST', '/v1/sessions', wish)).status).toBe(200)
  })

  it('with approval makes devices that wait, are told nothing and are seen by who can approve', async () => {
    const { token } = await mint({ approval: true })
    const device = await relay.enrol(token)
    const socket = await relay.openAgentSocket(device)
    await socket.waitFor('standby')
    const bob = await relay.signIn(await relay.addOperator(admin, 'bob@example.org'))
    expect((await relay.call('GET', '/v1/devices', { token: bob })).body).toMatchObject({ devices: [] })
    expect((await relay.call('GET', '/v1/devices', { token: admin })).body).toMatchObject({
      devices: [{ status: 'pending', online: false }],
    })
    const body = { deviceId: device.deviceId, reason: 'x', ticket: null, scopes: ['view'] }
    const wish = { ...body, operatorKey: (await makeTestKey()).publicKey }
    expect((await relay.call('POST', '/v1/sessions', { token: bob, body: wish })).status).toBe(404)
    expect(await relay.call('POST', '/v1/sessions', { token: admin, body: wish })).toMatchObject({
      body: { code: 'device-pending' },
    })
    expect(socket.received.map(({ type }) => type)).toEqual(['hello', 'standby'])
    await setStatus(device.deviceId, 'active')
    expect(await socket.closed).toBe(4411)
    await (await relay.openAgentSocket(device)).waitFor('welcome')
  })
})
