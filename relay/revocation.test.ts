import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sessionReplySchema } from '#protocol/http.ts'
import { apiKeyReplySchema, linkReplySchema } from '#protocol/identity-http.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { TestPolicy } from '#testing/policy.ts'
import { makeNonce, TestRelay } from '#testing/relay.ts'
import { runRelayCommand } from '#testing/relay-command.ts'
import { TestSession } from '#testing/relay-session.ts'
import { SqliteStore } from './store/store.ts'

/** N9, by the relay's own clock: it stands still afterwards, so nothing comes of a later look. */
const EFFECTIVE_WITHIN_MS = 2_000

let clock: ManualClock
let relay: TestRelay
let admin: string
let policy: TestPolicy
beforeAll(async () => {
  clock = new ManualClock()
  relay = await TestRelay.start({ clock })
  admin = await relay.signIn()
  policy = new TestPolicy(relay, admin)
})
afterAll(() => relay.close())

/** Somebody in an open session, by a role of their own at a device in a group of its own: no cause touches another one's. */
interface Scene {
  readonly session: TestSession
  readonly account: { readonly email: string; readonly password: string }
  readonly userId: string
  readonly roleId: string
  readonly groupId: string
}
let scenes = 0

async function open(): Promise<Scene> {
  const name = `scene-${++scenes}`
  const account = await relay.addOperator(admin, `${name}@example.org`)
  const userId = account.user.id
  await policy.clear(userId)
  const [roleId, groupId] = [await policy.addRole(name, ['view', 'control']), await policy.addGroup(name)]
  await policy.assign(userId, roleId, groupId)
  const session = await TestSession.connect(relay, undefined, account)
  await policy.move(session.device.deviceId, groupId)
  await session.activate()
  return { session, account, userId, roleId, groupId }
}

/** What happens to the ends: why the device is told to stop, and with which code a socket is closed, where it is. */
interface Cut {
  readonly reason: 'policy-revoked' | 'admin-ended' | 'operator-ended'
  readonly operator?: number
  readonly agent?: number
}
const BY_POLICY: Cut = { reason: 'policy-revoked' }
const SIGNED_OUT: Cut = { reason: 'policy-revoked', operator: 4401 }

const of = (userId: string, what = '') => `/v1/operators/${userId}${what}`
const devicePath = ({ session }: Scene, what = '') => `/v1/devices/${session.device.deviceId}${what}`
const asThem = async ({ account }: Scene) => new TestPolicy(relay, await relay.signIn(account))

async function switchOffByAnotherProgram({ groupId }: Scene): Promise<void> {
  const store = new SqliteStore(join(relay.dataDir, 'relay.db'))
  const [organisation] = await store.read.policy.organisations()
  await store.write(tx => tx.policy.setSetting(organisation?.id ?? '', groupId, 'interactive', false))
  await store.close()
}

async function resetPassword({ userId }: Scene): Promise<void> {
  const { token } = linkReplySchema.parse((await policy.call('POST', of(userId, '/password-reset'))).body)
  await policy.call('POST', '/v1/sign-in/password-reset', { token, password: 'nine purple teapots' })
}

function tokenIdOf({ session }: Scene): string {
  const database = new Sqlite(join(relay.dataDir, 'relay.db'), { readonly: true })
  const enrolled = 'select enrolment_token_hash from device where id = ?'
  const id = database.prepare(`select id from enrolment_token where token_hash = (${enrolled})`)
  const found = String(id.pluck().get(session.device.deviceId))
  database.close()
  return found
}

type Cause = readonly [what: string, cut: Cut, cause: (scene: Scene) => Promise<unknown>]

const CAUSES: readonly Cause[] = [
  // First: the command has the machine's clock, and the relay's stands where that was.
  ['the signing key is rotated at once', BY_POLICY, () => runRelayCommand(relay.dataDir, ['keys', 'rotate', '--now'])],
  ['the pass is revoked', BY_POLICY, ({ session }) => policy.call('DELETE', `/v1/sessions/${session.id}/passes`)],

  ['the operator is switched off', SIGNED_OUT, ({ userId }) => policy.call('POST', of(userId, '/disable'))],
  ['the operator is removed', SIGNED_OUT, ({ userId }) => policy.call('DELETE', of(userId))],
  ['an administrator ends their sign-ins', SIGNED_OUT, ({ userId }) => policy.call('POST', of(userId, '/sign-out'))],
  ['their password is set anew', SIGNED_OUT, resetPassword],
  [
    'they end their other sign-ins',
    SIGNED_OUT,
    async scene => (await asThem(scene)).call('DELETE', '/v1/operator-sessions'),
  ],
  [
    'they sign out',
    { reason: 'operator-ended', operator: 4401 },
    ({ session }) => relay.call('POST', '/v1/sign-out', { token: session.token }),
  ],

  ['what they hold is taken', { reason: 'policy-revoked', operator: 1001 }, ({ userId }) => policy.clear(userId)],
  [
    'their role changes',
    BY_POLICY,
    ({ roleId }) => policy.call('PUT', `/v1/roles/${roleId}`, { name: 'Looks only', capabilities: ['view'] }),
  ],
  ['everybody is denied it', BY_POLICY, ({ roleId, groupId }) => policy.assign(null, roleId, groupId, 'deny')],
  ['the group’s setting changes', BY_POLICY, ({ groupId }) => policy.set(groupId, { interactive: false })],
  ['another program changes the setting', BY_POLICY, switchOffByAnotherProgram],
  [
    'the device is moved',
    BY_POLICY,
    async ({ session }) => policy.move(session.device.deviceId, await policy.rootId()),
  ],

  ['the device is removed', { reason: 'admin-ended', agent: 4410 }, scene => policy.call('DELETE', devicePath(scene))],
  [
    'the device is quarantined',
    { reason: 'policy-revoked', agent: 4423 },
    scene => policy.call('PUT', devicePath(scene, '/status'), { status: 'quarantined' }),
  ],
  [
    'the token that enrolled it is revoked',
    { reason: 'policy-revoked', agent: 4423 },
    scene => policy.call('DELETE', `/v1/enrolment-tokens/${tokenIdOf(scene)}`),
  ],
]

describe('a right that is taken ends the session that lives by it, and closes the sockets, within two seconds', () => {
  it.each(CAUSES)('A8 A10 A56 A134 when %s', { timeout: 30_000 }, async (_, cut, cause) => {
    const scene = await open()
    const { agent, operator, id: sessionId } = scene.session
    await cause(scene)
    clock.advance(EFFECTIVE_WITHIN_MS)
    expect(await agent.waitFor('session.end', end => end.sessionId === sessionId)).toMatchObject({ reason: cut.reason })
    if (cut.operator !== undefined) expect(await operator.closed).toBe(cut.operator)
    if (cut.agent !== undefined) expect(await agent.closed).toBe(cut.agent)
    // Without a lease a peer that doesn't listen has a minute and a half at most.
    else await expect(agent.request(leaseRequest(sessionId))).rejects.toMatchObject({ code: 'session-closed' })
  })

  it('when the API key is revoked that asked for it and nobody has come to it', async () => {
    const { session } = await open()
    await session.operator.request({ type: 'session.end', sessionId: session.id })
    await session.say({ type: 'torn-down' })
    const wish = { name: 'Tickets', scopes: ['sessions:write'], expiresInDays: 1 }
    const { key, apiKey } = apiKeyReplySchema.parse((await policy.call('POST', '/v1/api-keys', wish)).body)
    const asked = await relay.call('POST', '/v1/sessions', { token: key, body: session.body() })
    const { id } = sessionReplySchema.parse(asked.body).session
    await session.agent.waitFor('session.request', ({ request }) => request.sessionId === id)
    await policy.call('DELETE', `/v1/api-keys/${apiKey.id}`)
    const end = await session.agent.waitFor('session.end', ({ sessionId }) => sessionId === id)
    expect(end).toMatchObject({ reason: 'policy-revoked' })
    expect((await relay.call('POST', '/v1/sessions', { token: key, body: session.body() })).status).toBe(401)
  })

  it('and leaves the sessions of the same person’s other sign-ins alone', async () => {
    const { session, account } = await open()
    const other = await relay.signIn(account)
    await relay.call('POST', '/v1/sign-out', { token: other })
    clock.advance(EFFECTIVE_WITHIN_MS)
    await session.agent.request(leaseRequest(session.id))
    expect(session.agent.received.map(({ type }) => type)).not.toContain('session.end')
  })
})

const leaseRequest = (sessionId: string) => ({ type: 'session.lease-request', sessionId, nonce: makeNonce() }) as const
