import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { toCsv } from '#protocol/csv.ts'
import { reportReplySchema } from '#protocol/sessions-http.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { TestPolicy } from '#testing/policy.ts'
import { TestRelay } from '#testing/relay.ts'
import { TestSession } from '#testing/relay-session.ts'

let relay: TestRelay
let session: TestSession
const START = Date.parse('2026-03-01T23:30:00Z')
let clock: ManualClock
beforeEach(async () => {
  clock = new ManualClock(START)
  relay = await TestRelay.start({ clock })
  session = await TestSession.connect(relay)
})
afterEach(() => relay.close())

const RANGE = `fromMs=${START - 86_400_000}&toMs=${START + 86_400_000}`
const report = async (query: string, token = session.token) =>
  reportReplySchema.parse((await relay.call('GET', `/v1/reports/sessions?${RANGE}${query}`, { token })).body).rows

describe('GET /v1/reports/sessions', () => {
  it('counts sessions, minutes, outcomes and answers by day, operator and group', async () => {
    await session.activate()
    clock.set(clock.nowMs() + 45 * 60_000)
    await session.say({ type: 'end', reason: 'user-ended' })
    await session.say({ type: 'torn-down' })
    await session.request()
    await session.say({ type: 'consent-shown', untilMs: clock.nowMs() + 30_000 })
    await session.say({ type: 'end', reason: 'denied' })
    await session.say({ type: 'torn-down' })
    const nothing = { granted: 0, denied: 0, noAnswer: 0, notAsked: 0, unattended: 0 }
    const [first, second, ...more] = await report('&by=day,operator,group')
    expect(more).toEqual([])
    expect(first).toMatchObject({
      day: '2026-03-01',
      operator: { email: 'ada@example.org' },
      group: { path: '/' },
      sessions: 1,
      connected: 1,
      minutes: 45,
      outcomes: { 'user-ended': 1 },
      consent: { ...nothing, granted: 1 },
    })
    expect(second).toMatchObject({
      day: '2026-03-02',
      sessions: 1,
      minutes: 0,
      outcomes: { denied: 1 },
      consent: { ...nothing, denied: 1 },
    })
    const [inNewYork, ...others] = await report('&utcOffsetMinutes=-300')
    expect(others).toEqual([])
    expect(inNewYork).toMatchObject({ day: '2026-03-01', operator: null, group: null, sessions: 2, minutes: 45 })
    expect(await report('&by=group')).toMatchObject([{ day: null, sessions: 2 }])
  })

  it('A47 counts only groups whose audit somebody may read', async () => {
    await session.activate()
    const bob = await relay.addOperator(session.token, 'bob@example.org')
    const token = await relay.signIn(bob)
    const path = `/v1/reports/sessions?${RANGE}`
    expect((await relay.call('GET', path, { token })).status).toBe(403)
    const policy = new TestPolicy(relay, session.token)
    const elsewhere = await policy.addGroup('Elsewhere')
    await policy.assign(bob.user.id, await policy.addRole('Auditor', ['read-audit']), elsewhere)
    expect(await report('', token)).toEqual([])
    const other = await relay.signIn(await relay.addOrganisation('Other Ltd', 'otto@example.net'))
    expect(await report('', other)).toEqual([])
    expect(await report('')).toHaveLength(1)
  })

  it('refuses a range that is upside down or too long', async () => {
    for (const query of [
      'fromMs=2&toMs=1',
      `fromMs=0&toMs=${START}`,
      'fromMs=0&toMs=1&by=day,day',
      'fromMs=0&toMs=1&by=x',
    ])
      expect((await relay.call('GET', `/v1/reports/sessions?${query}`, { token: session.token })).status).toBe(400)
  })

  it('comes as a table too', async () => {
    await session.request()
    const path = `/v1/reports/sessions.csv?${RANGE}&by=operator`
    const reply = await relay.call('GET', path, { token: session.token })
    expect(reply.headers.get('content-type')).toContain('text/csv')
    const [header, row, end] = String(reply.body).split('\r\n')
    expect(header).toMatch(/^day,operator,email,group,sessions,minutes,/)
    expect(row).toMatch(/^,Ada Admin,ada@example\.org,,1,0,/)
    expect(end).toBe('')
  })
})

describe('a table', () => {
  it('quotes as RFC 4180 says and lets no text be a formula', () => {
    const evil = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\uff1d1']
    expect(
      toCsv(
        ['a,b', 'c"d'],
        [
          ['line\nbreak', -1],
          ['', null],
        ],
      ),
    ).toBe('"a,b","c""d"\r\n"line\nbreak",-1\r\n,\r\n')
    for (const text of evil) expect(toCsv([text], [])).toMatch(/^"?'/)
  })
})
