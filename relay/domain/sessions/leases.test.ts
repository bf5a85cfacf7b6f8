import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { verifyLease } from '#protocol/trust/lease.ts'
import { makeTestKey } from '#testing/keys.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { makeNonce, TestRelay } from '#testing/relay.ts'
import { TestSession } from '#testing/relay-session.ts'
import { SqliteStore } from '../../store/store.ts'

let clock: ManualClock
let relay: TestRelay
let session: TestSession
beforeEach(async () => {
  clock = new ManualClock()
  relay = await TestRelay.start({ clock })
  session = await TestSession.connect(relay)
})
afterEach(() => relay.close())

const nonce = makeNonce()
const ask = (said: { agent?: TestSession['agent']; nonce?: string } = {}) =>
  (said.agent ?? session.agent).request({
    type: 'session.lease-request',
    sessionId: session.id,
    nonce: said.nonce ?? nonce,
  })

describe('a lease', () => {
  it('answers the question of the device that has the session, for 45 s and with what was granted', async () => {
    await session.grant(['view'])
    await session.join()
    await ask()
    const { lease } = await session.agent.waitFor('session.lease')
    const { passKeys } = await session.agent.waitFor('welcome')
    const operatorId = (await session.agent.waitFor('session.request')).request.operator.id
    const { deviceId } = session.device
    const claims = await verifyLease(lease, { keys: passKeys, deviceId, sessionId: session.id, operatorId, nonce })
    expect(claims).toMatchObject({ scopes: ['view'], exp: claims.iat + 45, iat: Math.floor(clock.nowMs() / 1000) })
  })

  it('outlives a restart of the relay: the device asks the next one', async () => {
    await session.activate()
    await relay.restart()
    const state = (await session.agent.waitFor('session.request')).request
    const active = {
      name: 'active' as const,
      scopes: state.scopes,
      untilMs: clock.nowMs() + 1000,
      mode: 'control' as const,
    }
    const agent = await relay.openAgentSocket(session.device, { sessions: [{ sessionId: session.id, state: active }] })
    await ask({ agent })
    await agent.waitFor('session.lease')
  })

  it('is for no session of another device, none that nobody agreed to, and none that is over', async () => {
    await session.request()
    await expect(ask()).rejects.toMatchObject({ code: 'illegal-transition' })
    const other = await relay.enrol(await relay.mintEnrolmentToken(session.token), await makeTestKey(), 'kiosk-2')
    const stranger = await relay.openAgentSocket(other)
    await expect(ask({ agent: stranger })).rejects.toMatchObject({ code: 'not-found' })
    await session.operator.request({ type: 'session.end', sessionId: session.id })
    await expect(ask()).rejects.toMatchObject({ code: 'session-closed' })
  })

  it('A56 is refused, and the session ended, when the policy changed and nobody has looked yet', async () => {
    await session.activate()
    const store = new SqliteStore(join(relay.dataDir, 'relay.db'))
    const [organisation] = await store.read.policy.organisations()
    const { groups } = await store.read.policy.rows(organisation?.id ?? '')
    const root = groups.find(({ parentId }) => parentId === null)?.id ?? ''
    await store.write(tx => tx.policy.setSetting(organisation?.id ?? '', root, 'interactive', false))
    await store.close()
    await expect(ask()).rejects.toMatchObject({ code: 'policy-denied' })
    const end = await session.agent.waitFor('session.end')
    expect(end).toMatchObject({ sessionId: session.id, reason: 'policy-revoked' })
  })
})
