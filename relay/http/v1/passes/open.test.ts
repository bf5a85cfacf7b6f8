import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { decodeJwt } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openPassReplySchema, passReplySchema } from '#protocol/http.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { TestRelay, type TestReply } from '#testing/relay.ts'
import { TestSession } from '#testing/relay-session.ts'

let clock: ManualClock
let relay: TestRelay
let session: TestSession
beforeEach(async () => {
  clock = new ManualClock()
  relay = await TestRelay.start({ clock })
  session = await TestSession.connect(relay)
  await session.grant(['view'])
})
afterEach(() => relay.close())

const EFFECTIVE_WITHIN_MS = 2_000

async function issue(): Promise<{ pass: string; passId: string }> {
  const { pass } = passReplySchema.parse(
    (await relay.call('POST', `/v1/sessions/${session.id}/pass`, { token: session.token })).body,
  )
  return { pass, passId: decodeJwt(pass).jti ?? '' }
}
const open = (passId: string, token = session.token): Promise<TestReply> =>
  relay.call('POST', `/v1/passes/${passId}/open`, { token })
const revoke = (token = session.token) => relay.call('DELETE', `/v1/sessions/${session.id}/passes`, { token })
const refusal = (status: number, code: string) => ({ status, body: { code } })

describe('POST /v1/passes/:passId/open', () => {
  it('answers with the very pass and its session, as often as it is asked before the pass is used', async () => {
    const { pass, passId } = await issue()
    clock.advance(5_000)
    await open(passId)
    const opened = openPassReplySchema.parse((await open(passId)).body)
    expect(decodeJwt(opened.pass)).toEqual(decodeJwt(pass))
    expect(opened.session).toMatchObject({ id: session.id, deviceId: session.device.deviceId })
    await session.join(opened.pass)
    expect(await open(passId)).toMatchObject(refusal(401, 'pass-invalid'))
  })

  it('A7 is worth nothing to anybody else: not the id, and not the pass without its key', async () => {
    const { passId } = await issue()
    const eve = await relay.signIn(await relay.addOperator(session.token, 'eve@example.org', 'admin'))
    const mallory = await relay.signIn(await relay.addOrganisation('Other Ltd', 'mallory@example.net'))
    for (const token of [eve, mallory]) expect(await open(passId, token)).toMatchObject(refusal(404, 'not-found'))
    expect((await relay.call('POST', `/v1/passes/${passId}/open`)).status).toBe(401)
    expect(await open(`pas_${'0'.repeat(26)}`)).toMatchObject(refusal(404, 'not-found'))
  })

  it('A4 dies when the pass does, and with its session', async () => {
    const { passId } = await issue()
    const database = new Sqlite(join(relay.dataDir, 'relay.db'))
    database.prepare('update pass set expires_at_ms = ? where jti = ?').run(clock.nowMs(), passId)
    database.close()
    expect(await open(passId)).toMatchObject(refusal(401, 'pass-expired'))
    const { passId: later } = await issue()
    await session.operator.request({ type: 'session.end', sessionId: session.id })
    expect(await open(later)).toMatchObject(refusal(409, 'session-closed'))
  })
})

describe('DELETE /v1/sessions/:sessionId/passes', () => {
  it('A10 takes passes back that nobody used, and another one can be had', async () => {
    const { pass, passId } = await issue()
    expect((await revoke()).status).toBe(204)
    await expect(session.join(pass)).rejects.toMatchObject({ code: 'pass-invalid' })
    expect(await open(passId)).toMatchObject(refusal(401, 'pass-invalid'))
    await session.join()
  })

  it('ends, within two seconds, what a pass has opened already; an administrator may, a colleague may not', async () => {
    await session.join()
    await session.say({ type: 'peer-connected' })
    await session.state('active')
    const bob = await relay.signIn(await relay.addOperator(session.token, 'bob@example.org'))
    expect(await revoke(bob)).toMatchObject(refusal(404, 'not-found'))
    const eve = await relay.signIn(await relay.addOperator(session.token, 'eve@example.org', 'admin'))
    const revokedAtMs = performance.now()
    expect((await revoke(eve)).status).toBe(204)
    expect(await session.agent.waitFor('session.end')).toMatchObject({ reason: 'policy-revoked' })
    expect(performance.now() - revokedAtMs).toBeLessThan(EFFECTIVE_WITHIN_MS)
    const { body } = await relay.call('GET', '/v1/audit?action=pass.revoked', { token: session.token })
    expect(body).toMatchObject({ entries: [{ actor: 'user eve@example.org', subject: session.id }] })
  })
})
