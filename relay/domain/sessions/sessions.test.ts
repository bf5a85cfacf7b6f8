import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HandholdError } from '#protocol/errors.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { makeNonce, TestRelay } from '#testing/relay.ts'
import { TestSession } from '#testing/relay-session.ts'
import { waitFor } from '#testing/wait-for.ts'

const MINUTE = 60_000
let clock: ManualClock
let relay: TestRelay
beforeEach(async () => {
  clock = new ManualClock()
  relay = await TestRelay.start({ clock })
})
afterEach(() => relay.close())

const FLAPS = ['paused', 'resumed', 'link-interrupted', 'link-restored', 'wavered'].map(type => `'session.${type}'`)
const code = (code: string) => expect.objectContaining({ code })

/** Moves time in steps that leave an operator's socket alive. */
async function pass(session: TestSession, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 20_000) {
    clock.advance(Math.min(20_000, left))
    await session.operator.beat()
  }
}

describe('a session', () => {
  it('lives its whole life, with one audit row for each edge', async () => {
    const session = await TestSession.connect(relay)
    await session.activate()
    await session.say({ type: 'paused', by: 'user' })
    await session.say({ type: 'resumed' })
    await session.say({ type: 'end', reason: 'user-ended' })
    await session.say({ type: 'torn-down' })
    expect(await session.state('closed')).toMatchObject({
      state: { reason: 'user-ended' },
      agentNonce: session.agentNonce,
    })
    const { body } = await relay.call('GET', '/v1/audit', { token: session.token })
    const { entries } = body as { entries: { action: string; subject: string }[] }
    expect(
      entries
        .filter(({ subject }) => subject === session.id)
        .map(({ action }) => action)
        .reverse(),
    ).toEqual([
      'session.requested',
      'session.device-notified',
      'session.consent-shown',
      'session.consent-granted',
      'pass.issued',
      'session.join',
      'session.operator-joined',
      'session.peer-connected',
      'session.paused',
      'session.resumed',
      'session.end',
      'session.torn-down',
    ])
  })

  it('A158 writes a pause and a link that go to and fro for ever as few rows, loses no state, and ends for none of it', async () => {
    const session = await TestSession.connect(relay)
    await session.activate()
    const flap = async (times: number) => {
      for (let index = 0; index < times; index++) {
        await session.say({ type: 'link-interrupted', giveUpAtMs: clock.nowMs() + 120_000 })
        await session.say({ type: 'link-restored' })
        await session.say({ type: 'paused', by: 'user' })
        await session.say({ type: 'resumed' })
      }
    }
    const database = new Sqlite(join(relay.dataDir, 'relay.db'), { readonly: true })
    const found = database.prepare<[string], { action: string; detail: string }>(
      `select action, detail from audit where subject = ? and action in (${FLAPS}) order by sequence desc`,
    )
    const rows = () => found.all(session.id).map(({ action, detail }) => [action, JSON.parse(detail).repeated])
    await flap(12)
    expect(rows()).toHaveLength(30)
    await expect(session.say({ type: 'resumed' })).rejects.toMatchObject({ code: 'illegal-transition' })
    await session.say({ type: 'paused', by: 'user' })
    // It comes a few seconds later, and stands for all that waited.
    clock.advance(5_000)
    await waitFor('the pause to be written', async () => rows().length === 31)
    expect(rows()[0]).toEqual(['session.paused', 19])
    await session.say({ type: 'resumed' })
    await session.say({ type: 'paused', by: 'user' })
    // Where nothing is left of them their number is.
    clock.advance(5_000)
    await waitFor('the number to be written', async () => rows().length === 32)
    expect(rows()[0]).toEqual(['session.wavered', 2])
    await session.say({ type: 'resumed' })
    await expect(session.say({ type: 'scopes-changed', scopes: ['view'] })).rejects.toMatchObject({
      code: 'rate-limited',
    })
    // An end waits for nobody, and what was said before it is written first.
    await session.say({ type: 'end', reason: 'user-ended' })
    expect(rows()[0]).toEqual(['session.resumed', 1])
    database.close()
    expect(await session.state('ending')).toMatchObject({ state: { reason: 'user-ended' } })
  })

  it('asks the device with the words of the dialog', async () => {
    const session = await TestSession.connect(relay)
    await session.request()
    const { request } = await session.agent.waitFor('session.request')
    expect(request).toMatchObject({
      reason: 'The printer is on fire',
      ticket: 'INC-7',
      operator: { email: 'ada@example.org' },
      organisation: { name: 'Example Ltd' },
      operatorKeyThumbprint: session.operatorKey.thumbprint,
    })
    await session.state('notifying')
  })

  it('waits for a device that is offline and reaches it when it comes', async () => {
    const session = await TestSession.connect(relay)
    await session.agent.close()
    await session.operator.waitFor('device.changed', ({ device }) => !device.online)
    expect((await session.request()).state.name).toBe('queued')
    session.agent = await relay.openAgentSocket(session.device)
    await session.agent.waitFor('session.request')
    await session.state('notifying')
  })

  it('expires in the queue', async () => {
    const session = await TestSession.connect(relay)
    await session.agent.close()
    await session.operator.waitFor('device.changed', ({ device }) => !device.online)
    await session.request()
    await pass(session, 10 * MINUTE)
    expect(await session.state('closed')).toMatchObject({ state: { reason: 'expired' } })
  })

  it('is one at a time for a device, in a race too', async () => {
    const session = await TestSession.connect(relay)
    const body = session.body()
    const replies = await Promise.all(
      Array.from({ length: 10 }, () => relay.call('POST', '/v1/sessions', { token: session.token, body })),
    )
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(replies.filter(({ status }) => status === 409)).toHaveLength(9)
  })

  it('tells its operator in the device’s own words why the device doesn’t take an operator, without what deceives', async () => {
    const session = await TestSession.connect(relay, message => {
      if (message.type !== 'session.request') return
      throw new HandholdError('organisation-key-changed', 'The key expected here is: one two\u202e three.')
    })
    await session.request()
    expect(await session.state('ending')).toMatchObject({
      state: { reason: 'policy-revoked' },
      refusal: { code: 'organisation-key-changed', message: 'The key expected here is: one two three.' },
    })
  })

  it('ends as agent-failed when the agent refuses the request', async () => {
    const session = await TestSession.connect(relay, message => {
      if (message.type === 'session.request') throw new HandholdError('internal', 'No display')
    })
    await session.request()
    expect(await session.state('ending')).toMatchObject({ state: { reason: 'agent-failed' } })
  })

  it('ends with consent-timeout when nobody answers', async () => {
    const session = await TestSession.connect(relay)
    await session.request()
    await session.state('notifying')
    await session.say({ type: 'consent-shown', untilMs: clock.nowMs() + 30_000 })
    clock.advance(35_000)
    expect(await session.state('ending')).toMatchObject({ state: { reason: 'consent-timeout' } })
    await session.agent.waitFor('session.end', ({ reason }) => reason === 'consent-timeout')
  })

  it('ends with link-lost when nobody joins', async () => {
    const session = await TestSession.connect(relay)
    await session.grant()
    clock.advance(30_000)
    expect(await session.state('ending')).toMatchObject({ state: { reason: 'link-lost' } })
  })

  it('is taken as torn down 5 s after an end that the agent does not confirm', async () => {
    const session = await TestSession.connect(relay)
    await session.activate()
    await session.operator.request({ type: 'session.end', sessionId: session.id })
    await session.agent.waitFor('session.end', ({ reason }) => reason === 'operator-ended')
    clock.advance(5_000)
    expect(await session.state('closed')).toMatchObject({ state: { reason: 'operator-ended' } })
  })

  it('expires with its grant, which never lasts longer than 8 hours', async () => {
    const session = await TestSession.connect(relay)
    await session.request()
    await session.say({ type: 'consent-shown', untilMs: clock.nowMs() + 30_000 })
    await session.say({ type: 'consent-granted', scopes: ['view'], untilMs: clock.nowMs() + 1e10 }, session.agentNonce)
    const granted = await session.state('granted')
    expect(granted.state).toMatchObject({ untilMs: clock.nowMs() + 8 * 60 * MINUTE })
  })

  it('goes on while its device is away for less than 120 s, and is lost then', async () => {
    const session = await TestSession.connect(relay)
    await session.activate()
    await session.agent.close()
    await session.operator.waitFor('device.changed', ({ device }) => !device.online)
    // The timer starts in the same turn that follows the announcement's transaction.
    await relay.call('GET', '/v1/devices', { token: session.token })
    await pass(session, 119_000)
    const state = {
      name: 'active' as const,
      scopes: ['view' as const],
      untilMs: clock.nowMs() + MINUTE,
      mode: 'view' as const,
    }
    session.agent = await relay.openAgentSocket(session.device, { sessions: [{ sessionId: session.id, state }] })
    await session.agent.close()
    await session.operator.waitFor('device.changed', ({ device }) => !device.online)
    await relay.call('GET', '/v1/devices', { token: session.token })
    await pass(session, 121_000)
    expect(await session.state('closed')).toMatchObject({ state: { reason: 'link-lost' } })
  })
})

describe('what an agent says', () => {
  it('after three refusals the operator may not ask there for a quarter of an hour', async () => {
    const session = await TestSession.connect(relay)
    for (let times = 0; times < 3; times++) {
      await session.request()
      await session.agent.waitFor('session.request', ({ request }) => request.sessionId === session.id)
      await session.say({ type: 'consent-shown', untilMs: Date.now() + 30_000 })
      await session.say({ type: 'end', reason: 'denied' })
      await session.say({ type: 'torn-down' })
    }
    await expect(session.request()).rejects.toThrow('asked-too-often')
    await pass(session, 14 * MINUTE)
    await expect(session.request()).rejects.toThrow('asked-too-often')
    await pass(session, 2 * MINUTE)
    await session.request()
  })

  it('A57 is never taken for consent without a nonce, with more scopes than asked, or out of turn', async () => {
    const session = await TestSession.connect(relay)
    await session.request()
    const grant = { type: 'consent-granted' as const, scopes: ['view' as const], untilMs: clock.nowMs() + MINUTE }
    await expect(session.say(grant, makeNonce())).rejects.toEqual(code('illegal-transition'))
    await session.say({ type: 'consent-shown', untilMs: clock.nowMs() + 30_000 })
    await expect(session.say(grant)).rejects.toEqual(code('bad-request'))
    await session.say(grant, session.agentNonce)
  })

  it('A48 cannot widen what was asked for', async () => {
    const session = await TestSession.connect(relay)
    const body = { ...session.body(), scopes: ['view'] }
    const reply = await relay.call('POST', '/v1/sessions', { token: session.token, body })
    const { session: view } = reply.body as { session: { id: string } }
    const event = { type: 'consent-shown' as const, untilMs: 0 }
    await session.agent.request({ type: 'session.event', sessionId: view.id, event })
    const wide = {
      type: 'consent-granted' as const,
      scopes: ['view' as const, 'control' as const],
      untilMs: clock.nowMs() + MINUTE,
    }
    await expect(
      session.agent.request({ type: 'session.event', sessionId: view.id, event: wide, agentNonce: makeNonce() }),
    ).rejects.toEqual(code('bad-request'))
  })

  it("is refused for events that are the relay's or the operator's to say", async () => {
    const session = await TestSession.connect(relay)
    await session.grant()
    for (const event of [
      { type: 'operator-joined' as const },
      { type: 'device-notified' as const },
      { type: 'device-offline' as const, untilMs: 1 },
      { type: 'end' as const, reason: 'admin-ended' as const },
    ])
      await expect(session.say(event)).rejects.toEqual(code('forbidden'))
    await expect(session.say({ type: 'peer-connected' })).rejects.toEqual(code('illegal-transition'))
  })

  it('A34 counts for its own sessions only, and costs it the socket the third time', async () => {
    const session = await TestSession.connect(relay)
    await session.grant()
    const other = await relay.enrol(await relay.mintEnrolmentToken(session.token))
    const stranger = await relay.openAgentSocket(other)
    const event = {
      type: 'session.event' as const,
      sessionId: session.id,
      event: { type: 'end' as const, reason: 'denied' as const },
    }
    await expect(stranger.request(event)).rejects.toEqual(code('not-found'))
    await expect(stranger.request(event)).rejects.toEqual(code('not-found'))
    await expect(stranger.request(event)).rejects.toThrow()
    expect(await stranger.closed).toBe(4403)
    const { body } = await relay.call('GET', '/v1/audit', { token: session.token })
    expect(body).toMatchObject({
      entries: expect.arrayContaining([expect.objectContaining({ action: 'session.event.denied' })]),
    })
  })
})

describe('after a restart of the relay', () => {
  it('A157 the sessions are there and follow what their agent reports', async () => {
    const session = await TestSession.connect(relay)
    await session.activate()
    await relay.restart()
    session.operator = await relay.openOperatorSocket(session.token)
    const hello = await session.operator.waitFor('hello')
    expect(hello.sessions).toMatchObject([{ id: session.id, state: { name: 'active' } }])
    const untilMs = clock.nowMs() + MINUTE
    const state = {
      name: 'paused' as const,
      scopes: ['view' as const],
      untilMs,
      mode: 'view' as const,
      by: 'user' as const,
    }
    session.agent = await relay.openAgentSocket(session.device, { sessions: [{ sessionId: session.id, state }] })
    await session.state('paused')
  })

  it('what only the agent knows is ended, and what only the relay knows has failed', async () => {
    const session = await TestSession.connect(relay)
    await session.activate()
    await relay.restart()
    session.operator = await relay.openOperatorSocket(session.token)
    const unknown = `ses_${'0'.repeat(26)}`
    const agent = await relay.openAgentSocket(session.device, {
      sessions: [{ sessionId: unknown, state: { name: 'notifying' } }],
    })
    await agent.waitFor('session.end', ({ sessionId, reason }) => sessionId === unknown && reason === 'admin-ended')
    expect(await session.state('closed')).toMatchObject({ state: { reason: 'agent-failed' } })
  })

  it('A57 an agent cannot report a grant that the relay did not hear', async () => {
    const session = await TestSession.connect(relay)
    await session.request()
    await session.say({ type: 'consent-shown', untilMs: clock.nowMs() + 30_000 })
    await relay.restart()
    session.operator = await relay.openOperatorSocket(session.token)
    const state = { name: 'granted' as const, scopes: ['view' as const], untilMs: clock.nowMs() + MINUTE }
    const agent = await relay.openAgentSocket(session.device, { sessions: [{ sessionId: session.id, state }] })
    await agent.waitFor('session.end', ({ reason }) => reason === 'agent-failed')
  })

  it('a session whose agent does not come back is lost after 120 s', async () => {
    const session = await TestSession.connect(relay)
    await session.activate()
    await relay.restart()
    session.operator = await relay.openOperatorSocket(session.token)
    await pass(session, 120_000)
    expect(await session.state('closed')).toMatchObject({ state: { reason: 'link-lost' } })
  })
})
