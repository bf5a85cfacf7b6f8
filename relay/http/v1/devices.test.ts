import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TestRelay } from '#testing/relay.ts'
import { TestSession } from '#testing/relay-session.ts'

let relay: TestRelay
let session: TestSession
beforeEach(async () => {
  relay = await TestRelay.start()
  session = await TestSession.connect(relay)
})
afterEach(() => relay.close())

describe('GET /v1/devices', () => {
  it('shows presence and who is busy', async () => {
    await session.request()
    const { body } = await relay.call('GET', '/v1/devices', { token: session.token })
    expect(body).toMatchObject({
      devices: [{ id: session.device.deviceId, name: 'kiosk-1', online: true, busy: true }],
    })
  })

  it('A47 shows nothing of another organisation, on the socket neither', async () => {
    const other = await relay.signIn(await relay.addOrganisation('Other Ltd', 'otto@example.net'))
    const socket = await relay.openOperatorSocket(other)
    await session.activate()
    expect((await relay.call('GET', '/v1/devices', { token: other })).body).toEqual({
      devices: [],
      total: 0,
      nextCursor: null,
    })
    expect((await relay.call('GET', '/v1/audit', { token: other })).body).toMatchObject({
      entries: [{ action: 'user.signed-in' }],
    })
    await socket.beat()
    expect(socket.received.map(({ type }) => type)).toEqual(['hello'])
  })
})

describe('DELETE /v1/devices/:deviceId', () => {
  const remove = (token: string) => relay.call('DELETE', `/v1/devices/${session.device.deviceId}`, { token })

  it('A134 ends its sessions, closes its socket and makes its key worthless at once', async () => {
    await session.activate()
    expect((await remove(session.token)).status).toBe(204)
    expect(await session.agent.closed).toBe(4410)
    expect(await session.state('closed')).toMatchObject({ state: { reason: 'admin-ended' } })
    await session.operator.waitFor('device.removed')
    const again = await relay.openStrangerSocket()
    await expect(again.request(await relay.agentHello(again, session.device))).rejects.toThrow()
    expect(await again.closed).toBe(4410)
    expect((await relay.call('POST', '/v1/sessions', { token: session.token, body: session.body() })).status).toBe(404)
    expect((await remove(session.token)).status).toBe(404)
  })

  it("is an administrator's", async () => {
    const operator = await relay.signIn(await relay.addOperator(session.token, 'bob@example.org'))
    expect(await remove(operator)).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    await session.agent.beat()
  })

  it('A11 answers 404 to another organisation, and so does asking for a session', async () => {
    const other = await relay.signIn(await relay.addOrganisation('Other Ltd', 'otto@example.net'))
    expect((await remove(other)).status).toBe(404)
    expect((await relay.call('POST', '/v1/sessions', { token: other, body: session.body() })).status).toBe(404)
    await session.agent.beat()
    const { body } = await relay.call('GET', '/v1/audit', { token: other })
    expect(body).toMatchObject({
      entries: [
        { action: 'http.denied', subject: 'POST /v1/sessions' },
        { action: 'http.denied', subject: 'DELETE /v1/devices/:deviceId' },
        { action: 'user.signed-in' },
      ],
    })
  })
})
