import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { TURN_ALLOCATIONS_PER_CREDENTIAL, TURN_CREDENTIAL_TTL_MS, TURN_RENEW_MS } from '#protocol/limits.ts'
import type { Paths, TurnCredential } from '#protocol/wire/paths.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { makeNonce, TestRelay } from '#testing/relay.ts'
import { TestSession } from '#testing/relay-session.ts'
import { seededRandom } from '#testing/seeded-random.ts'
import { TurnClient, UDP_TRANSPORT } from '#testing/turn-client.ts'
import { text, uint32 } from './stun/attributes.ts'
import { ATTRIBUTE, CLASS, encodeMessage, METHOD } from './stun/message.ts'

let clock: ManualClock
let relay: TestRelay
let session: TestSession
let agent: Paths
let operator: Paths
const clients: TurnClient[] = []

beforeAll(async () => {
  clock = new ManualClock()
  relay = await TestRelay.start({ clock })
})
afterAll(() => relay.close())
beforeEach(async () => {
  session = await TestSession.connect(relay)
  await session.activate()
  agent = (await session.agent.waitFor('session.paths')).paths
  operator = (await session.operator.waitFor('session.paths')).paths
})
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close()
  await session.operator.close()
  await session.agent.close()
})

const open = async (): Promise<TurnClient> => {
  const client = await TurnClient.open(relay.url)
  clients.push(client)
  return client
}
const first = ({ credentials }: Paths): TurnCredential => credentials[0] ?? { username: '', password: '' }
/** Time goes on as far as this, and nobody's connection is taken for dead. */
const pass = async (ms: number) => {
  for (let left = ms; left > 0; left -= 20_000) {
    clock.advance(Math.min(left, 20_000))
    await Promise.all([session.agent.beat(), session.operator.beat()])
  }
}
/** The two ends, each allocated and permitted to hear the other. */
const pair = async () => {
  const [device, app] = [await open(), await open()]
  const [ofDevice, ofApp] = [await device.relayed(first(agent)), await app.relayed(first(operator))]
  expect([await device.permit(ofApp), await app.permit(ofDevice)]).toEqual([0, 0])
  return { device, app, ofDevice, ofApp }
}

describe('TURN on the relay’s port', () => {
  it('carries packets between the two ends of a session, by indication and by channel, beside HTTP', async () => {
    const { device, app, ofDevice, ofApp } = await pair()
    device.send(ofApp, 'to the app')
    expect(await app.data('to the app')).toEqual({ from: ofDevice, data: 'to the app' })
    expect(await app.bind(0x4000, ofDevice)).toBe(0)
    device.send(ofApp, 'to its channel')
    expect(await app.data('to its channel')).toEqual({ from: 0x4000, data: 'to its channel' })
    app.sendOn(0x4000, 'back')
    expect(await device.data('back')).toEqual({ from: ofApp, data: 'back' })
    expect((await relay.call('GET', '/healthz')).status).toBe(200)
  })

  it('is understood however it is cut into packets', async () => {
    const client = await open()
    const head = { method: METHOD.allocate, class: CLASS.request, transactionId: randomBytes(12) }
    client.socket.setNoDelay(true)
    for (const byte of encodeMessage(head, [UDP_TRANSPORT])) client.socket.write(Buffer.of(byte))
    expect(await client.allocate(first(agent))).toBe(0)
  })

  it('gives each end new credentials before the old ones run out, and those that came first go on', async () => {
    const { device, app, ofApp } = await pair()
    await pass(TURN_RENEW_MS)
    const isNewer = ({ paths }: { paths: Paths }) => first(paths).username !== first(agent).username
    await session.agent.request({ type: 'session.lease-request', sessionId: session.id, nonce: makeNonce() })
    const newer = (await session.agent.waitFor('session.paths', isNewer)).paths
    expect(await (await open()).allocate(first(newer))).toBe(0)
    device.send(ofApp, 'still there')
    await app.data('still there')
  })
})

describe('A118 who may not', () => {
  it('a credential that is expired, tampered with, of nobody or of the session that ended is refused', async () => {
    const { username, password } = first(agent)
    const other = first(operator)
    const wrong: TurnCredential[] = [
      { username, password: `${password.slice(0, -1)}${password.endsWith('A') ? 'B' : 'A'}` },
      { username, password: other.password },
      { username: 'somebody-else-entirely', password },
      { username: '', password: '' },
    ]
    for (const credential of wrong) expect(await (await open()).allocate(credential)).toBe(401)
    await pass(TURN_CREDENTIAL_TTL_MS)
    expect(await (await open()).allocate(first(agent))).toBe(401)
  })

  it('what was signed for one connection is worth nothing on another', async () => {
    const [one, another] = [await open(), await open()]
    await one.challenge(first(agent))
    another.signLike(one)
    expect(await another.ask(METHOD.allocate, [UDP_TRANSPORT])).toBe(438)
    expect(await one.ask(METHOD.allocate, [UDP_TRANSPORT])).toBe(0)
  })

  it('the end of a session is the end of what it allocated, and of its credentials', async () => {
    const { device, app } = await pair()
    await session.operator.request({ type: 'session.end', sessionId: session.id })
    await session.say({ type: 'torn-down' })
    await Promise.all([device.closed, app.closed])
    expect(await (await open()).allocate(first(agent))).toBe(401)
  })

  it('a device that doesn’t end a session can’t keep its way through the relay', async () => {
    const { device, app } = await pair()
    await session.operator.request({ type: 'session.end', sessionId: session.id })
    clock.advance(1_500)
    await Promise.all([device.closed, app.closed])
  })

  it('nobody reaches another session, nor another end of their own side', async () => {
    const { device, ofDevice } = await pair()
    const stranger = await TestSession.connect(relay)
    await stranger.activate()
    const its = first((await stranger.operator.waitFor('session.paths')).paths)
    const outside = await open()
    const theirs = await outside.relayed(its)
    await outside.permit({ ...ofDevice, ip: theirs.ip })
    outside.send(ofDevice, 'from outside')
    outside.send({ ...ofDevice, ip: theirs.ip }, 'from outside')
    const sibling = await open()
    await sibling.relayed(agent.credentials[1] ?? first(agent))
    await sibling.permit(ofDevice)
    sibling.send(ofDevice, 'from beside')
    // Both have been read by now: what each asked for after it is answered.
    await Promise.all([outside.ask(METHOD.refresh, []), sibling.ask(METHOD.refresh, [])])
    expect(device.received).toEqual([])
    await stranger.operator.close()
    await stranger.agent.close()
  })
})

describe('A117 no address but the session’s own', () => {
  it('a permission or a channel to any other is forbidden: private, loopback, link-local or of the world', async () => {
    const client = await open()
    await client.relayed(first(agent))
    for (const ip of ['127.0.0.1', '10.0.0.1', '192.168.1.1', '169.254.169.254', '0.0.0.0', '8.8.8.8']) {
      expect(await client.permit({ ip, port: 80 })).toBe(403)
      expect(await client.bind(0x4001, { ip, port: 80 })).toBe(403)
    }
  })
})

describe('A119 more than a share', () => {
  it('the fifth allocation of a credential is refused, and another’s is not', async () => {
    for (let count = 0; count < TURN_ALLOCATIONS_PER_CREDENTIAL; count++)
      expect(await (await open()).allocate(first(agent))).toBe(0)
    expect(await (await open()).allocate(first(agent))).toBe(486)
    expect(await (await open()).allocate(first(operator))).toBe(0)
    await clients[0]?.close()
    await expect.poll(async () => (await open()).allocate(first(agent)), { timeout: 10_000 }).toBe(0)
  })

  it('a connection allocates once', async () => {
    const client = await open()
    await client.relayed(first(agent))
    expect(await client.ask(METHOD.allocate, [UDP_TRANSPORT])).toBe(437)
  })

  it('who sends more than their share isn’t read until time has passed; others are', async () => {
    const { device, app, ofApp } = await pair()
    expect(await device.bind(0x4000, ofApp)).toBe(0)
    const packet = Buffer.alloc(4_000)
    for (let sent = 0; sent < 9 * 1024 * 1024; sent += packet.length) device.sendOn(0x4000, packet)
    device.sendOn(0x4000, 'the last')
    expect(await app.ask(METHOD.refresh, [])).toBe(0)
    expect((await relay.call('GET', '/healthz')).status).toBe(200)
    const isThere = async () => {
      await app.ask(METHOD.refresh, [])
      return app.received.some(({ data }) => data === 'the last')
    }
    expect(await isThere()).toBe(false)
    const isThereLater = () => {
      clock.advance(100)
      device.sendOn(0x4000, 'the last')
      return isThere()
    }
    await expect.poll(isThereLater, { timeout: 20_000 }).toBe(true)
  })
})

describe('A120 what is off', () => {
  it('without a credential there is the question for one and nothing else', async () => {
    const client = await open()
    for (const method of [METHOD.binding, METHOD.allocate, METHOD.refresh, METHOD.createPermission, METHOD.channelBind])
      expect(await client.ask(method, [])).toBe(401)
  })

  it('an address can’t be learnt, and no answer is longer than it has to be: nobody can be flooded by it', async () => {
    const client = await open()
    await client.challenge(first(agent))
    expect(await client.ask(METHOD.binding, [])).toBe(400)
    const probe = await (await open()).request(METHOD.binding, [])
    expect(probe.attributes.has(ATTRIBUTE.xorMappedAddress)).toBe(false)
    expect(probe.bytes.length).toBeLessThan(120)
  })

  it('TCP to a peer (RFC 6062) is refused, its connections are too, and so are IPv6 and reservations', async () => {
    const tcp = uint32(ATTRIBUTE.requestedTransport, 6 * 2 ** 24)
    expect(await (await open()).allocate(first(agent), [tcp])).toBe(442)
    const client = await open()
    await client.relayed(first(agent))
    for (const method of [0x00a, 0x00b, 0x00c]) expect(await client.ask(method, [])).toBe(400)
    const ipv6 = uint32(ATTRIBUTE.requestedAddressFamily, 2 * 2 ** 24)
    expect(await (await open()).allocate(first(agent), [UDP_TRANSPORT, ipv6])).toBe(440)
    const even = [ATTRIBUTE.evenPort, Buffer.of(0x80)] as const
    expect(await (await open()).allocate(first(agent), [UDP_TRANSPORT, even])).toBe(508)
    expect(await (await open()).allocate(first(agent), [UDP_TRANSPORT, uint32(0x7fff, 1)])).toBe(420)
  })
})

describe('A123 noise', () => {
  it('whatever comes, the relay goes on and closes what isn’t TURN', async () => {
    const random = seededRandom(116)
    const byte = () => Math.floor(random() * 256)
    const { device, app, ofApp } = await pair()
    const right = encodeMessage({ method: METHOD.allocate, class: CLASS.request, transactionId: randomBytes(12) }, [
      UDP_TRANSPORT,
      text(ATTRIBUTE.username, first(agent).username),
    ])
    for (let run = 0; run < 60; run++) {
      const client = await TurnClient.open(relay.url)
      const noise = Buffer.from(right)
      for (let change = 0; change < 4; change++) noise[Math.floor(random() * noise.length)] = byte()
      noise[0] = byte() & 3
      client.socket.end(Buffer.concat([noise, Buffer.from(Array.from({ length: byte() }, byte))]))
      await client.closed
    }
    device.send(ofApp, 'unharmed')
    await app.data('unharmed')
  })

  it('A123 a frame that is too large, and a connection that says nothing right in time, are closed', async () => {
    const large = await open()
    large.socket.write(Buffer.from([0, 3, 0xff, 0xfc]))
    await large.closed
    const idle = await open()
    expect(await idle.ask(METHOD.allocate, [])).toBe(401)
    clock.advance(10_000)
    await idle.closed
  })
})
