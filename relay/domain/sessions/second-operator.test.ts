import { afterEach, beforeEach, expect, it } from 'vitest'
import { sessionReplySchema } from '#protocol/http.ts'
import type { SessionEvent } from '#protocol/session/state.ts'
import { makeTestKey } from '#testing/keys.ts'
import { TestPolicy } from '#testing/policy.ts'
import { TestRelay } from '#testing/relay.ts'
import { TestSession } from '#testing/relay-session.ts'

let relay: TestRelay
beforeEach(async () => {
  relay = await TestRelay.start()
})
afterEach(() => relay.close())

it('A167 a second operator never comes in beside the first: they are refused, and the person is asked anew for them alone', async () => {
  const session = await TestSession.connect(relay)
  await session.activate()
  const eve = await relay.addOperator(session.token, 'eve@example.org', 'admin')
  const token = await relay.signIn(eve)
  const ask = () => relay.call('POST', '/v1/sessions', { token, body: session.body() })
  expect(await ask()).toMatchObject({ status: 409, body: { code: 'device-busy' } })
  expect(await relay.call('POST', `/v1/sessions/${session.id}/pass`, { token })).toMatchObject({ status: 404 })
  const more = { token, body: { scopes: ['shell'] } }
  expect(await relay.call('POST', `/v1/sessions/${session.id}/scopes`, more)).toMatchObject({ status: 404 })
  await session.say({ type: 'end', reason: 'user-ended' })
  await session.say({ type: 'torn-down' })
  await session.state('closed')
  const reply = await ask()
  expect(reply.status).toBe(200)
  const { id } = sessionReplySchema.parse(reply.body).session
  const { request } = await session.agent.waitFor('session.request', asked => asked.request.sessionId === id)
  expect(request.operator).toMatchObject({ email: 'eve@example.org' })
})

/** What eve asks to join the session of `session` with; tools are asked for too, and left out. */
async function join(session: TestSession, role: 'admin' | 'operator' = 'admin', more: object = {}) {
  const token = await relay.signIn(await relay.addOperator(session.token, `${role}@example.org`, role))
  const operatorKey = (await makeTestKey()).publicKey
  const body = { ...session.body(), operatorKey, reason: 'Four eyes', joins: true, ...more }
  return { token, reply: await relay.call('POST', '/v1/sessions', { token, body }) }
}

it('A167 whoever joins has a session of their own beside the first: the device is asked for them alone, with their own name, key and reason', async () => {
  const session = await TestSession.connect(relay)
  session.scopes = ['view', 'control', 'shell']
  await session.activate()
  const { token, reply } = await join(session)
  expect(reply.status).toBe(200)
  const { id, beside, scopes } = sessionReplySchema.parse(reply.body).session
  expect({ beside, scopes }).toEqual({ beside: session.id, scopes: ['view', 'control'] })
  const { request } = await session.agent.waitFor('session.request', asked => asked.request.sessionId === id)
  expect(request).toMatchObject({ beside: session.id, reason: 'Four eyes', operator: { email: 'admin@example.org' } })
  expect(await relay.call('POST', `/v1/sessions/${session.id}/pass`, { token })).toMatchObject({ status: 404 })

  // Two are enough, and neither comes in a second time.
  expect((await join(session, 'operator')).reply).toMatchObject({ status: 409, body: { code: 'device-busy' } })
  const say = (event: SessionEvent) => session.agent.request({ type: 'session.event', sessionId: id, event })
  await say({ type: 'end', reason: 'denied' })
  await say({ type: 'torn-down' })
  expect((await session.relay.call('GET', `/v1/sessions/${session.id}`, { token: session.token })).body).toMatchObject({
    session: { state: { name: 'active' } },
  })
})

it('A167 nobody joins without a session that is active, their own, or one by a password', async () => {
  const session = await TestSession.connect(relay)
  expect((await join(session)).reply).toMatchObject({ status: 409, body: { code: 'illegal-transition' } })
  await session.activate()
  const own = { token: session.token, body: { ...session.body(), joins: true } }
  expect(await relay.call('POST', '/v1/sessions', own)).toMatchObject({
    status: 409,
    body: { code: 'illegal-transition' },
  })
})

it('A57 A167 no wish, no setting and no word of the device lets anybody join without the person’s answer', async () => {
  const session = await TestSession.connect(relay)
  const policy = new TestPolicy(relay, session.token)
  await policy.set(await policy.rootId(), { skipConsent: true, nobodySignedIn: 'allow', screenLocked: 'allow' })
  await session.activate()
  expect((await join(session, 'operator', { skipConsent: true })).reply).toMatchObject({
    status: 400,
    body: { code: 'bad-request' },
  })
  const { id } = sessionReplySchema.parse((await join(session)).reply.body).session
  const { request } = await session.agent.waitFor('session.request', asked => asked.request.sessionId === id)
  expect(request.unasked).toBeUndefined()
  const event: SessionEvent = {
    ...{ type: 'consent-granted', scopes: ['view'], untilMs: Date.now() + 3_600_000 },
    unasked: 'screen-locked',
  }
  const said = session.agent.request({ type: 'session.event', sessionId: id, event, agentNonce: session.agentNonce })
  await expect(said).rejects.toMatchObject({ code: 'bad-request' })
})

it('whose turn it is stands in the audit by the operator’s id, told by the device of the session alone', async () => {
  const session = await TestSession.connect(relay)
  await session.activate()
  await session.agent.request({ type: 'session.turn', sessionId: session.id })
  const { body } = await relay.call('GET', '/v1/audit?action=session.turn', { token: session.token })
  expect(body).toMatchObject({ entries: [{ subject: session.id, detail: { operator: expect.any(String) } }] })
})
