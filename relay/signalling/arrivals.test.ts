import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AgentSocket, makeNonce, type TestDevice, TestRelay } from '#testing/relay.ts'

let relay: TestRelay
let admin: string
let device: TestDevice
beforeEach(async () => {
  relay = await TestRelay.start()
  admin = await relay.signIn()
  device = await relay.enrol(await relay.mintEnrolmentToken(admin))
})
afterEach(() => relay.close())

const auditText = async () => JSON.stringify((await relay.call('GET', '/v1/audit', { token: admin })).body)
async function arrive(change: object): Promise<AgentSocket> {
  const socket = await relay.openStrangerSocket()
  await socket.request({ ...(await relay.agentHello(socket, device)), ...change })
  return socket
}
async function refused(change: object): Promise<number> {
  const socket = await relay.openStrangerSocket()
  await expect(socket.request({ ...(await relay.agentHello(socket, device)), ...change })).rejects.toThrow()
  return socket.closed
}

describe('a device that comes', () => {
  it('A41 A133 with a key that answers elsewhere at that moment: both are quarantined', async () => {
    const first = await relay.openAgentSocket(device)
    expect(await refused({})).toBe(4423)
    expect(await first.closed).toBe(4423)
    expect(await auditText()).toContain('"reason":"cloned"')
    expect((await relay.call('GET', '/v1/devices', { token: admin })).body).toMatchObject({
      devices: [{ status: 'quarantined', statusReason: 'cloned', online: false }],
    })
  })

  it('A133 again after its connection ended is no clone, however often', async () => {
    const boot = { id: makeNonce(), count: 1_000 }
    for (let tries = 0; tries < 5; tries++) await (await arrive({ boot })).close()
    await (await arrive({ boot: { id: makeNonce(), count: 1_001 } })).close()
    expect(await auditText()).not.toContain('device.quarantined')
  })

  it.each([
    ['an older number', 5],
    ['the same number of another start', 9],
  ])('A133 with %s has an older copy of its state: quarantined until it is released', async (_, count) => {
    await (await arrive({ boot: { id: makeNonce(), count: 9 } })).close()
    const boot = { id: makeNonce(), count }
    expect(await refused({ boot })).toBe(4423)
    expect(await auditText()).toContain(`"knownBoots":9,"saidBoots":${count}`)
    const body = { status: 'active' }
    await relay.call('PUT', `/v1/devices/${device.deviceId}/status`, { token: admin, body })
    await arrive({ boot })
  })

  it('A133 under a new name keeps its record, and the audit says so', async () => {
    const facts = { hostname: 'kiosk-9', platform: 'fake', osName: 'Testix 1', agentVersion: '0.0.0-test' }
    const owner = { userName: 'Ada', email: 'ada@example.org', domain: 'EXAMPLE' }
    await arrive({ facts, owner })
    expect((await relay.call('GET', '/v1/devices', { token: admin })).body).toMatchObject({
      devices: [{ id: device.deviceId, name: 'kiosk-9', owner }],
    })
    expect(await auditText()).toContain('"from":"kiosk-1","to":"kiosk-9"')
  })

  it('A134 after it was removed is told so, and neither key nor token brings it back', async () => {
    const token = await relay.mintEnrolmentToken(admin, 5)
    device = await relay.enrol(token)
    await relay.call('DELETE', `/v1/devices/${device.deviceId}`, { token: admin })
    expect(await refused({})).toBe(4410)
    await expect(relay.enrol(token, device.key)).rejects.toThrow('enrolment-token-invalid')
    const anew = await relay.enrol(await relay.mintEnrolmentToken(admin), device.key)
    expect(anew.deviceId).not.toBe(device.deviceId)
  })
})
