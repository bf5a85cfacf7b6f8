import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HandholdError } from '#protocol/errors.ts'
import { furtherOf } from '#protocol/session/further.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import type { SessionEvent } from '#protocol/session/state.ts'
import type { RelayToAgent } from '#protocol/wire/agent.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { TestRelay } from '#testing/relay.ts'
import { TestSession } from '#testing/relay-session.ts'

let relay: TestRelay
beforeEach(async () => {
  relay = await TestRelay.start({ clock: new ManualClock() })
})
afterEach(() => relay.close())

const ask = (session: TestSession, scopes: readonly string[], token = session.token) =>
  relay.call('POST', `/v1/sessions/${session.id}/scopes`, { token, body: { scopes } })

async function openSession(onAgentMessage?: (message: RelayToAgent) => void, account?: typeof BOB) {
  const session = await TestSession.connect(relay, onAgentMessage, account)
  session.scopes = ['view']
  await session.activate()
  return session
}

const BOB = { email: 'bob@example.org', password: '' }

const auditOf = async (session: TestSession) => {
  const { body } = await relay.call('GET', '/v1/audit?limit=200', { token: await relay.signIn() })
  const { entries } = body as { entries: { action: string; subject: string; detail: Record<string, unknown> }[] }
  return entries.filter(({ action, subject }) => subject === session.id && action.includes('further')).toReversed()
}

const stage = (session: TestSession, wanted: string) =>
  session.operator.waitFor('session.changed', ({ session: view }) => furtherOf(view.state)?.stage === wanted)

describe('POST /v1/sessions/:sessionId/scopes', () => {
  it('passes the question on, tells the operator each stage, and takes no more than was asked for', async () => {
    const session = await openSession()
    expect((await ask(session, ['control', 'shell'])).status).toBe(204)
    const further = await session.agent.waitFor('session.further')
    expect(further).toMatchObject({ sessionId: session.id, scopes: ['control', 'shell'] })
    await stage(session, 'asked')
    await session.say({ type: 'further-shown', untilMs: 30_000 })
    await stage(session, 'shown')
    expect(await ask(session, ['services'])).toMatchObject({ status: 409, body: { code: 'illegal-transition' } })
    const granted = (scopes: Scope[]): SessionEvent => ({ type: 'further-answered', answer: 'granted', scopes })
    await expect(session.say(granted(['view', 'services']))).rejects.toMatchObject({ code: 'bad-request' })
    await session.say(granted(['view', 'control']))
    const { session: view } = await stage(session, 'answered')
    expect(view.state).toMatchObject({ name: 'active', mode: 'control', scopes: ['view', 'control'] })
    expect(await ask(session, ['control'])).toMatchObject({ status: 400, body: { code: 'bad-request' } })
    // What was left out isn't the agent's to add later.
    await expect(session.say({ type: 'scopes-changed', scopes: ['view', 'shell'] })).rejects.toMatchObject({
      code: 'bad-request',
    })
    expect((await auditOf(session)).map(({ action, detail }) => [action, detail.scopes])).toEqual([
      ['session.further-asked', ['control', 'shell']],
      ['session.further-shown', undefined],
      ['session.further-answered', ['view', 'control']],
    ])
  })

  it('A80 asks the policy anew, and nobody for what it denies', async () => {
    const account = await relay.addOperator(await relay.signIn(), BOB.email)
    const session = await openSession(undefined, account)
    const refused = await ask(session, ['shell'])
    expect(refused).toMatchObject({ status: 403, body: { code: 'policy-denied' } })
    expect((await ask(session, ['control'])).status).toBe(204)
    expect(await auditOf(session)).toHaveLength(1)
  })

  it('A34 is the session’s own operator’s to ask, and only of one that is active', async () => {
    const session = await openSession()
    const other = await relay.addOperator(session.token, 'eve@example.org', 'admin')
    expect(await ask(session, ['shell'], await relay.signIn(other))).toMatchObject({ status: 404 })
    await session.say({ type: 'paused', by: 'user' })
    expect(await ask(session, ['shell'])).toMatchObject({ status: 409, body: { code: 'illegal-transition' } })
    for (const scopes of [[], ['view'], ['shell', 'shell'], ['everything']])
      expect((await ask(session, scopes)).status).toBe(400)
    expect(await auditOf(session)).toEqual([])
  })

  it('hears the device’s refusal, and may ask again afterwards', async () => {
    let isRefusing = true
    const session = await openSession(message => {
      if (message.type === 'session.further' && isRefusing) throw new HandholdError('asked-too-often', 'Three times.')
    })
    expect(await ask(session, ['shell'])).toMatchObject({ status: 429, body: { code: 'asked-too-often' } })
    const { session: view } = await stage(session, 'answered')
    expect(furtherOf(view.state)).toMatchObject({ answer: 'not-shown' })
    isRefusing = false
    expect((await ask(session, ['shell'])).status).toBe(204)
  })

  it('A57 no agent asks for more by itself', async () => {
    const session = await openSession()
    await expect(session.say({ type: 'further-asked', scopes: ['shell'] })).rejects.toMatchObject({ code: 'forbidden' })
    const invented: SessionEvent = { type: 'further-answered', answer: 'granted', scopes: ['view', 'shell'] }
    await expect(session.say(invented)).rejects.toMatchObject({ code: 'bad-request' })
  })
})
