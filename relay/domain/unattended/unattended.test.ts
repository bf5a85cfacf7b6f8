import { readFile } from 'node:fs/promises'
import { join as joinPath } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { passReplySchema, sessionReplySchema } from '#protocol/http.ts'
import { refusalOf } from '#protocol/problem.ts'
import { signProof } from '#protocol/proof.ts'
import type { SessionEvent } from '#protocol/session/state.ts'
import { approvalsReplySchema } from '#protocol/unattended/http.ts'
import type { SessionView } from '#protocol/wire/views.ts'
import { makeTestKey, type TestKey } from '#testing/keys.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { TestPolicy } from '#testing/policy.ts'
import { makeNonce, TestRelay } from '#testing/relay.ts'
import { TestSession } from '#testing/relay-session.ts'
import { WayIn } from '../../../src/main/sessions/unattended/way-in.ts'

const SALT = 'A'.repeat(22)
let clock: ManualClock
let relay: TestRelay
let session: TestSession
let policy: TestPolicy
let rootId: string
let key: TestKey
let wayIn: WayIn
beforeEach(async () => {
  clock = new ManualClock()
  relay = await TestRelay.start({ clock })
  session = await TestSession.connect(relay)
  policy = new TestPolicy(relay, session.token)
  rootId = await policy.rootId()
  key = await makeTestKey()
  const { deviceId } = session.device
  wayIn = await WayIn.create(sealed => signProof('seal', { deviceId, key: sealed }, key.privateKey, key.publicKey))
  await policy.set(rootId, { unattended: true })
})
afterEach(() => relay.close())

const ask = (token = session.token, change: object = {}) => {
  const body = { ...session.body(), operatorKey: key.publicKey, unattended: { sealKey: wayIn.sealKey }, ...change }
  return relay.call('POST', '/v1/sessions', { token, body })
}
const asked = async (token?: string): Promise<SessionView> => {
  const reply = await ask(token)
  expect(reply.status).toBe(200)
  return sessionReplySchema.parse(reply.body).session
}
const say = (sessionId: string, event: SessionEvent, more: object = {}) =>
  session.agent.request({ type: 'session.event', sessionId, event, ...more })
const told = (sessionId: string) =>
  session.agent.waitFor('session.request', ({ request }) => request.sessionId === sessionId)
const state = (sessionId: string, name: string) =>
  session.operator.waitFor(
    'session.changed',
    changed => changed.session.id === sessionId && changed.session.state.name === name,
  )
/** By HTTP: the sockets don't live through a clock that is moved by minutes. */
const over = (sessionId: string, reason: string) =>
  vi.waitFor(async () => {
    const { body } = await relay.call('GET', `/v1/sessions/${sessionId}`, { token: session.token })
    expect(JSON.stringify(body)).toContain(`"reason":"${reason}"`)
  }, 5_000)
/** By the greeting of one more socket, which is as the relay has it now. */
const seen = async (sessionId: string): Promise<SessionView> => {
  const socket = await relay.openOperatorSocket(session.token)
  const { sessions } = await socket.waitFor('hello')
  await socket.close()
  return sessions.find(({ id }) => id === sessionId) as SessionView
}
const audit = async () => JSON.stringify((await relay.call('GET', '/v1/audit', { token: session.token })).body)

/** Up to a password that waits for its use. */
async function issued() {
  const { id } = await asked()
  await told(id)
  await say(id, { type: 'arming' })
  const agentNonce = makeNonce()
  const otp = { salt: SALT, sealed: 'sealed-for-the-operator' }
  await say(id, { type: 'otp-issued', untilMs: clock.nowMs() + 600_000 }, { agentNonce, otp })
  return { id, agentNonce, view: (await state(id, 'otp-issued')).session }
}

async function join(id: string, agentNonce: string) {
  const reply = await relay.call('POST', `/v1/sessions/${id}/pass`, { token: session.token })
  const { pass } = passReplySchema.parse(reply.body)
  const claims = { sessionId: id, deviceId: session.device.deviceId, agentNonce }
  const proof = await signProof('join', claims, key.privateKey, key.publicKey)
  const secret = { kind: 'password' as const, proof: makeNonce() }
  return session.operator.request({ type: 'session.join', sessionId: id, pass, proof, secret })
}

describe('an unattended session at the relay', () => {
  it('A77 is refused without the role, outside its group, outside its hours and on a device that asks people; the device hears nothing', async () => {
    const bob = await relay.addOperator(session.token, 'bob@example.org')
    await policy.clear(bob.user.id)
    const token = await relay.signIn(bob)
    const viewer = await policy.addRole('Viewer', ['view', 'control'])
    await policy.assign(bob.user.id, viewer, rootId)
    const refused = async (who: string) => {
      const reply = await ask(who)
      expect([reply.status, refusalOf(reply.body)?.code]).toEqual([403, 'policy-denied'])
    }
    await refused(token)
    const elsewhere = await policy.addGroup('Elsewhere')
    await policy.assign(bob.user.id, await policy.addRole('Kiosks', ['view', 'control', 'unattended']), elsewhere)
    await refused(token)
    const day = { days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], timeZone: 'UTC' }
    const hour = (offset: number) => new Date(clock.nowMs() + offset * 3_600_000).toISOString().slice(11, 16)
    await policy.set(rootId, { hours: { ...day, from: hour(2), to: hour(3) } })
    await refused(session.token)
    await policy.set(rootId, { unattended: false }, ['hours'])
    await refused(session.token)
    expect(session.agent.received.some(({ type }) => type === 'session.request')).toBe(false)
  })

  it('A65 and a session with a person never become one another', async () => {
    const interactive = await session.request()
    await told(interactive.id)
    await expect(say(interactive.id, { type: 'arming' })).rejects.toMatchObject({ code: 'forbidden' })
    await session.operator.request({ type: 'session.end', sessionId: interactive.id })
    await say(interactive.id, { type: 'torn-down' })
    const { id } = await asked()
    await told(id)
    await expect(say(id, { type: 'consent-shown', untilMs: 1 })).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('A64 a session with a person stays one when its device is made one without in the middle of it', async () => {
    await policy.set(rootId, { unattended: false })
    await session.grant()
    const heard = session.agent.received.length
    await policy.set(rootId, { unattended: true, otpDelivery: 'kiosk', maintenanceScreen: true })
    expect(refusalOf((await ask()).body)?.code).toBe('device-busy')
    const alone: SessionEvent[] = [{ type: 'arming' }, { type: 'armed', scopes: ['view'], untilMs: 1 }]
    for (const event of alone) await expect(say(session.id, event)).rejects.toMatchObject({ code: 'forbidden' })
    expect(session.agent.received.slice(heard).map(({ type }) => type)).toEqual([])
    const { body } = await relay.call('GET', `/v1/sessions/${session.id}`, { token: session.token })
    expect(JSON.stringify(body)).toContain('"name":"granted"')
  })

  it('A79 is one at a time: a second request is refused while one is live, waits or lingers', async () => {
    const { id, agentNonce } = await issued()
    const busy = async () => expect(refusalOf((await ask()).body)?.code).toBe('device-busy')
    await busy()
    await join(id, agentNonce).catch(() => undefined)
    await say(id, { type: 'armed', scopes: ['view', 'control'], untilMs: clock.nowMs() + 60_000 })
    await say(id, { type: 'lingering', scopes: ['view', 'control'], untilMs: clock.nowMs() + 900_000 }, { agentNonce })
    await busy()
  })

  it('connects its operator though the device’s answer to the join overtakes what the device said just before it', async () => {
    let sessionId = ''
    const armed: SessionEvent = { type: 'armed', scopes: ['view', 'control'], untilMs: clock.nowMs() + 60_000 }
    await session.agent.close()
    session.agent = await relay.openAgentSocket(session.device, {
      onMessage: ({ type }) => {
        if (type !== 'session.join') return
        const tell = (event: SessionEvent) => session.agent.link.notify({ type: 'session.event', sessionId, event })
        // The relay has some of these to refuse first; the answer is read at once.
        for (let told = 0; told < 10; told++) tell({ type: 'arming' })
        tell(armed)
      },
    })
    const { id, agentNonce } = await issued()
    sessionId = id
    await join(id, agentNonce)
    expect((await seen(id)).state.name).toBe('connecting')
  })

  it('A70 A72 a device can’t say that its door stays open longer than it may, and the relay shuts it by its own clock', async () => {
    const { id, agentNonce, view } = await issued()
    expect(view.state).toMatchObject({ untilMs: clock.nowMs() + 600_000 })
    await say(id, { type: 'armed', scopes: ['view', 'control'], untilMs: clock.nowMs() + 60_000 })
    const untilMs = clock.nowMs() + 9_000_000
    await say(id, { type: 'lingering', scopes: ['view', 'control'], untilMs }, { agentNonce })
    const lingering = (await state(id, 'lingering')).session
    expect(lingering.state).toMatchObject({ untilMs: clock.nowMs() + 900_000 })
    clock.advance(915_000)
    await over(id, 'expired')
  })

  it('A73 keeps a sealed password while it waits, and nothing of it afterwards', async () => {
    const { id, view } = await issued()
    expect(view.unattended?.otp).toEqual({ salt: SALT, sealed: 'sealed-for-the-operator' })
    await say(id, { type: 'armed', scopes: ['view', 'control'], untilMs: clock.nowMs() + 60_000 })
    expect((await state(id, 'armed')).session.unattended?.otp).toBeNull()
    expect(await audit()).not.toContain('sealed-for-the-operator')
    await session.operator.request({ type: 'session.end', sessionId: id })
    const database = await readFile(joinPath(relay.dataDir, 'relay.db'))
    expect(database.includes('"otp":{"salt"')).toBe(false)
  })

  it('A157 a connection that doesn’t come back isn’t the end: the operator has what is left of a quarter of an hour, whether the device says so or not', async () => {
    const { id } = await issued()
    await say(id, { type: 'armed', scopes: ['view', 'control'], untilMs: clock.nowMs() + 3_600_000 })
    const lostAtMs = clock.nowMs()
    await session.agent.close()
    clock.advance(120_000)
    const waits = { name: 'lingering', untilMs: lostAtMs + 900_000 }
    await vi.waitFor(async () => expect((await seen(id)).state).toMatchObject(waits), 5_000)
    clock.advance(900_000 - 120_000 + 15_000)
    await over(id, 'expired')
  })

  it('a device has a moment longer than it needs to say itself that a connection is lost', async () => {
    const { id, agentNonce } = await issued()
    await say(id, { type: 'armed', scopes: ['view', 'control'], untilMs: clock.nowMs() + 3_600_000 })
    clock.advance(31_000)
    expect((await seen(id)).state.name).toBe('armed')
    await say(id, { type: 'lingering', scopes: ['view', 'control'], untilMs: clock.nowMs() + 900_000 }, { agentNonce })
    expect((await seen(id)).state.name).toBe('lingering')
  })

  it('a burnt password is nobody’s refusal: the operator may still ask people there', async () => {
    for (let burnt = 0; burnt < 3; burnt++) {
      const { id } = await issued()
      await say(id, { type: 'end', reason: 'denied' })
      await say(id, { type: 'torn-down' })
    }
    await expect(session.request()).resolves.toMatchObject({ state: { name: expect.any(String) } })
    const range = `fromMs=${clock.nowMs() - 1_000}&toMs=${clock.nowMs() + 1_000}`
    const report = await relay.call('GET', `/v1/reports/sessions?${range}`, { token: session.token })
    const consent = { granted: 0, denied: 0, noAnswer: 0, notAsked: 1, unattended: 3 }
    expect(report.body).toMatchObject({ rows: [{ sessions: 4, consent, outcomes: { denied: 3 } }] })
  })

  it('records what was torn down, once', async () => {
    const { id } = await issued()
    for (const removed of [['one-time password'], ['again']])
      await session.agent.request({ type: 'session.teardown', sessionId: id, removed })
    const text = await audit()
    expect(text.match(/unattended\.teardown/g)).toHaveLength(1)
    expect(text).toContain('one-time password')
  })

  it('A70 too many wrong passwords shut the device until an administrator allows it again', async () => {
    await session.agent.request({ type: 'unattended.off', wrongTries: 100 })
    await session.agent.request({ type: 'unattended.off', wrongTries: 100 })
    expect((await audit()).match(/unattended\.switched-off/g)).toHaveLength(1)
    expect(refusalOf((await ask()).body)?.code).toBe('unattended-off')
    const device = `/v1/devices/${session.device.deviceId}`
    const isOff = async () => (await relay.call('GET', device, { token: session.token })).body
    expect(await isOff()).toMatchObject({ unattendedOff: true })
    const path = `${device}/unattended`
    expect((await relay.call('PUT', path, { token: session.token })).status).toBe(204)
    await session.agent.waitFor('unattended.allow')
    expect(await isOff()).toMatchObject({ unattendedOff: false })
    expect((await ask()).status).toBe(200)
  })
})

describe('an approval', () => {
  const waiting = async (token: string) =>
    approvalsReplySchema.parse((await relay.call('GET', '/v1/approvals', { token })).body).approvals
  const answer = (token: string, id: string, approve: boolean) =>
    relay.call('POST', `/v1/approvals/${id}`, { token, body: { approve } })
  let second: string
  let secondId: string
  beforeEach(async () => {
    const bob = await relay.addOperator(session.token, 'bob@example.org', 'admin')
    secondId = bob.user.id
    second = await relay.signIn(bob)
    await policy.set(rootId, { approval: 'required' })
  })

  it('is given by a second person who sees who, what and why; the first answer is final and both are in the audit', async () => {
    const { id, state: asking } = await asked()
    expect(asking).toMatchObject({ name: 'awaiting-approval', untilMs: clock.nowMs() + 30 * 60_000 })
    expect(await waiting(session.token)).toEqual([])
    expect((await answer(session.token, id, true)).status).toBe(404)
    expect(await waiting(second)).toMatchObject([
      {
        ...{ sessionId: id, operator: { email: 'ada@example.org' }, scopes: ['view', 'control'] },
        ...{ reason: 'The printer is on fire', ticket: 'INC-7', untilMs: clock.nowMs() + 30 * 60_000 },
      },
    ])
    expect(session.agent.received.some(({ type }) => type === 'session.request')).toBe(false)
    expect((await answer(second, id, true)).status).toBe(204)
    expect((await told(id)).request.unattended?.approvedBy).toBe('Operator bob@example.org')
    expect((await answer(second, id, false)).status).toBe(409)
    const text = await audit()
    expect(text).toContain('session.approval-asked')
    expect(text).toContain('session.approved')
  })

  it('is nobody’s to give who lost the right meanwhile, nor anybody’s without it', async () => {
    const { id } = await asked()
    const carol = await relay.addOperator(session.token, 'carol@example.org')
    const third = await relay.signIn(carol)
    await policy.clear(carol.user.id)
    await policy.assign(carol.user.id, await policy.addRole('Viewer', ['view', 'control']), rootId)
    expect(await waiting(third)).toEqual([])
    expect((await answer(third, id, true)).status).toBe(404)
    expect(await waiting(second)).toHaveLength(1)
    await policy.clear(secondId)
    expect(await waiting(second)).toEqual([])
    expect((await answer(second, id, true)).status).toBe(404)
    expect((await seen(id)).state.name).toBe('awaiting-approval')
    expect(session.agent.received.some(({ type }) => type === 'session.request')).toBe(false)
  })

  it('A45 isn’t there for another organisation', async () => {
    const { id } = await asked()
    const stranger = await relay.signIn(await relay.addOrganisation('Elsewhere', 'eve@elsewhere.example'))
    expect(await waiting(stranger)).toEqual([])
    for (const approve of [true, false]) expect((await answer(stranger, id, approve)).status).toBe(404)
    expect((await seen(id)).state.name).toBe('awaiting-approval')
  })

  it('of two people’s answers at once takes one, and that is what happens', async () => {
    const { id } = await asked()
    const carol = await relay.signIn(await relay.addOperator(session.token, 'carol@example.org', 'admin'))
    const replies = await Promise.all([answer(second, id, true), answer(carol, id, false)])
    expect(replies.map(({ status }) => status).sort()).toEqual([204, 409])
    const isApproved = replies[0].status === 204
    if (isApproved) await told(id)
    else expect((await state(id, 'closed')).session.state).toMatchObject({ reason: 'denied' })
    expect((await audit()).match(/"session\.approved"/g) ?? []).toHaveLength(isApproved ? 1 : 0)
  })

  it('A77 is refused, and ends the request, when the allowed hours ended a moment ago', async () => {
    const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
    const at = (minutes: number) => new Date(clock.nowMs() + minutes * 60_000).toISOString().slice(11, 16)
    await policy.set(rootId, { hours: { days, timeZone: 'UTC', from: at(-60), to: at(2) } })
    const { id } = await asked()
    expect(await waiting(second)).toHaveLength(1)
    // No timer runs: it is the moment between two looks at the hours.
    clock.set(clock.nowMs() + 120_000)
    const reply = await answer(second, id, true)
    expect([reply.status, refusalOf(reply.body)?.code]).toEqual([403, 'policy-denied'])
    expect(session.agent.received.some(({ type }) => type === 'session.request')).toBe(false)
    await over(id, 'policy-revoked')
  })

  it('opens nothing for somebody who lost the right while they waited for it', async () => {
    const ines = await relay.addOperator(session.token, 'ines@example.org')
    await policy.clear(ines.user.id)
    await policy.assign(ines.user.id, await policy.addRole('Kiosks', ['view', 'control', 'unattended']), rootId)
    const { id } = await asked(await relay.signIn(ines))
    expect(await waiting(second)).toHaveLength(1)
    await policy.clear(ines.user.id)
    expect((await answer(second, id, true)).status).toBe(409)
    expect(session.agent.received.some(({ type }) => type === 'session.request')).toBe(false)
    await over(id, 'policy-revoked')
  })

  it('that is wanted from now on ends what nobody agreed to and waits for its device', async () => {
    await policy.set(rootId, { approval: 'none' })
    await session.agent.close()
    const { id, state: waits } = await asked()
    expect(waits.name).toBe('queued')
    await policy.set(rootId, { approval: 'required' })
    await over(id, 'policy-revoked')
  })

  it('that is wanted from now on ends what waits for its password, and leaves who is in', async () => {
    await policy.set(rootId, { approval: 'none' })
    const { id } = await issued()
    await policy.set(rootId, { approval: 'required' })
    await over(id, 'policy-revoked')
    await say(id, { type: 'torn-down' })
    await policy.set(rootId, { approval: 'none' })
    const { id: next } = await issued()
    await say(next, { type: 'armed', scopes: ['view', 'control'], untilMs: clock.nowMs() + 60_000 })
    await policy.set(rootId, { approval: 'required' })
    expect((await seen(next)).state.name).toBe('armed')
  })

  it('that is refused, or doesn’t come within 30 minutes, ends the request', async () => {
    const { id } = await asked()
    expect((await answer(second, id, false)).status).toBe(204)
    expect((await state(id, 'closed')).session.state).toMatchObject({ reason: 'denied' })
    const { id: late } = await asked()
    clock.advance(30 * 60_000 + 1)
    await over(late, 'expired')
    expect((await answer(second, late, true)).status).toBe(409)
  })
})
