import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { API_SCOPES } from '#protocol/api-scopes.ts'
import { apiKeyReplySchema, linkReplySchema } from '#protocol/identity-http.ts'
import { signProof } from '#protocol/proof.ts'
import { grantReplySchema } from '#protocol/tools/http.ts'
import { RECEIPT } from '#protocol/trust/receipt.ts'
import { signStatement } from '#protocol/trust/signed.ts'
import { webhookReplySchema } from '#protocol/webhooks-http.ts'
import type { TurnCredential } from '#protocol/wire/paths.ts'
import { databaseFingerprint } from '#testing/database-fingerprint.ts'
import { makeTestKey } from '#testing/keys.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { ADMIN, makeNonce, TestRelay } from '#testing/relay.ts'
import { TestSession } from '#testing/relay-session.ts'
import { TurnClient } from '#testing/turn-client.ts'
import { passKeyFile, readPassKeys } from '../keys/pass-key-file.ts'
import { rotated } from '../keys/rotate-pass-key.ts'

const METRICS_TOKEN = 'a-token-for-the-metrics-alone'
let relay: TestRelay
let session: TestSession
let tokens: Readonly<Record<Kind, string>>
let sparePass: string
let turn: TurnCredential

/** Everything that somebody could hold and show. */
const KINDS = [
  'sign-in',
  'API key',
  'enrolment token',
  'device proof',
  'access pass',
  'join proof',
  'lease',
  'grant',
  'grant proof',
  'receipt',
  'key hand-over',
  'TURN credential',
  'invitation',
  'password reset',
  'single sign-on ticket',
  'webhook secret',
  'metrics token',
  'bootstrap secret',
  'help code',
] as const
type Kind = (typeof KINDS)[number]

/** Of these it is written down that they were shown in the wrong place, or shown at all. */
const NOTED: ReadonlySet<Kind> = new Set(['API key', 'enrolment token'])

/** Where one is shown, what is right there, and how it is tried: resolves with what was refused, or with `accepted`. */
interface Door {
  readonly name: string
  readonly right: readonly Kind[]
  readonly show: (token: string) => Promise<string>
}

const http = async (method: string, path: string, options: { token?: string; body?: unknown } = {}) => {
  const { status, body } = await relay.call(method, path, options)
  if (status < 400) return 'accepted'
  const { code = '' } = body as { code?: string }
  return `${status} ${code}`
}
const answer = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => 'accepted',
    thrown => String((thrown as { code?: string }).code ?? thrown),
  )

const DOORS: readonly Door[] = [
  { name: 'a route for people', right: ['sign-in'], show: token => http('GET', '/v1/me', { token }) },
  {
    name: 'a route for people and programs',
    right: ['sign-in', 'API key'],
    show: token => http('GET', '/v1/devices', { token }),
  },
  {
    name: 'a route for administrators',
    right: ['sign-in'],
    show: token => http('GET', '/v1/invitations', { token }),
  },
  { name: 'the metrics', right: ['metrics token'], show: token => http('GET', '/metrics', { token }) },
  {
    name: 'the operators’ socket',
    right: ['sign-in'],
    show: token =>
      answer(relay.openOperatorSocket(token).then(socket => socket.close())).then(said => said.replace('Error: ', '')),
  },
  {
    name: 'the devices’ socket',
    right: [],
    show: async proof => {
      const socket = await relay.openStrangerSocket()
      const hello = await relay.agentHello(socket, session.device)
      const said = await answer(socket.request({ ...hello, proof }))
      await socket.close()
      return said
    },
  },
  {
    name: 'enrolment',
    right: ['enrolment token'],
    show: async token => http('POST', '/v1/enrol', { body: await relay.enrolBody(token, await makeTestKey()) }),
  },
  {
    name: 'the second step of signing in',
    right: [],
    show: ticket => http('POST', '/v1/sign-in/second-factor', { body: { ticket, code: '123456' } }),
  },
  {
    name: 'the end of a single sign-on',
    right: [],
    show: ticket => http('POST', '/v1/sign-in/sso/redeem', { body: { ticket, code: '123456' } }),
  },
  {
    name: 'a new password',
    right: ['password reset'],
    show: token => http('POST', '/v1/sign-in/password-reset', { body: { token, password: 'another long password' } }),
  },
  {
    name: 'an invitation',
    right: ['invitation'],
    show: token =>
      http('POST', '/v1/invitations/accept', { body: { token, name: 'Bob', password: 'another long password' } }),
  },
  {
    name: 'the word of somebody who asks for help',
    right: ['help code'],
    show: async code => http('POST', '/v1/help/code', { token: session.token, body: { code } }),
  },
  {
    name: 'the first start',
    right: [],
    show: secret => http('POST', '/v1/bootstrap', { body: { ...ADMIN, secret, organisationName: 'Mine' } }),
  },
  { name: 'a join, as its pass', right: ['access pass'], show: pass => answer(session.join(pass)) },
  {
    name: 'a join, as its proof',
    right: ['join proof'],
    show: proof => answer(session.join(sparePass, proof)),
  },
  {
    name: 'a receipt',
    right: [],
    show: receipt => answer(session.agent.request({ type: 'session.receipt', sessionId: session.id, receipt })),
  },
  {
    name: 'TURN',
    right: ['TURN credential'],
    show: async password => {
      const client = await TurnClient.open(relay.url)
      const code = await client.allocate({ username: turn.username, password })
      await client.close()
      return code === 0 ? 'accepted' : String(code)
    },
  },
  {
    name: 'an address with a token',
    right: [],
    show: token => http('GET', `/v1/me?token=${encodeURIComponent(token)}`),
  },
]

beforeAll(async () => {
  relay = await TestRelay.start({ metricsToken: METRICS_TOKEN, clock: new ManualClock() })
  const active = await TestSession.connect(relay)
  active.scopes = ['view', 'control', 'shell']
  await active.activate()
  const { token } = active
  const call = async (method: string, path: string, body?: unknown) =>
    (await relay.call(method, path, { token, body })).body
  const grant = grantReplySchema.parse(await call('POST', `/v1/sessions/${active.id}/grants`, { tool: 'shell' }))
  const [given] = (await active.agent.waitFor('session.paths')).paths.credentials
  if (!given) throw new Error('there is no credential for TURN')
  turn = given
  const nonce = makeNonce()
  await active.agent.request({ type: 'session.lease-request', sessionId: active.id, nonce })
  const { lease } = await active.agent.waitFor('session.lease')
  const bob = await relay.addOperator(token, 'bob@example.org')
  const link = async (path: string, body?: unknown) => linkReplySchema.parse(await call('POST', path, body)).token
  const { deviceId, key } = active.device
  const keys = await readPassKeys(passKeyFile(relay.dataDir))
  if (!keys) throw new Error('the relay keeps its keys elsewhere')
  const [handover = ''] = (await rotated(keys, { nowMs: Date.now(), isAtOnce: true })).handovers
  // Another session, in which the right pass and proof would be good.
  session = await TestSession.connect(relay)
  await session.grant()
  sparePass = await session.pass()
  tokens = {
    'sign-in': await relay.signIn(),
    'API key': apiKeyReplySchema.parse(
      await call('POST', '/v1/api-keys', { name: 'All', scopes: [...API_SCOPES], expiresInDays: 1 }),
    ).key,
    'enrolment token': await relay.mintEnrolmentToken(token),
    'device proof': await signProof('device', { deviceId, nonce }, key.privateKey, key.publicKey),
    'access pass': await session.pass(),
    'join proof': await session.proof(),
    lease,
    grant: grant.grant,
    'grant proof': await signProof(
      'grant',
      { sessionId: active.id, agentNonce: active.agentNonce, grantId: grant.grantId },
      active.operatorKey.privateKey,
      active.operatorKey.publicKey,
    ),
    receipt: await signStatement(RECEIPT, {} as never, key.privateKey, key.publicKey),
    'key hand-over': handover,
    'TURN credential': turn.password,
    invitation: await link('/v1/invitations', { email: 'new@example.org', role: 'operator' }),
    'password reset': await link(`/v1/operators/${bob.user.id}/password-reset`),
    'single sign-on ticket': makeNonce(),
    'webhook secret': webhookReplySchema.parse(
      await call('POST', '/v1/webhooks', {
        url: 'https://example.org/',
        events: ['device.enrolled'],
        description: 'All',
      }),
    ).secret,
    'metrics token': METRICS_TOKEN,
    'bootstrap secret': makeNonce(),
    'help code': await helpCode(),
  }
}, 120_000)

async function helpCode(): Promise<string> {
  await session.agent.request({ type: 'help.ask', wish: { way: 'code', words: 'The printer', who: 'petra' } })
  const { help } = await session.agent.waitFor('help.changed')
  if (help.news !== 'code') throw new Error('there is no code')
  return help.code
}
afterAll(() => relay.close())

describe.each(DOORS)('A5 A53 at $name', { timeout: 60_000 }, ({ right, show }) => {
  it.each(KINDS)('the %s is refused, unless it is for there, and does nothing', async kind => {
    if (right.includes(kind)) return
    const before = databaseFingerprint(relay)
    const said = await show(tokens[kind])
    expect(said).not.toBe('accepted')
    expect(said).not.toMatch(/^5|internal/)
    if (!NOTED.has(kind)) expect(databaseFingerprint(relay)).toBe(before)
  })
})

// Last: it spends them.
it.each(DOORS.flatMap(door => door.right.map(kind => [kind, door.name, door.show] as const)))(
  'the %s is right at %s: what refused the others isn’t the door',
  async (kind, _door, show) => {
    expect(await show(tokens[kind])).toBe('accepted')
  },
)
