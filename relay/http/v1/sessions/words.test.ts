import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { refusalOf } from '#protocol/problem.ts'
import { TestPolicy } from '#testing/policy.ts'
import { TestRelay } from '#testing/relay.ts'
import { TestSession } from '#testing/relay-session.ts'

let relay: TestRelay
let session: TestSession
let policy: TestPolicy
let rootId: string
beforeEach(async () => {
  relay = await TestRelay.start()
  session = await TestSession.connect(relay)
  policy = new TestPolicy(relay, session.token)
  rootId = await policy.rootId()
})
afterEach(() => relay.close())

const ask = (words: object) =>
  relay.call('POST', '/v1/sessions', { token: session.token, body: { ...session.body(), ...words } })
const asks = async () =>
  (await relay.call('GET', `/v1/devices/${session.device.deviceId}/tools`, { token: session.token })).body

describe('what an operator says before a session', () => {
  it('is a reason, and a ticket where they have one, unless a group says otherwise', async () => {
    expect(await asks()).toMatchObject({ asks: { reason: 'required', ticket: 'optional' } })
    expect(refusalOf((await ask({ reason: '  ' })).body)).toMatchObject({
      code: 'bad-request',
      message: 'A session with this device takes a reason.',
    })
    await policy.set(rootId, { reason: 'off', ticket: 'required' })
    expect(await asks()).toMatchObject({ asks: { reason: 'off', ticket: 'required' } })
    expect(refusalOf((await ask({ reason: '', ticket: null })).body)).toMatchObject({ code: 'bad-request' })
    expect(refusalOf((await ask({ reason: 'Printer', ticket: 'INC-7' })).body)).toMatchObject({
      message: 'A session with this device takes no reason.',
    })
    expect((await ask({ reason: '', ticket: 'INC-7' })).status).toBe(200)
    const { request } = await session.agent.waitFor('session.request', () => true)
    expect(request).toMatchObject({ reason: '', ticket: 'INC-7' })
  })
})
