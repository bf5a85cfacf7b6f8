import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { auditReplySchema, meReplySchema } from '#protocol/http.ts'
import { eligibilityReplySchema, sessionEntryReplySchema, sessionsReplySchema } from '#protocol/sessions-http.ts'
import type { ToolReport } from '#protocol/tools/audit.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { TestPolicy } from '#testing/policy.ts'
import { TestRelay } from '#testing/relay.ts'
import { TestSession } from '#testing/relay-session.ts'

let relay: TestRelay
let session: TestSession
const clock = new ManualClock()
beforeEach(async () => {
  relay = await TestRelay.start({ clock })
  session = await TestSession.connect(relay)
})
afterEach(() => relay.close())

const get = (path: string, token = session.token) => relay.call('GET', path, { token })
const list = async (query = '', token?: string) =>
  sessionsReplySchema.parse((await get(`/v1/sessions${query}`, token)).body)
const idsOf = async (query = '', token?: string) => (await list(query, token)).sessions.map(({ id }) => id)

/** Three sessions, one after the other, the last of which lives. */
async function threeSessions(): Promise<string[]> {
  const ids: string[] = []
  for (const isLast of [false, false, true]) {
    await session.activate()
    ids.unshift(session.id)
    if (isLast) break
    clock.set(clock.nowMs() + 60_000)
    await session.say({ type: 'end', reason: 'user-ended' })
    await session.say({ type: 'torn-down' })
    await session.state('closed')
  }
  return ids
}

describe('GET /v1/sessions', () => {
  it('lists them newest first, page by page, with their course, filtered by state, device, operator, group and time', async () => {
    const ids = await threeSessions()
    expect(await idsOf()).toEqual(ids)
    const first = await list('?limit=2')
    expect(first.sessions.map(({ id }) => id)).toEqual(ids.slice(0, 2))
    const second = await list(`?limit=2&cursor=${first.nextCursor}`)
    expect([second.sessions.map(({ id }) => id), second.nextCursor]).toEqual([ids.slice(2), null])
    const [live, last] = first.sessions
    expect(live).toMatchObject({ state: { name: 'active' }, endedAtMs: null, operator: { email: 'ada@example.org' } })
    expect((last?.endedAtMs ?? 0) - (last?.connectedAtMs ?? 0)).toBe(60_000)
    expect(live).not.toHaveProperty('agentNonce')
    expect(await idsOf('?state=open')).toEqual(ids.slice(0, 1))
    expect(await idsOf('?state=closed')).toEqual(ids.slice(1))
    expect(await idsOf(`?deviceId=${session.device.deviceId}&groupId=${live?.groupId}`)).toEqual(ids)
    expect(await idsOf(`?operatorId=${live?.operator.id}&toMs=${live?.requestedAtMs}`)).toEqual(ids.slice(1))
    expect(await idsOf(`?fromMs=${live?.requestedAtMs}`)).toEqual(ids.slice(0, 1))
    expect((await get('/v1/sessions?limit=201')).status).toBe(400)
    expect((await get('/v1/sessions?organisationId=org_1')).status).toBe(400)
  })

  it('A47 shows an operator their own, who looks after devices those of theirs, and nobody those of another organisation', async () => {
    await session.activate()
    const bob = await relay.addOperator(session.token, 'bob@example.org')
    const bobToken = await relay.signIn(bob)
    const other = await relay.signIn(await relay.addOrganisation('Other Ltd', 'otto@example.net'))
    for (const token of [bobToken, other]) {
      expect(await idsOf('', token)).toEqual([])
      expect((await get(`/v1/sessions/${session.id}`, token)).status).toBe(404)
      expect((await relay.call('POST', `/v1/sessions/${session.id}/end`, { token })).status).toBe(404)
    }
    const policy = new TestPolicy(relay, session.token)
    const keeper = await policy.addRole('Keeper', ['manage-devices'])
    await policy.assign(bob.user.id, keeper, await policy.rootId())
    expect(await idsOf('', bobToken)).toEqual([session.id])
    const one = sessionEntryReplySchema.parse((await get(`/v1/sessions/${session.id}`, bobToken)).body)
    expect(one.session).toMatchObject({ id: session.id, reason: 'The printer is on fire' })
  })

  it('names the recordings of its terminals, which lie on the device', async () => {
    session.scopes = ['view', 'control', 'shell']
    await session.activate()
    const say = (report: ToolReport) => session.agent.request({ type: 'session.tool', sessionId: session.id, report })
    await say({ what: 'shell', tool: 'shell', program: '/bin/bash', recording: 'a.cast' })
    await say({ what: 'act', tool: 'shell', verb: 'x', object: 'y' })
    const values = { WHAT: 'cups' }
    await say({ what: 'script', tool: 'shell', name: 'Greet', digest: 'x'.repeat(43), values, recording: 'b.cast' })
    const { shells } = sessionEntryReplySchema.parse((await get(`/v1/sessions/${session.id}`)).body)
    expect(shells).toMatchObject([
      { tool: 'shell', what: '/bin/bash', recording: 'a.cast' },
      { tool: 'shell', what: 'Greet', recording: 'b.cast' },
    ])
  })
})

describe('searching sessions', () => {
  beforeEach(() => session.activate())
  const found = (q: string, token?: string) => idsOf(`?q=${encodeURIComponent(q)}`, token)

  it('finds every word in device, operator, reason or ticket, also the beginning of one', async () => {
    for (const q of ['printer', 'PRINTER kiosk-1', 'fi', 'ada@example.org', session.id])
      expect([q, await found(q)]).toEqual([q, [session.id]])
    for (const q of ['scanner', 'printer scanner', '%', '"']) expect([q, await found(q)]).toEqual([q, []])
    expect(await found(' ')).toEqual([session.id])
  })

  it('A47 finds nothing of another organisation, nor what somebody may not see', async () => {
    const other = await relay.signIn(await relay.addOrganisation('Other Ltd', 'otto@example.net'))
    const bob = await relay.signIn(await relay.addOperator(session.token, 'bob@example.org'))
    for (const token of [other, bob]) for (const q of ['printer', session.id]) expect(await found(q, token)).toEqual([])
  })

  it('finds sessions of a database from before', async () => {
    await relay.restart(async () => {
      const database = new Sqlite(join(relay.dataDir, 'relay.db'))
      database.exec('update session set is_indexed = 0; delete from session_search')
      database.prepare('delete from session_fts where rowid > 0').run()
      database.close()
    })
    expect(await found('printer')).toEqual([session.id])
  })
})

describe('POST /v1/sessions/:sessionId/end', () => {
  it('by whoever looks after the device ends it as an administrator, once, with one row of audit', async () => {
    await session.activate()
    const carol = await relay.addOperator(session.token, 'carol@example.org', 'admin')
    const token = await relay.signIn(carol)
    const end = () => relay.call('POST', `/v1/sessions/${session.id}/end`, { token })
    expect((await end()).status).toBe(204)
    expect(await session.agent.waitFor('session.end')).toMatchObject({ reason: 'admin-ended' })
    expect((await end()).status).toBe(204)
    const { entries } = auditReplySchema.parse((await get('/v1/audit')).body)
    const ends = entries.filter(({ action, subject }) => action === 'session.end' && subject === session.id)
    expect(ends).toMatchObject([{ actor: 'user carol@example.org', detail: { reason: 'admin-ended' } }])
  })

  it('by its own operator is their end', async () => {
    await session.activate()
    await relay.call('POST', `/v1/sessions/${session.id}/end`, { token: session.token })
    expect(await session.agent.waitFor('session.end')).toMatchObject({ reason: 'operator-ended' })
  })
})

describe('GET /v1/devices/:deviceId and its eligibility', () => {
  const eligibility = async (query = '', token?: string) => {
    const reply = await get(`/v1/devices/${session.device.deviceId}/eligibility${query}`, token)
    return eligibilityReplySchema.parse(reply.body)
  }

  it('say whether a session could begin, with the line that decides', async () => {
    expect(await get(`/v1/devices/${session.device.deviceId}`)).toMatchObject({
      status: 200,
      body: { device: { name: 'kiosk-1', online: true, busy: false } },
    })
    expect(await eligibility()).toMatchObject({
      eligible: true,
      code: null,
      scopes: expect.arrayContaining(['view', 'control']),
      online: true,
      consentSeconds: 30,
    })
    const policy = new TestPolicy(relay, session.token)
    const bob = await relay.addOperator(session.token, 'bob@example.org')
    const noHands = await policy.addRole('No hands', ['control'])
    await policy.assign(bob.user.id, noHands, await policy.rootId(), 'deny')
    const bobs = await eligibility(`?operatorId=${bob.user.id}&scopes=view,control`)
    expect(bobs).toMatchObject({ eligible: true, scopes: ['view'] })
    expect(bobs.denied).toEqual([{ scope: 'control', line: expect.stringContaining('No hands') }])
    await policy.set(await policy.rootId(), { interactive: false })
    expect(await eligibility()).toMatchObject({
      eligible: false,
      code: 'policy-denied',
      reason: expect.stringContaining('interactive'),
    })
    await policy.set(await policy.rootId(), {}, ['interactive'])
    await session.request()
    expect(await eligibility()).toMatchObject({ eligible: false, code: 'device-busy' })
    const quarantine = { token: session.token, body: { status: 'quarantined' } }
    await relay.call('PUT', `/v1/devices/${session.device.deviceId}/status`, quarantine)
    expect(await eligibility()).toMatchObject({ eligible: false, code: 'device-quarantined', online: false })
  })

  it('A11 say nothing of a colleague to somebody who may not ask, and nothing to another organisation', async () => {
    const bob = await relay.addOperator(session.token, 'bob@example.org')
    const bobToken = await relay.signIn(bob)
    const path = `/v1/devices/${session.device.deviceId}/eligibility`
    const adaId = meReplySchema.parse((await get('/v1/me')).body).user.id
    expect((await get(`${path}?operatorId=${adaId}`, bobToken)).status).toBe(403)
    expect((await get(`${path}?operatorId=${'x'.repeat(20)}`)).status).toBe(404)
    const other = await relay.signIn(await relay.addOrganisation('Other Ltd', 'otto@example.net'))
    expect((await get(path, other)).status).toBe(404)
    expect((await get(`/v1/devices/${session.device.deviceId}`, other)).status).toBe(404)
  })
})
