import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AgentToRelay, agentToRelaySchema } from '#protocol/wire/agent.ts'
import { type OperatorToRelay, operatorToRelaySchema } from '#protocol/wire/operator.ts'
import { databaseFingerprint, withoutAudit } from '#testing/database-fingerprint.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { TestPolicy } from '#testing/policy.ts'
import { type AgentSocket, makeNonce, type TestDevice, TestRelay } from '#testing/relay.ts'
import { TestSession } from '#testing/relay-session.ts'
import { waitFor } from '#testing/wait-for.ts'

type WithSession<M> = Extract<M, { sessionId: string }>
type Samples<M extends { type: string }> = {
  [Type in WithSession<M>['type']]: Omit<Extract<M, { type: Type }>, 'sessionId'>
}

const signal = { kind: 'candidate' as const, candidate: '', sdpMid: null, sdpMLineIndex: null }

/** A valid message of each type that names a session: a type without one doesn't compile. */
const OPERATOR: Samples<OperatorToRelay> = {
  'session.join': { type: 'session.join', pass: 'a-pass', proof: 'a-proof' },
  'session.leave': { type: 'session.leave' },
  'watch.beat': { type: 'watch.beat', proof: 'a-proof' },
  'session.signal': { type: 'session.signal', signal },
  'session.end': { type: 'session.end' },
  'session.match': { type: 'session.match', secret: makeNonce() },
}
const AGENT: Samples<AgentToRelay> = {
  'session.event': { type: 'session.event', event: { type: 'end', reason: 'user-ended' } },
  'session.match': { type: 'session.match', nonce: makeNonce() },
  'session.dropped': { type: 'session.dropped', kind: 'input', why: 'scope' },
  'session.turn': { type: 'session.turn' },
  'session.signal': { type: 'session.signal', signal },
  'session.teardown': { type: 'session.teardown', removed: ['everything'] },
  'session.lease-request': { type: 'session.lease-request', nonce: makeNonce() },
  'session.tool': { type: 'session.tool', report: { what: 'opened', tool: 'shell', grantId: 'x' } },
  'session.watched': { type: 'session.watched', sealed: 'sealed' },
  'session.receipt': { type: 'session.receipt', receipt: 'a-receipt' },
}

let relay: TestRelay
let session: TestSession
const tokens: Record<string, string> = {}
const devices: Record<string, TestDevice> = {}
let closedId: string
beforeAll(async () => {
  relay = await TestRelay.start({ clock: new ManualClock() })
  const admin = await relay.signIn()
  const bob = await relay.addOperator(admin, 'bob@example.org')
  const policy = new TestPolicy(relay, admin)
  await policy.assign(bob.user.id, await policy.addRole('Shell', ['shell']), await policy.rootId())
  session = await TestSession.connect(relay, undefined, bob)
  session.scopes = ['view', 'control', 'shell']
  await session.request()
  closedId = session.id
  await session.agent.waitFor('session.request')
  await session.say({ type: 'end', reason: 'user-ended' })
  await session.say({ type: 'torn-down' })
  await session.state('closed')
  await session.activate()
  tokens['another operator'] = await relay.signIn(await relay.addOperator(admin, 'eve@example.org'))
  tokens['an administrator'] = admin
  tokens['another organisation'] = await relay.signIn(await relay.addOrganisation('Other Ltd', 'otto@example.net'))
  const theirs = await relay.mintEnrolmentToken(tokens['another organisation'])
  devices['another device'] = await relay.enrol(await relay.mintEnrolmentToken(admin))
  devices['a device of another organisation'] = await relay.enrol(theirs)
}, 60_000)
afterAll(() => relay.close())

const withSession = (schema: typeof operatorToRelaySchema | typeof agentToRelaySchema): string[] =>
  schema.options.filter(({ shape }) => 'sessionId' in shape).map(({ shape }) => String(shape.type.value))

it('A45 the matrix has every message that names a session', () => {
  expect(Object.keys(OPERATOR).toSorted()).toEqual(withSession(operatorToRelaySchema).toSorted())
  expect(Object.keys(AGENT).toSorted()).toEqual(withSession(agentToRelaySchema).toSorted())
})

describe.each(Object.values(OPERATOR))('A11 A34 $type of an operator', message => {
  const send = async (token: string, sessionId: string) => {
    const socket = await relay.openOperatorSocket(token)
    const before = databaseFingerprint(relay)
    const outcome = await socket.request({ ...message, sessionId } as OperatorToRelay).then(
      () => 'done',
      error => error.code,
    )
    const isSame = databaseFingerprint(relay) === before
    await socket.close()
    return [outcome, isSame]
  }

  it.each(['another operator', 'an administrator', 'another organisation'])(
    'for a session that is not theirs, from %s, is not found and changes nothing',
    async who => expect(await send(tokens[who] ?? '', session.id)).toEqual(['not-found', true]),
  )

  it('for a session that never was is not found and changes nothing', async () => {
    expect(await send(session.token, `ses_${'z'.repeat(26)}`)).toEqual(['not-found', true])
  })

  it('for a session of theirs that is closed changes nothing', async () => {
    const [outcome, isSame] = await send(session.token, closedId)
    expect([outcome === 'internal', isSame]).toEqual([false, true])
  })
})

describe.each(Object.values(AGENT))('A11 A34 $type of a device', message => {
  it.each(['another device', 'a device of another organisation'])(
    'for a session that is not its own, from %s, is refused and changes nothing',
    async who => {
      for (const sessionId of [session.id, closedId, `ses_${'z'.repeat(26)}`]) {
        // A socket each: the third message for somebody else's session closes it.
        const socket = await connect(who)
        const before = databaseFingerprint(relay)
        const refusal = await socket.request({ ...message, sessionId } as AgentToRelay).catch(error => error.code)
        expect(['not-found', 'signature-invalid']).toContain(refusal)
        expect(databaseFingerprint(relay)).toBe(before)
        await leave(who, socket)
      }
    },
  )
})

async function connect(who: string): Promise<AgentSocket> {
  const socket = await relay.openAgentSocket(deviceOf(who))
  await socket.waitFor('welcome')
  return socket
}

/** Until the relay has seen it: one that comes back before is taken for a copy. */
async function leave(who: string, socket: AgentSocket): Promise<void> {
  await socket.close()
  const token = tokens[who === 'another device' ? 'an administrator' : 'another organisation'] ?? ''
  await waitFor('its end', async () => {
    const { body } = await relay.call('GET', `/v1/devices/${deviceOf(who).deviceId}`, { token })
    return JSON.stringify(body).includes('"online":false')
  })
}

function deviceOf(who: string): TestDevice {
  const device = devices[who]
  if (!device) throw new Error(`There is no ${who}`)
  return device
}

describe('A138 A152 while the audit takes no row', () => {
  it('nothing that a session’s own ends say has an effect, and a tool’s command is not acknowledged', async () => {
    const said: Record<string, string> = {}
    const tell = async (name: string, asked: Promise<void>) => {
      const before = databaseFingerprint(relay)
      said[name] = await asked.then(
        () => 'done',
        error => error.code,
      )
      expect([name, databaseFingerprint(relay)]).toEqual([name, before])
    }
    await withoutAudit(relay, async () => {
      for (const message of Object.values(AGENT))
        await tell(
          `agent ${message.type}`,
          session.agent.request({ ...message, sessionId: session.id } as AgentToRelay),
        )
      for (const message of Object.values(OPERATOR))
        await tell(
          `operator ${message.type}`,
          session.operator.request({ ...message, sessionId: session.id } as OperatorToRelay),
        )
    })
    expect(said).toMatchInlineSnapshot(`
      {
        "agent session.dropped": "internal",
        "agent session.event": "internal",
        "agent session.lease-request": "done",
        "agent session.match": "illegal-transition",
        "agent session.receipt": "signature-invalid",
        "agent session.signal": "done",
        "agent session.teardown": "not-found",
        "agent session.tool": "internal",
        "agent session.turn": "internal",
        "agent session.watched": "done",
        "operator session.end": "internal",
        "operator session.join": "illegal-transition",
        "operator session.leave": "illegal-transition",
        "operator session.match": "illegal-transition",
        "operator session.signal": "done",
        "operator watch.beat": "not-found",
      }
    `)
    await Promise.all([session.agent.beat(), session.operator.beat()])
  })
})

describe('A53 the wrong kind of credential', () => {
  it("an operator's token opens no device's socket and enrols nothing", async () => {
    const before = databaseFingerprint(relay)
    const stranger = await relay.openStrangerSocket()
    await stranger.waitFor('hello')
    const hello = { ...(await relay.agentHello(stranger, session.device)), proof: session.token }
    await expect(stranger.request(hello)).rejects.toThrow()
    expect(await stranger.closed).toBe(4401)
    const body = { ...(await relay.enrolBody(session.token, session.operatorKey)), token: session.token }
    const refused = await relay.call('POST', '/v1/enrol', {
      body,
      headers: { authorization: `Bearer ${session.token}` },
    })
    expect(refused).toMatchObject({ status: 403, body: { code: 'enrolment-token-invalid' } })
    expect(databaseFingerprint(relay)).toBe(before)
  })

  it("what a device says is no message of an operator's socket, and the other way round", async () => {
    const operator = await relay.openOperatorSocket(session.token)
    const end = { ...AGENT['session.event'], sessionId: session.id }
    await expect(operator.request(end as never)).rejects.toThrow()
    await expect(
      session.agent.request({ ...OPERATOR['session.end'], sessionId: session.id } as never),
    ).rejects.toThrow()
    const { body } = await relay.call('GET', `/v1/sessions/${session.id}`, { token: session.token })
    expect(body).toMatchObject({ session: { endedAtMs: null } })
  })
})
