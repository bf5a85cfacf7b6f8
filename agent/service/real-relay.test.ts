import { afterEach, beforeEach, expect, it } from 'vitest'
import { startTestAgent, type TestAgent } from '#testing/agent.ts'
import { PeerSession } from '#testing/peer-session.ts'
import { TestPolicy } from '#testing/policy.ts'
import { processesOfSession } from '#testing/process-tree.ts'
import { TestRelay } from '#testing/relay.ts'
import { runRelayCommand } from '#testing/relay-command.ts'
import { waitFor } from '#testing/wait-for.ts'
import { startXDisplay, type XDisplay } from '#testing/x-display.ts'

let display: XDisplay
let relay: TestRelay
let token: string
let agent: TestAgent
let deviceId: string
const sessions: PeerSession[] = []

beforeEach(async () => {
  display = await startXDisplay({ width: 640, height: 480 })
  relay = await TestRelay.start()
  token = await relay.signIn()
  const operator = await relay.openOperatorSocket(token)
  const enrolmentToken = await relay.mintEnrolmentToken(token)
  agent = await startTestAgent({ relayUrl: relay.url, enrolmentToken, display: display.name })
  deviceId = (await operator.waitFor('device.changed', ({ device }) => device.online)).device.id
  await operator.close()
})
afterEach(async () => {
  for (const session of sessions.splice(0)) session.close()
  await agent.stop()
  await relay.close()
  await display.stop()
})

async function ask(as = token): Promise<PeerSession> {
  const session = await PeerSession.ask(relay, as, { deviceId, scopes: ['view'] })
  sessions.push(session)
  return session
}
async function open(as = token): Promise<PeerSession> {
  const session = await ask(as)
  await session.join()
  return session
}
/** A colleague's sign-in. */
async function colleague(name: string) {
  const account = await relay.addOperator(token, `${name}@example.org`)
  return { id: account.user.id, token: await relay.signIn(account) }
}

it('carries a session through the real relay, from enrolment to removal', async () => {
  const session = await open()
  const picture = await session.peer.picture(() => true)
  expect([picture.width, picture.height]).toEqual([640, 480])
  await session.operator.request({ type: 'session.end', sessionId: session.id })
  expect((await session.reach('closed')).state).toEqual({ name: 'closed', reason: 'operator-ended' })
  await relay.call('DELETE', `/v1/devices/${deviceId}`, { token })
  expect(await agent.program.exited).toBe(4)
  await session.operator.close()
})

it('A10 two signing keys are good at a time: a pass of the old one lets in after the rotation, and not after one at once', {
  timeout: 60_000,
}, async () => {
  const rotate = (...how: string[]) => runRelayCommand(relay.dataDir, ['keys', 'rotate', ...how])
  const first = await ask()
  await first.reach('granted')
  const pass = await first.pass()
  expect((await rotate()).code).toBe(0)
  await agent.line('handed over to another key')
  await first.join(pass)
  await first.peer.picture(() => true)
  const isGone = first.peer.channelClosed('control')
  expect((await rotate('--now')).code).toBe(0)
  await isGone
  expect((await first.reach('closed')).state).toMatchObject({ reason: 'policy-revoked' })
  const second = await open()
  await second.peer.picture(() => true)
})

/** Far more than it takes, and far less than a session lives without a lease: it's the relay's word that ends it. */
const GONE_WITHIN_MS = 15_000

it('A56 a right that is taken ends the connection itself, whatever the operator’s program does', {
  timeout: 90_000,
}, async () => {
  const policy = new TestPolicy(relay, token)
  const denial = await policy.addRole('No eyes', ['view'])
  const causes: ((userId: string) => Promise<unknown>)[] = [
    userId => policy.call('POST', `/v1/operators/${userId}/sign-out`),
    async userId => policy.assign(userId, denial, await policy.rootId(), 'deny'),
    () => policy.call('PUT', `/v1/devices/${deviceId}/status`, { status: 'quarantined' }),
  ]
  for (const [index, take] of causes.entries()) {
    const who = await colleague(`bob-${index}`)
    const session = await open(who.token)
    await session.peer.picture(() => true)
    const isGone = session.peer.channelClosed('control')
    const takenAtMs = performance.now()
    await take(who.id)
    await isGone
    expect(performance.now() - takenAtMs).toBeLessThan(GONE_WITHIN_MS)
    await waitFor('its processes to end', () => processesOfSession(session.id).length === 0)
  }
})
