import { afterEach, beforeEach, expect, it } from 'vitest'
import { refusalOf } from '#protocol/problem.ts'
import { SESSION_NOTE_MS, sessionNoteReplySchema } from '#protocol/session/note.ts'
import { sessionsReplySchema } from '#protocol/sessions-http.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { TestRelay } from '#testing/relay.ts'
import { TestSession } from '#testing/relay-session.ts'

let clock: ManualClock
let relay: TestRelay
let session: TestSession
beforeEach(async () => {
  clock = new ManualClock(Date.parse('2026-03-01T09:00:00Z'))
  relay = await TestRelay.start({ clock })
  session = await TestSession.connect(relay)
  await session.request()
  await session.say({ type: 'consent-shown', untilMs: clock.nowMs() + 30_000 })
  await session.say({ type: 'end', reason: 'denied' })
  await session.say({ type: 'torn-down' })
})
afterEach(() => relay.close())

const note = (text: unknown, token = session.token) =>
  relay.call('PUT', `/v1/sessions/${session.id}/note`, { token, body: { text } })
const search = async (q: string) => {
  const reply = await relay.call('GET', `/v1/sessions?q=${encodeURIComponent(q)}`, { token: session.token })
  return sessionsReplySchema.parse(reply.body).sessions
}

it('A166 a session’s note is text of its operator’s, found by its words, in list, table and report, with who and when in the audit', async () => {
  const text = '=HYPERLINK("https://evil.example") <b>toner</b>\u202E\nCartridge swapped'
  const first = sessionNoteReplySchema.parse((await note(text)).body).note
  expect(first).toMatchObject({ text: '=HYPERLINK("https://evil.example") <b>toner</b>\nCartridge swapped' })
  expect(await search('cartridge toner')).toMatchObject([{ id: session.id, note: first }])
  const table = await relay.call('GET', '/v1/sessions.csv', { token: session.token })
  expect(table.headers.get('content-type')).toContain('text/csv')
  expect(String(table.body)).toContain(`"'=HYPERLINK(""https://evil.example"")`)
  const range = `fromMs=${clock.nowMs() - 86_400_000}&toMs=${clock.nowMs() + 86_400_000}`
  const report = await relay.call('GET', `/v1/reports/sessions?${range}`, { token: session.token })
  expect(report.body).toMatchObject({ rows: [{ sessions: 1, noted: 1 }] })

  clock.set(clock.nowMs() + 60_000)
  const second = sessionNoteReplySchema.parse((await note('Waits for a part')).body).note
  expect(second).toEqual({ text: 'Waits for a part', atMs: first?.atMs, changedAtMs: clock.nowMs() })
  expect(await search('cartridge')).toEqual([])
  expect(await search('part')).toHaveLength(1)
  await note('')
  expect(await search('part')).toEqual([])
  const rows = await relay.call('GET', '/v1/audit?action=session.noted', { token: session.token })
  expect(rows.body).toMatchObject({
    entries: [
      { actor: expect.stringContaining('ada@example.org'), detail: { characters: 16, changed: true } },
      { subject: session.id, detail: { changed: false } },
    ],
  })
})

it('A166 nobody else writes it, nobody a day later, and no megabyte', async () => {
  const bob = await relay.signIn(await relay.addOperator(session.token, 'bob@example.org', 'admin'))
  expect((await note('Mine now', bob)).status).toBe(404)
  expect((await note('x'.repeat(1_000_000))).status).toBe(413)
  expect((await note('x'.repeat(5_000))).status).toBe(400)
  expect(sessionNoteReplySchema.parse((await note('y'.repeat(600))).body).note?.text).toHaveLength(500)
  clock.set(clock.nowMs() + SESSION_NOTE_MS + 1_000)
  const late = await note('Too late', await relay.signIn())
  expect(refusalOf(late.body)).toMatchObject({ code: 'illegal-transition' })
})
