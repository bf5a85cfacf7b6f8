import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sessionReplySchema } from '#protocol/http.ts'
import { refusalOf } from '#protocol/problem.ts'
import { sessionEntryReplySchema } from '#protocol/sessions-http.ts'
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

const ask = (token: string, body: object = {}) =>
  relay.call('POST', '/v1/sessions', { token, body: { ...session.body(), ...body } })
const refusal = async (token: string) => refusalOf((await ask(token, { skipConsent: true })).body)
const audit = async (action: string) =>
  (await relay.call('GET', `/v1/audit?action=${action}`, { token: session.token })).body
const granted = { type: 'consent-granted' as const, scopes: ['view' as const], untilMs: Date.now() + 3_600_000 }

describe('sessions without an answer of the person’s', () => {
  it('A57 not to ask takes the setting and a right of its own, which no operator has unless it was given', async () => {
    expect(await refusal(session.token)).toMatchObject({
      code: 'policy-denied',
      message: 'You may not begin without asking: setting "skipConsent", by default.',
    })
    await policy.set(rootId, { skipConsent: true })
    const bob = await relay.signIn(await relay.addOperator(session.token, 'bob@example.org'))
    expect(await refusal(bob)).toMatchObject({ code: 'policy-denied' })
    const tools = await relay.call('GET', `/v1/devices/${session.device.deviceId}/tools`, { token: bob })
    expect(tools.body).toMatchObject({ maySkipConsent: false })
    const own = await relay.call('GET', `/v1/devices/${session.device.deviceId}/tools`, { token: session.token })
    expect(own.body).toMatchObject({ maySkipConsent: true })
  })

  it('the device is told what the policy allows; what it makes of it stands in the audit and the record', async () => {
    await policy.set(rootId, { skipConsent: true, nobodySignedIn: 'login-screen', screenLocked: 'wait' })
    const { id } = sessionReplySchema.parse((await ask(session.token, { skipConsent: true })).body).session
    const { request } = await session.agent.waitFor('session.request', asked => asked.request.sessionId === id)
    expect(request.unasked).toEqual({ skipConsent: true, nobodySignedIn: 'login-screen', screenLocked: 'wait' })
    const event = { ...granted, unasked: 'skip-consent' as const }
    await session.agent.request({ type: 'session.event', sessionId: id, event, agentNonce: session.agentNonce })
    expect(await audit('session.requested')).toMatchObject({ entries: [{ detail: { skipConsent: true } }] })
    expect(await audit('session.consent-granted')).toMatchObject({
      entries: [{ detail: { from: 'notifying', unasked: 'skip-consent' } }],
    })
    const reply = await relay.call('GET', `/v1/sessions/${id}`, { token: session.token })
    expect(sessionEntryReplySchema.parse(reply.body).session.unasked).toBe('skip-consent')
    const range = `fromMs=${Date.now() - 86_400_000}&toMs=${Date.now() + 86_400_000}`
    const report = await relay.call('GET', `/v1/reports/sessions?${range}`, { token: session.token })
    expect(report.body).toMatchObject({ rows: [{ consent: { granted: 0, notAsked: 1 } }] })
    // What it began by is taken away: it ends.
    await policy.set(rootId, { skipConsent: false })
    await session.operator.waitFor(
      'session.changed',
      ({ session: { state } }) => 'reason' in state && state.reason === 'policy-revoked',
    )
  })

  it('A57 a device can’t say that nobody was asked where nobody wished it, and not after a question', async () => {
    await session.request()
    await session.agent.waitFor('session.request', () => true)
    const forged = session.say({ ...granted, unasked: 'skip-consent' }, session.agentNonce)
    await expect(forged).rejects.toMatchObject({ code: 'bad-request' })
    // Without a question there is no answer either.
    await expect(session.say(granted, session.agentNonce)).rejects.toMatchObject({ code: 'illegal-transition' })
    await session.say({ type: 'consent-shown', untilMs: Date.now() + 30_000 })
    const late = session.say({ ...granted, unasked: 'nobody-signed-in' }, session.agentNonce)
    await expect(late).rejects.toMatchObject({ code: 'illegal-transition' })
  })

  it('by default a device is told nothing of it', async () => {
    await session.request()
    const { request } = await session.agent.waitFor('session.request', () => true)
    expect(request.unasked).toBeUndefined()
  })
})
