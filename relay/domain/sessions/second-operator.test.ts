import { afterEach, beforeEach, expect, it } from 'vitest'
import { sessionReplySchema } from '#protocol/http.ts'
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
