import { afterEach, beforeEach, expect, test } from 'vitest'
import { sessionReplySchema } from '#protocol/http.ts'
import { signProof } from '#protocol/proof.ts'
import { makeTestKey } from '#testing/keys.ts'
import { TestPolicy } from '#testing/policy.ts'
import { TestRelay } from '#testing/relay.ts'
import { TestSession } from '#testing/relay-session.ts'
import type { Credentials } from '../auth/auth.ts'
import { WayIn } from '../sessions/unattended/way-in.ts'
import { State } from '../state.ts'
import { type Approvals, setupApprovals } from './approvals.ts'

let relay: TestRelay
let session: TestSession
let second: State<Credentials | undefined>
let approvals: Approvals
beforeEach(async () => {
  relay = await TestRelay.start()
  session = await TestSession.connect(relay)
  const policy = new TestPolicy(relay, session.token)
  await policy.set(await policy.rootId(), { unattended: true, approval: 'required' })
  const token = await relay.signIn(await relay.addOperator(session.token, 'bob@example.org', 'admin'))
  second = new State<Credentials | undefined>({ origin: relay.url, token })
  approvals = setupApprovals(second)
})
afterEach(() => relay.close())

async function ask(): Promise<string> {
  const key = await makeTestKey()
  const { deviceId } = session.device
  const wayIn = await WayIn.create(seal => signProof('seal', { deviceId, key: seal }, key.privateKey, key.publicKey))
  const body = { ...session.body(), operatorKey: key.publicKey, unattended: { sealKey: wayIn.sealKey } }
  const reply = await relay.call('POST', '/v1/sessions', { token: session.token, body })
  return sessionReplySchema.parse(reply.body).session.id
}

test('what waits for a second person is listed with who and why, and gone with their answer', async () => {
  const sessionId = await ask()
  await approvals.load()
  expect(approvals.state.get()).toMatchObject([{ sessionId, reason: 'The printer is on fire', ticket: 'INC-7' }])
  await approvals.answer(sessionId, true)
  expect(approvals.state.get()).toEqual([])
  const { request } = await session.agent.waitFor('session.request')
  expect(request.unattended?.approvedBy).toBe('Operator bob@example.org')
})

test('an answer that comes second is refused with words, and the list is brought up to date', async () => {
  const sessionId = await ask()
  await approvals.load()
  await relay.call('POST', `/v1/approvals/${sessionId}`, { token: second.get()?.token ?? '', body: { approve: false } })
  await expect(approvals.answer(sessionId, true)).rejects.toMatchObject({ code: 'illegal-transition' })
  expect(approvals.state.get()).toEqual([])
})

test('who asked sees nothing to approve, and neither does who signed out meanwhile', async () => {
  await ask()
  const own = setupApprovals(new State<Credentials | undefined>({ origin: relay.url, token: session.token }))
  await own.load()
  expect(own.state.get()).toEqual([])
  const loading = approvals.load()
  second.set(undefined)
  await loading
  expect(approvals.state.get()).toEqual([])
  await expect(approvals.answer('ses_x', true)).rejects.toMatchObject({ code: 'unauthenticated' })
})
