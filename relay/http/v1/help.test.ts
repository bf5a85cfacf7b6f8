import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { helpQueueReplySchema, helpTakenReplySchema } from '#protocol/help/http.ts'
import type { HelpWay } from '#protocol/help/wire.ts'
import { auditReplySchema } from '#protocol/http.ts'
import { HELP_CODE_FAILURES_PER_OPERATOR, HELP_CODE_TTL_MS, HELP_QUEUE_TTL_MS } from '#protocol/limits.ts'
import { refusalOf } from '#protocol/problem.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { TestPolicy } from '#testing/policy.ts'
import { type AgentSocket, type TestDevice, TestRelay } from '#testing/relay.ts'

let clock: ManualClock
let relay: TestRelay
let admin: string
let device: TestDevice
let agent: AgentSocket
beforeEach(async () => {
  clock = new ManualClock()
  relay = await TestRelay.start({ clock })
  admin = await relay.signIn()
  ;({ device, agent } = await present())
})
afterEach(() => relay.close())

async function present() {
  const made = await relay.enrol(await relay.mintEnrolmentToken(admin))
  return { device: made, agent: await relay.openAgentSocket(made) }
}

const ask = (way: HelpWay, words = 'The printer', socket = agent) =>
  socket.request({ type: 'help.ask', wish: { way, words, who: 'petra' } })
async function newCode(): Promise<string> {
  await ask('code')
  // It comes before the acknowledgement.
  const told = agent.received.findLast(message => message.type === 'help.changed')
  if (told?.type !== 'help.changed' || told.help.news !== 'code') throw new Error('no code')
  return told.help.code
}
const redeem = (code: string, token = admin) => relay.call('POST', '/v1/help/code', { token, body: { code } })
const take = (id: string, token = admin) => relay.call('POST', `/v1/help/${id}/take`, { token })
const queue = async (token = admin) =>
  helpQueueReplySchema.parse((await relay.call('GET', '/v1/help', { token })).body).waiting
const audit = async () => auditReplySchema.parse((await relay.call('GET', '/v1/audit', { token: admin })).body).entries
/** Without the pings of the sockets, which nobody would answer in between. */
const later = (byMs: number) => clock.set(clock.nowMs() + byMs)
const codeOf = (reply: { body: unknown }) => refusalOf(reply.body)?.code
const other = (code: string) => String((Number(code) + 1) % 1_000_000_000).padStart(9, '0')

describe('a code that somebody reads out', () => {
  it('names the device once, tells the person who has it, and is in the audit and not in the database', async () => {
    const code = await newCode()
    const files = await Promise.all(['relay.db', 'relay.db-wal'].map(name => readFile(join(relay.dataDir, name))))
    for (const file of files) expect(file.includes(code)).toBe(false)

    const heard = `${code.slice(0, 3)} ${code.slice(3, 6)}-${code.slice(6)}`
    const taken = helpTakenReplySchema.parse((await redeem(heard)).body)
    expect(taken).toMatchObject({ deviceId: device.deviceId, who: 'petra', words: 'The printer' })
    const { help } = await agent.waitFor('help.changed', message => message.help.news === 'taken')
    expect(help).toMatchObject({ operator: { email: 'ada@example.org' } })
    expect([(await redeem(code)).status, codeOf(await redeem(code))]).toEqual([403, 'help-code-invalid'])

    const rows = (await audit()).filter(({ action }) => action.startsWith('help.'))
    expect(rows.map(({ action }) => action)).toEqual(['help.code-denied', 'help.taken', 'help.asked'])
    expect(JSON.stringify(rows)).not.toContain(code)
  })

  it('A68 is good for one of 20 who enter it at the same moment', async () => {
    const code = await newCode()
    const tokens = await Promise.all(
      Array.from({ length: 4 }, async (_, index) =>
        relay.signIn(await relay.addOperator(admin, `op${index}@example.org`)),
      ),
    )
    const replies = await Promise.all(tokens.flatMap(token => Array.from({ length: 5 }, () => redeem(code, token))))
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  it('A70 is good for ten minutes, and a newer one ends it', async () => {
    const old = await newCode()
    const code = await newCode()
    expect(codeOf(await redeem(old))).toBe('help-code-invalid')
    later(HELP_CODE_TTL_MS - 1)
    expect((await redeem(code)).status).toBe(200)
    const late = await newCode()
    later(HELP_CODE_TTL_MS)
    expect(codeOf(await redeem(late))).toBe('help-code-invalid')
  })

  it('A47 answers the same for a wrong code, another organisation’s, a withdrawn one and a device out of reach', async () => {
    const elsewhere = await relay.signIn(await relay.addOrganisation('Other Ltd', 'otto@example.net'))
    const bob = await relay.addOperator(admin, 'bob@example.org')
    await new TestPolicy(relay, admin).clear(bob.user.id)
    const code = await newCode()
    const replies = [
      await redeem(other(code)),
      await redeem(code, elsewhere),
      await redeem(code, await relay.signIn(bob)),
    ]
    // Whoever may not have it doesn't use it up.
    expect((await redeem(code)).status).toBe(200)
    const withdrawn = await newCode()
    await agent.request({ type: 'help.withdraw' })
    replies.push(await redeem(withdrawn))
    for (const { status, body } of replies) expect([status, body]).toEqual([403, replies[0]?.body])
  })

  it('A19 stops an operator after five wrong ones, the right one and a restart included, and says so in the audit', async () => {
    const code = await newCode()
    const guesses = Array.from({ length: 12 }, (_, index) => redeem(String(index).padStart(9, '0')))
    const statuses = (await Promise.all(guesses)).map(({ status }) => status)
    expect(statuses.filter(status => status === 403)).toHaveLength(HELP_CODE_FAILURES_PER_OPERATOR)
    expect(statuses.filter(status => status === 429)).toHaveLength(12 - HELP_CODE_FAILURES_PER_OPERATOR)
    expect(codeOf(await redeem(code))).toBe('rate-limited')
    await relay.restart()
    expect(codeOf(await redeem(code))).toBe('rate-limited')
    expect((await audit()).map(({ action }) => action)).toContain('help.code-denied')
  })

  it('A48 a code that is no code is refused before it counts', async () => {
    for (const code of ['', '12345678', 'ABCDEFGHI', '1'.repeat(31)])
      expect(codeOf(await redeem(code))).toBe('bad-request')
    expect((await redeem(await newCode())).status).toBe(200)
  })
})

describe('the queue', () => {
  it('shows who waits to those who may look at the device, the longest first, and the first who takes them has them', async () => {
    const bob = await relay.addOperator(admin, 'bob@example.org')
    const eve = await relay.addOperator(admin, 'eve@example.org')
    await new TestPolicy(relay, admin).clear(eve.user.id)
    const [bobs, eves] = [await relay.signIn(bob), await relay.signIn(eve)]
    const operator = await relay.openOperatorSocket(bobs)
    const second = await present()
    const first = agent.waitFor('help.changed')
    await ask('queue', '<img src=x onerror=alert(1)>\u202e')
    expect((await first).help).toEqual({ news: 'queued', ahead: 0, forMs: HELP_QUEUE_TTL_MS })
    await operator.waitFor('help.changed')
    later(1)
    const behind = second.agent.waitFor('help.changed')
    await ask('queue', '', second.agent)
    expect((await behind).help).toMatchObject({ ahead: 1 })

    const waiting = await queue(bobs)
    expect(waiting).toMatchObject([
      { deviceId: device.deviceId, words: '<img src=x onerror=alert(1)>', who: 'petra', online: true },
      { deviceId: second.device.deviceId, words: '' },
    ])
    expect(await queue(eves)).toEqual([])
    const [{ id } = { id: '' }] = waiting
    expect((await take(id, eves)).status).toBe(404)
    const up = second.agent.waitFor('help.changed', ({ help }) => help.news === 'queued' && help.ahead === 0)
    const replies = await Promise.all([take(id, bobs), take(id), take(id, bobs)])
    expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 404, 404])
    await agent.waitFor('help.changed', ({ help }) => help.news === 'taken')
    await up
    expect(await queue(bobs)).toHaveLength(1)
  })

  it('lets go of who withdraws, of whose time is over, and of a device that was cut off', async () => {
    await ask('queue')
    await agent.request({ type: 'help.withdraw' })
    await agent.request({ type: 'help.withdraw' })
    expect(await queue()).toEqual([])
    expect((await audit()).filter(({ action }) => action === 'help.withdrawn')).toHaveLength(1)
    await ask('queue')
    later(HELP_QUEUE_TTL_MS)
    // Their sign-in is over by then.
    admin = await relay.signIn()
    expect(await queue()).toEqual([])
    await ask('queue')
    const body = { status: 'quarantined' }
    await relay.call('PUT', `/v1/devices/${device.deviceId}/status`, { token: admin, body })
    expect(await queue()).toEqual([])
  })

  it('A47 shows nothing to another organisation', async () => {
    await ask('queue')
    const elsewhere = await relay.signIn(await relay.addOrganisation('Other Ltd', 'otto@example.net'))
    expect(await queue(elsewhere)).toEqual([])
    const [{ id } = { id: '' }] = await queue()
    expect((await take(id, elsewhere)).status).toBe(404)
    expect(await queue()).toHaveLength(1)
  })

  it('A35 takes six wishes of a device in a quarter of an hour', async () => {
    for (let index = 0; index < 6; index++) await ask('queue')
    await expect(ask('queue')).rejects.toMatchObject({ code: 'rate-limited' })
    expect(await queue()).toHaveLength(1)
  })
})
