import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sessionReplySchema } from '#protocol/http.ts'
import { explainReplySchema } from '#protocol/policy/http.ts'
import { devicesReplySchema } from '#protocol/records-http.ts'
import { makeTestKey } from '#testing/keys.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { TestPolicy } from '#testing/policy.ts'
import { TestRelay } from '#testing/relay.ts'
import { TestSession } from '#testing/relay-session.ts'
import { SqliteStore } from '../../store/store.ts'

let clock: ManualClock
let relay: TestRelay
let session: TestSession
let policy: TestPolicy
let rootId: string
beforeEach(async () => {
  clock = new ManualClock()
  relay = await TestRelay.start({ clock })
  session = await TestSession.connect(relay)
  policy = new TestPolicy(relay, session.token)
  rootId = await policy.rootId()
})
afterEach(() => relay.close())

/** An operator who has this role in this group only. */
async function addOperator(roleId: string, groupId: string) {
  const account = await relay.addOperator(session.token, 'bob@example.org')
  await policy.clear(account.user.id)
  if (roleId) await policy.assign(account.user.id, roleId, groupId)
  return { id: account.user.id, token: await relay.signIn(account) }
}

const devicesOf = async (token: string) => {
  const { body } = await relay.call('GET', '/v1/devices', { token })
  return devicesReplySchema.parse(body).devices.map(({ id }) => id)
}

const ask = async (token: string, scopes = ['view', 'control']) => {
  const operatorKey = (await makeTestKey()).publicKey
  return relay.call('POST', '/v1/sessions', { token, body: { ...session.body(), scopes, operatorKey } })
}

describe('a device', () => {
  it('is listed for those who may connect to its group or administer it', async () => {
    const kiosks = await policy.addGroup('Kiosks')
    const bob = await addOperator(await policy.addRole('Viewer', ['view']), kiosks)
    expect(await devicesOf(bob.token)).toEqual([])
    await policy.move(session.device.deviceId, kiosks)
    expect(await devicesOf(bob.token)).toEqual([session.device.deviceId])
    await policy.clear(bob.id)
    await policy.assign(bob.id, await policy.addRole('Chatter', ['chat']), kiosks)
    expect(await devicesOf(bob.token)).toEqual([])
    await policy.assign(bob.id, await policy.addRole('Keeper', ['manage-devices']), kiosks)
    expect(await devicesOf(bob.token)).toEqual([session.device.deviceId])
  })

  it('A47 shows its coming, going and moving to nobody else', async () => {
    const kiosks = await policy.addGroup('Kiosks')
    const bob = await addOperator(await policy.addRole('Viewer', ['view']), kiosks)
    const socket = await relay.openOperatorSocket(bob.token)
    await session.request()
    await session.say({ type: 'end', reason: 'denied' })
    await socket.beat()
    expect(socket.received.map(({ type }) => type)).toEqual(['hello'])
    await policy.move(session.device.deviceId, kiosks)
    await socket.waitFor('device.changed')
    await policy.move(session.device.deviceId, rootId)
    await socket.waitFor('device.removed')
    await session.operator.waitFor('device.changed')
  })

  it('A34 that an operator may not reach is not there for them', async () => {
    const bob = await addOperator(await policy.addRole('Viewer', ['view']), await policy.addGroup('Elsewhere'))
    expect((await ask(bob.token)).status).toBe(404)
    const path = `/v1/policy/explain?operatorId=${bob.id}&deviceId=${session.device.deviceId}`
    expect((await relay.call('GET', path, { token: bob.token })).status).toBe(404)
    expect((await relay.call('DELETE', `/v1/devices/${session.device.deviceId}`, { token: bob.token })).status).toBe(
      403,
    )
  })
})

describe('a request for a session', () => {
  it('gets the scopes that the role allows', async () => {
    const bob = await addOperator(await policy.addRole('Viewer', ['view']), rootId)
    const { session: made } = sessionReplySchema.parse((await ask(bob.token)).body)
    expect(made.scopes).toEqual(['view'])
    expect((await session.agent.waitFor('session.request')).request.scopes).toEqual(['view'])
  })

  it('is refused with the deciding line where not even looking is allowed', async () => {
    const keeper = await policy.addRole('Keeper', ['manage-devices'])
    const bob = await addOperator(keeper, rootId)
    expect(await ask(bob.token)).toMatchObject({
      status: 403,
      body: { code: 'policy-denied', detail: expect.stringContaining('not in role "Keeper", held in /') },
    })
    await policy.assign(null, await policy.addRole('No eyes', ['view', 'control']), rootId, 'deny')
    expect(await ask(session.token)).toMatchObject({
      body: { detail: expect.stringContaining('deny role "No eyes" in / for everybody') },
    })
  })

  it.each([
    [{ interactive: false }, 'setting "interactive" of group /'],
    [{ hours: { days: ['sun'], from: '03:00', to: '03:01', timeZone: 'UTC' } }, 'setting "hours" of group /'],
    [{ record: 'always' }, 'setting "record" of group / is "always", and sessions can\'t be recorded yet'],
  ])('is refused by the settings %o', async (settings, line) => {
    await policy.set(rootId, settings)
    expect(await ask(session.token)).toMatchObject({
      status: 403,
      body: { code: 'policy-denied', detail: expect.stringContaining(line) },
    })
  })

  it('goes through the relay alone where no straight way is allowed, and both ends hear it', async () => {
    await policy.set(rootId, { directPaths: false })
    await session.activate()
    const told = [await session.agent.waitFor('session.paths'), await session.operator.waitFor('session.paths')]
    expect(told.map(({ paths }) => paths.onlyRelay)).toEqual([true, true])
    expect(told.map(({ paths }) => paths.credentials.length)).toEqual([4, 4])
    // It loses nothing by a way that it hasn't taken.
    await policy.set(rootId, { directPaths: true })
    await policy.set(rootId, { directPaths: false })
    await session.agent.beat()
    expect(session.agent.received.map(({ type }) => type)).not.toContain('session.end')
  })

  it('A164 tells the device where the operator’s roles have no chat', async () => {
    await policy.assign(null, await policy.addRole('No chat', ['chat']), rootId, 'deny')
    await session.request()
    const { request } = await session.agent.waitFor('session.request')
    expect(request).toMatchObject({ withoutChat: true, scopes: ['view', 'control'] })
  })

  it('gives the person the time that the group says, and the session its length', async () => {
    await policy.set(rootId, { consentSeconds: 10, lengthMinutes: 5, idleMinutes: 15 })
    await session.request()
    const { request } = await session.agent.waitFor('session.request')
    expect(request.idleMs).toBe(15 * 60_000)
    expect(request.withoutChat).toBeUndefined()
    expect(request.consentTimeoutMs).toBe(10_000)
    await session.say({ type: 'consent-shown', untilMs: clock.nowMs() + 10_000 })
    await session.say(
      { type: 'consent-granted', scopes: ['view'], untilMs: clock.nowMs() + 8 * 3_600_000 },
      session.agentNonce,
    )
    const granted = await session.state('granted')
    expect(granted.state).toMatchObject({ untilMs: clock.nowMs() + 5 * 60_000 })
  })

  it('ends for want of an answer after the time that the group says', async () => {
    await policy.set(rootId, { consentSeconds: 10 })
    await session.request()
    await session.agent.waitFor('session.request')
    clock.advance(15_000)
    expect(await session.state('ending')).toMatchObject({ state: { reason: 'consent-timeout' } })
  })
})

describe('a session that lives', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['a denial', async () => policy.assign(null, await policy.addRole('No hands', ['control']), rootId, 'deny')],
    ['a setting', () => policy.set(rootId, { interactive: false })],
    ['the wish that every session be recorded, which none is', () => policy.set(rootId, { record: 'always' })],
    ['the end of straight ways, which it may have taken', () => policy.set(rootId, { directPaths: false })],
    [
      'a move into a group where it is denied',
      async () => {
        const closed = await policy.addGroup('Closed')
        await policy.assign(null, await policy.addRole('No hands', ['control']), closed, 'deny')
        await policy.move(session.device.deviceId, closed)
      },
    ],
  ])('A56 ends with %s, before the change is answered', async (_, change) => {
    await session.activate()
    await change()
    expect(await session.state('ending')).toMatchObject({ state: { reason: 'policy-revoked' } })
    await session.agent.waitFor('session.end', ({ reason }) => reason === 'policy-revoked')
  })

  it('goes on under a change that is not about it', async () => {
    await session.activate()
    await policy.set(await policy.addGroup('Elsewhere'), { interactive: false })
    await policy.set(rootId, { consentSeconds: 20 })
    await session.agent.beat()
    expect(session.agent.received.map(({ type }) => type)).not.toContain('session.end')
  })

  it('A56 ends within two seconds of a change by another program', async () => {
    await session.activate()
    const store = new SqliteStore(join(relay.dataDir, 'relay.db'))
    const [organisation] = await store.read.policy.organisations()
    await store.write(tx => tx.policy.setSetting(organisation?.id ?? '', rootId, 'interactive', false))
    await store.close()
    clock.advance(2_000)
    expect(await session.state('ending')).toMatchObject({ state: { reason: 'policy-revoked' } })
  })

  it('ends when the hours are over', async () => {
    const from = new Date(clock.nowMs()).toISOString().slice(11, 16)
    const to = new Date(clock.nowMs() + 120_000).toISOString().slice(11, 16)
    const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
    await policy.set(rootId, { hours: { days, from, to, timeZone: 'UTC' } })
    await session.activate()
    for (let second = 0; second < 155; second++) {
      clock.advance(1_000)
      await new Promise(resolve => setImmediate(resolve))
    }
    expect(await session.state('ending')).toMatchObject({ state: { reason: 'policy-revoked' } })
  })
})

describe('an operator', () => {
  it('whose reach changed comes back for the new list; others are left alone', async () => {
    const bob = await addOperator(await policy.addRole('Viewer', ['view']), await policy.addGroup('Elsewhere'))
    const socket = await relay.openOperatorSocket(bob.token)
    await policy.assign(bob.id, 'operator', rootId)
    expect(await socket.closed).toBe(1001)
    await session.operator.beat()
    expect(await devicesOf(bob.token)).toEqual([session.device.deviceId])
  })
})

describe('GET /v1/policy/explain', () => {
  const explain = async (operatorId: string, token = session.token) => {
    const path = `/v1/policy/explain?operatorId=${operatorId}&deviceId=${session.device.deviceId}`
    return explainReplySchema.parse((await relay.call('GET', path, { token })).body)
  }

  it('names the line that decides each capability, and where each setting comes from', async () => {
    const kiosks = await policy.addGroup('Kiosks')
    await policy.move(session.device.deviceId, kiosks)
    const viewer = await policy.addRole('Viewer', ['view', 'chat', 'shell'])
    const bob = await addOperator('operator', rootId)
    const id = await policy.assign(bob.id, viewer, kiosks)
    await policy.assign(null, await policy.addRole('Chat', ['chat']), rootId, 'deny')
    await policy.set(rootId, { tools: [], consentSeconds: 10 })
    const { groupPath, capabilities, settings } = await explain(bob.id)
    expect(groupPath).toBe('/Kiosks')
    expect(capabilities).toEqual(
      expect.arrayContaining([
        { capability: 'view', allowed: true, line: 'allow role "Viewer" in /Kiosks', assignmentId: id },
        { capability: 'control', allowed: false, line: 'not in role "Viewer", held in /Kiosks', assignmentId: null },
        expect.objectContaining({ capability: 'chat', allowed: false, line: 'deny role "Chat" in / for everybody' }),
        { capability: 'shell', allowed: false, line: 'setting "tools" of group /', assignmentId: null },
      ]),
    )
    expect(settings).toContainEqual({ key: 'consentSeconds', value: 10, from: '/' })
    expect(settings).toContainEqual({ key: 'clipboard', value: 'both', from: null })
    expect(await explain(bob.id, bob.token)).toMatchObject({ operatorId: bob.id })
  })

  it('A47 answers about others to those only who may change the policy there', async () => {
    const bob = await addOperator('operator', rootId)
    const path = (operatorId: string) =>
      `/v1/policy/explain?operatorId=${operatorId}&deviceId=${session.device.deviceId}`
    const [ada] = (await policy.assignments()).filter(({ roleId }) => roleId === 'administrator')
    expect((await relay.call('GET', path(ada?.userId ?? ''), { token: bob.token })).status).toBe(403)
    expect((await relay.call('GET', path('usr_nobody_at_all'), { token: session.token })).status).toBe(404)
    const other = await relay.signIn(await relay.addOrganisation('Other Ltd', 'otto@example.net'))
    expect((await relay.call('GET', path(bob.id), { token: other })).status).toBe(404)
  })
})
