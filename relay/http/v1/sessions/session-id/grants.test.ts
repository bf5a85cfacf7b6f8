import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { verifyGrant } from '#protocol/tools/grant.ts'
import { grantReplySchema } from '#protocol/tools/http.ts'
import { TOOLS, type Tool } from '#protocol/tools/tools.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { TestRelay } from '#testing/relay.ts'
import { TestSession } from '#testing/relay-session.ts'

let clock: ManualClock
let relay: TestRelay
beforeEach(async () => {
  clock = new ManualClock()
  relay = await TestRelay.start({ clock })
})
afterEach(() => relay.close())

const ask = (session: TestSession, tool: Tool, token = session.token) =>
  relay.call('POST', `/v1/sessions/${session.id}/grants`, { token, body: { tool } })

const refusal = (status: number, code: string) => ({ status, body: { code } })

async function openSession(scopes = ['view', 'control', ...TOOLS] as const): Promise<TestSession> {
  const session = await TestSession.connect(relay)
  session.scopes = [...scopes]
  await session.activate()
  return session
}

/** A well-formed id that differs in its last character. */
const anotherId = (id: string): string => id.slice(0, -1) + (id.endsWith('z') ? 'y' : 'z')

const auditOf = async (token: string) => {
  const { body } = await relay.call('GET', '/v1/audit?limit=200', { token: await relay.signIn() })
  expect(token).toBeTruthy()
  return (body as { entries: { action: string; detail: Record<string, unknown> }[] }).entries
}

const asks = { reason: 'required', ticket: 'optional' }

describe('POST /v1/sessions/:sessionId/grants', () => {
  it('grants one tool to one session, device and key for five minutes, and says so in the audit', async () => {
    const session = await openSession()
    const { grant, grantId } = grantReplySchema.parse((await ask(session, 'shell')).body)
    const { passKeys } = await session.agent.waitFor('welcome')
    const expected = {
      keys: passKeys,
      deviceId: session.device.deviceId,
      sessionId: session.id,
      tool: 'shell' as const,
      operatorKeyThumbprint: session.operatorKey.thumbprint,
      nowMs: clock.nowMs(),
    }
    const claims = await verifyGrant(grant, expected)
    expect(claims).toMatchObject({ jti: grantId, label: 'Ada Admin <ada@example.org>' })
    expect(claims.exp - claims.iat).toBe(300)
    for (const wrong of [
      { tool: 'services' as const },
      { sessionId: anotherId(session.id) },
      { deviceId: anotherId(session.device.deviceId) },
      { operatorKeyThumbprint: 'x'.repeat(43) },
      { nowMs: claims.exp * 1000 + 1_000 },
    ])
      await expect(verifyGrant(grant, { ...expected, ...wrong })).rejects.toMatchObject({ code: 'grant-invalid' })
    expect(await auditOf(session.token)).toContainEqual(
      expect.objectContaining({ action: 'tool.granted', detail: expect.objectContaining({ tool: 'shell', grantId }) }),
    )
  })

  it('offers the registry of a device once it says that it has one', async () => {
    const session = await TestSession.connect(relay)
    session.scopes = ['view', 'control', 'services', 'registry']
    const offered = async () =>
      (await relay.call('GET', `/v1/devices/${session.device.deviceId}/tools`, { token: session.token })).body
    expect(await offered()).toEqual({ tools: TOOLS.filter(tool => tool !== 'registry'), maySkipConsent: false, asks })
    expect((await session.request()).scopes).toEqual(['view', 'control', 'services'])
    const none = { manufacturer: null, model: null, serial: null, signedInUser: null, battery: null, bootedAtMs: null }
    const lists = { disks: [], interfaces: [], displays: [], diskEncryption: 'unknown' as const }
    const inventory = { ...none, ...lists, cpu: { name: null, cores: 1 }, memoryBytes: 1, hasRegistry: true }
    await session.agent.request({ type: 'device.inventory', inventory })
    expect(await offered()).toEqual({ tools: [...TOOLS], maySkipConsent: false, asks })
  })

  it('A25 wants a sign-in or step-up that is at most five minutes old', async () => {
    const session = await openSession()
    clock.advance(5 * 60_000 + 1_000)
    expect(await ask(session, 'shell')).toMatchObject(refusal(401, 'step-up-required'))
  })

  it('A80 A82 refuses a role without tools, whatever its app says, and offers it none', async () => {
    const account = await relay.addOperator(await relay.signIn(), 'bob@example.org')
    const session = await TestSession.connect(relay, undefined, account)
    session.scopes = ['view', 'control', 'shell']
    await session.request()
    const offered = await relay.call('GET', `/v1/devices/${session.device.deviceId}/tools`, { token: session.token })
    expect(offered.body).toEqual({ tools: [], maySkipConsent: false, asks })
    expect((await session.state('notifying')).scopes).toEqual(['view', 'control'])
    const consent = { scopes: ['view', 'control'] as ('view' | 'control')[], untilMs: clock.nowMs() + 60_000 }
    await session.say({ type: 'consent-shown', untilMs: clock.nowMs() + 30_000 })
    await session.say({ type: 'consent-granted', ...consent }, session.agentNonce)
    await session.state('granted')
    await session.join()
    await session.say({ type: 'peer-connected' })
    await session.state('active')
    expect(await ask(session, 'shell')).toMatchObject(refusal(403, 'forbidden'))
  })

  it('refuses a tool that the person didn’t allow, a session that isn’t active, and somebody else’s', async () => {
    const session = await TestSession.connect(relay)
    session.scopes = ['view', 'control', 'shell', 'services']
    await session.grant(['view', 'control', 'shell'])
    expect(await ask(session, 'shell')).toMatchObject(refusal(409, 'illegal-transition'))
    await session.join()
    await session.say({ type: 'peer-connected' })
    await session.state('active')
    expect(await ask(session, 'services')).toMatchObject(refusal(403, 'forbidden'))
    const other = await relay.addOperator(session.token, 'eve@example.org', 'admin')
    expect(await ask(session, 'shell', await relay.signIn(other))).toMatchObject(refusal(404, 'not-found'))
    await session.say({ type: 'paused', by: 'user' })
    expect(await ask(session, 'shell')).toMatchObject(refusal(409, 'illegal-transition'))
  })

  it('A89 refuses a tool to a session that may only look', async () => {
    const session = await openSession(['view', 'shell'] as never)
    expect(await ask(session, 'shell')).toMatchObject(refusal(403, 'forbidden'))
  })

  it('A138 writes what a device reports before it is acknowledged, and nothing of another device’s session', async () => {
    const session = await openSession()
    const report = { what: 'act', tool: 'services', verb: 'restart', object: 'cups.service' } as const
    await session.agent.request({ type: 'session.tool', sessionId: session.id, report })
    expect(await auditOf(session.token)).toContainEqual(
      expect.objectContaining({
        action: 'tool.act',
        detail: { ...report, what: undefined, operator: 'ada@example.org' },
      }),
    )
    const other = await TestSession.connect(relay)
    await expect(other.agent.request({ type: 'session.tool', sessionId: session.id, report })).rejects.toMatchObject({
      code: 'not-found',
    })
    // A device doesn't write into the audit what its operator can't have done.
    await other.activate()
    await expect(other.agent.request({ type: 'session.tool', sessionId: other.id, report })).rejects.toMatchObject({
      code: 'forbidden',
    })
    expect((await auditOf(session.token)).filter(({ action }) => action.startsWith('tool.'))).toHaveLength(1)
  })
})
