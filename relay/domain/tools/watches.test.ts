import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { grantReplySchema } from '#protocol/tools/http.ts'
import { TOOLS } from '#protocol/tools/tools.ts'
import { watchesReplySchema, watchReplySchema } from '#protocol/tools/watch/http.ts'
import { sealShown } from '#protocol/tools/watch/shown.ts'
import { verifyBeat } from '#protocol/tools/watch/statement.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { TestPolicy } from '#testing/policy.ts'
import { type OperatorSocket, TestRelay } from '#testing/relay.ts'
import { TestSession } from '#testing/relay-session.ts'
import { SecondPerson } from '#testing/second-person.ts'
import { waitFor } from '#testing/wait-for.ts'

const clock = new ManualClock()
let relay: TestRelay
let session: TestSession
let policy: TestPolicy
let rosa: { user: { id: string }; token: string; socket: OperatorSocket }
beforeEach(async () => {
  relay = await TestRelay.start({ clock })
  session = await TestSession.connect(relay)
  session.scopes = ['view', 'control', ...TOOLS]
  await session.activate()
  policy = new TestPolicy(relay, session.token)
  await policy.set(await policy.rootId(), { twoPersonTools: ['shell'] })
  rosa = await join('rosa@example.org', 'admin')
})
afterEach(() => relay.close())

async function join(email: string, role: 'admin' | 'operator') {
  const account = await relay.addOperator(session.token, email, role)
  const token = await relay.signIn(account)
  return { user: account.user, token, socket: await relay.openOperatorSocket(token) }
}

const askFor = (tool: string) =>
  relay.call('POST', `/v1/sessions/${session.id}/grants`, { token: session.token, body: { tool } })
const watches = async (token: string) =>
  watchesReplySchema.parse((await relay.call('GET', '/v1/watches', { token })).body).watches

const watch = (token: string) => SecondPerson.begin(relay, token, session.id)
const beat = (socket: OperatorSocket, second: SecondPerson) => second.beat(socket, session.agentNonce)

describe('a tool that takes two', () => {
  it('is granted only while a second person with the right to it looks, whose beats reach the device with the relay’s word', async () => {
    expect((await askFor('services')).status).toBe(200)
    expect(await askFor('shell')).toMatchObject({ status: 409, body: { code: 'second-person-needed' } })
    await rosa.socket.waitFor('watches.changed')
    expect(await watches(rosa.token)).toMatchObject([{ sessionId: session.id, tools: ['shell'], watcher: null }])

    const { second, reply } = await watch(rosa.token)
    expect(watchReplySchema.parse(reply.body)).toMatchObject({ agentNonce: session.agentNonce })
    await session.operator.waitFor('session.watch-began')
    const proof = await beat(rosa.socket, second)
    const said = await session.agent.waitFor('session.watch', message => message.proof === proof)
    const { passKeys: keys } = await session.agent.waitFor('welcome')
    const { deviceId } = session.device
    const expected = { keys, deviceId, sessionId: session.id, agentNonce: session.agentNonce, operatorId: 'usr_x' }
    expect(await verifyBeat(said.statement, proof, expected)).toMatchObject({ sub: rosa.user.id, count: 1 })
    const { grant } = grantReplySchema.parse((await askFor('shell')).body)
    expect(JSON.parse(Buffer.from(grant.split('.')[1] ?? '', 'base64url').toString())).toMatchObject({
      twoPerson: true,
    })

    // What the device shows is for Rosa's app and nobody else's.
    const part = { level: 'elevated' as const, sequence: 1, messages: [Buffer.from('{"type":"from-start"}')] }
    const sealed = await sealShown(second.key.sealKey, session.id, part)
    await session.agent.request({ type: 'session.watched', sessionId: session.id, sealed })
    const shown = await rosa.socket.waitFor('watch.shown')
    expect(await second.key.open(shown.sealed, session.id)).toMatchObject({ level: 'elevated', sequence: 1 })
    const { second: stranger } = await watch(rosa.token)
    await expect(stranger.key.open(shown.sealed, session.id)).rejects.toMatchObject({ code: 'proof-invalid' })

    clock.advance(2_000)
    expect(await askFor('shell')).toMatchObject({ status: 409, body: { code: 'second-person-needed' } })
  })

  it('A34 A80 is not watched by its own operator, by somebody without the right, or by who lost it', async () => {
    await askFor('shell')
    expect((await watch(session.token)).reply.status).toBe(404)
    const bob = await join('bob@example.org', 'operator')
    expect(await watches(bob.token)).toEqual([])
    expect((await watch(bob.token)).reply.status).toBe(404)

    const { second } = await watch(rosa.token)
    await beat(rosa.socket, second)
    const without = await policy.addRole('No tools', TOOLS)
    await policy.assign(rosa.user.id, without, await policy.rootId(), 'deny')
    await waitFor('the right to be gone', async () => (await watches(rosa.token)).length === 0)
    expect(await askFor('shell')).toMatchObject({ status: 409, body: { code: 'second-person-needed' } })
    await expect(beat(bob.socket, second)).rejects.toMatchObject({ code: 'not-found' })
    await expect(beat(rosa.socket, second)).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('is wanted by nobody any more when its session is over', async () => {
    await askFor('shell')
    const { second } = await watch(rosa.token)
    await session.operator.request({ type: 'session.end', sessionId: session.id })
    await session.say({ type: 'torn-down' })
    await session.state('closed')
    await expect(beat(rosa.socket, second)).rejects.toMatchObject({ code: 'session-closed' })
    expect(await watches(rosa.token)).toEqual([])
  })
})
