import { decodeJwt } from 'jose'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { scriptRunReplySchema } from '#protocol/scripts/runs-http.ts'
import { TOOLS } from '#protocol/tools/tools.ts'
import { HeadsTarget } from '#testing/heads-target.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { TestPolicy } from '#testing/policy.ts'
import { ADMIN, makeNonce, TestRelay } from '#testing/relay.ts'
import { TestSession } from '#testing/relay-session.ts'
import { TestScripts } from '#testing/script-runs.ts'

const clock = new ManualClock()
let target: HeadsTarget
let relay: TestRelay
beforeEach(async () => {
  target = await HeadsTarget.start()
  relay = await TestRelay.start({ clock, config: { auditHeadsUrl: target.url } })
})
afterEach(async () => {
  await relay.close()
  await target.close()
})

it('where a strict group’s audit can’t be kept no tool is granted, no command of an open one is acknowledged, and its lease is withheld', async () => {
  const session = await TestSession.connect(relay)
  session.scopes = ['view', 'control', ...TOOLS.filter(tool => tool !== 'registry')]
  await session.activate()
  const policy = new TestPolicy(relay, session.token)
  await policy.set(await policy.rootId(), { strictAudit: true })
  const report = { what: 'act', tool: 'services', verb: 'restart', object: 'cups.service' } as const
  const act = () => session.agent.request({ type: 'session.tool', sessionId: session.id, report })
  const scopesOfLease = async () => {
    const nonce = makeNonce()
    await session.agent.request({ type: 'session.lease-request', sessionId: session.id, nonce })
    const { lease } = await session.agent.waitFor('session.lease', message => decodeJwt(message.lease).nonce === nonce)
    return decodeJwt(lease).scopes
  }
  await act()
  expect(await scopesOfLease()).toEqual(session.scopes)

  await target.beAwayLong(clock)
  await expect(act()).rejects.toMatchObject({ code: 'audit-unavailable' })
  expect(await scopesOfLease()).toEqual(['view', 'control'])
  await relay.call('POST', '/v1/me/step-up', { token: session.token, body: { password: ADMIN.password } })
  const grant = await relay.call('POST', `/v1/sessions/${session.id}/grants`, {
    token: session.token,
    body: { tool: 'shell' },
  })
  expect(grant).toMatchObject({ status: 503, body: { code: 'audit-unavailable' } })
  expect((grant.body as { detail: string }).detail).toContain('can’t be copied off the relay')

  // Nor is a script run, in the session or without one.
  const script = { what: 'script', tool: 'shell', name: 'Say hello', digest: 'x'.repeat(43) } as const
  await expect(
    session.agent.request({
      type: 'session.tool',
      sessionId: session.id,
      report: { ...script, values: {}, recording: 'x' },
    }),
  ).rejects.toMatchObject({ code: 'audit-unavailable' })
  const scripts = await TestScripts.approved(relay)
  const ordered = await scripts.start([session.device.deviceId], { nowMs: clock.nowMs() })
  const { run } = scriptRunReplySchema.parse(ordered.body)
  await session.agent.waitFor('script.run')
  const starts = { type: 'script.report', runId: run.id, report: { what: 'starts', runsAs: 'root' } } as const
  await expect(session.agent.request(starts)).rejects.toMatchObject({ code: 'audit-unavailable' })

  target.isAway = false
  await vi.waitFor(async () => {
    clock.advance(15_000)
    await act()
  })
})
