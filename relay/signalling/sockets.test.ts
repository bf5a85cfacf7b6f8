import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { signProof } from '#protocol/proof.ts'
import { makeTestKey } from '#testing/keys.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { TestRelay } from '#testing/relay.ts'
import { TestSession } from '#testing/relay-session.ts'
import { waitFor } from '#testing/wait-for.ts'

let clock: ManualClock
let relay: TestRelay
let token: string
beforeEach(async () => {
  clock = new ManualClock()
  relay = await TestRelay.start({ clock, httpTimeouts: { headersMs: 300, requestMs: 400, checkMs: 50 } })
  token = await relay.signIn()
})
afterEach(() => relay.close())

const PATHS = ['/v1/operator/socket', '/v1/agent/socket']

/** The status of an upgrade: 101 when it was accepted. */
function upgrade(path: string, headers: Record<string, string> = {}): Promise<number> {
  const socket = new WebSocket(relay.socketUrl(path), { headers })
  return new Promise((resolve, reject) => {
    socket.once('open', () => {
      socket.terminate()
      resolve(101)
    })
    socket.once('unexpected-response', (_request, response) => {
      socket.terminate()
      resolve(response.statusCode ?? 0)
    })
    socket.on('error', reject)
  })
}

/** A plain TCP connection to the relay, and what it answers until it closes. */
function raw(text: string): { socket: Socket; answer: Promise<string> } {
  const { hostname, port } = new URL(relay.url)
  const socket = connect(Number(port), hostname)
  let received = ''
  socket.on('data', data => {
    received += data
  })
  socket.on('error', () => socket.destroy())
  socket.write(text)
  return { socket, answer: new Promise(resolve => socket.once('close', () => resolve(received))) }
}

const isUp = async () => (await relay.call('GET', '/healthz')).status === 200

describe('the upgrade', () => {
  it('A28 takes an operator with a bearer header only; a token in the address is refused, valid or not', async () => {
    const authorization = `Bearer ${token}`
    expect(await upgrade('/v1/operator/socket', { authorization })).toBe(101)
    expect(await upgrade('/v1/operator/socket')).toBe(401)
    expect(await upgrade(`/v1/operator/socket?token=${token}`)).toBe(401)
    expect(await upgrade(`/v1/operator/socket?access_token=${token}`, { authorization })).toBe(401)
    expect(await upgrade('/v1/operator/socket', { authorization: `Bearer ${'x'.repeat(32)}` })).toBe(401)
    expect(await upgrade('/v1/operator/socket', { cookie: `token=${token}` })).toBe(401)
  })

  it('A28 refuses a sign-in that has ended', async () => {
    clock.advance(61 * 60_000)
    expect(await upgrade('/v1/operator/socket', { authorization: `Bearer ${token}` })).toBe(401)
  })

  it.each(PATHS)('A29 refuses every Origin on %s', async path => {
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1', relay.url, 'https://sub.example.org', ''])
      expect(await upgrade(path, { origin, authorization: `Bearer ${token}` })).toBe(403)
  })

  it('A143 admits three hundred new sockets a second and tells the rest when to come again; meanwhile people sign in', async () => {
    const rush = async (count: number) => {
      const statuses: number[] = []
      for (let left = count; left > 0; left -= 50)
        statuses.push(...(await Promise.all(Array.from({ length: Math.min(50, left) }, () => upgrade(PATHS[1] ?? '')))))
      return statuses
    }
    const first = await rush(350)
    expect([first.filter(status => status === 101).length, first.filter(status => status === 503).length]).toEqual([
      300, 50,
    ])
    const { hostname, port } = new URL(relay.url)
    const head = `GET ${PATHS[1]} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n`
    const key = `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`
    expect(await raw(`${head}${key}`).answer).toMatch(/^HTTP\/1\.1 503 .*\r\nRetry-After: 2\r\n/)
    await relay.signIn()
    clock.advance(500)
    const second = await rush(160)
    expect(second.filter(status => status === 101)).toHaveLength(150)
  })

  it('A44 answers 404 on every other path', async () => {
    for (const path of [
      '/',
      '/v1/agent/socket/',
      '/v1/operator',
      '/socket.io/?EIO=4',
      '/v1/agent/../agent/socket/x',
      '/healthz',
    ])
      expect(await upgrade(path, { authorization: `Bearer ${token}` })).toBe(404)
  })

  it('A44 refuses HTTP/1.0 and header blocks of 100 KB', async () => {
    const head = 'Host: relay\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n'
    const key = `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n`
    expect(await raw(`GET /v1/agent/socket HTTP/1.0\r\n${head}${key}\r\n`).answer).toMatch(/^HTTP\/1\.1 426 /)
    expect(await raw(`GET /healthz HTTP/1.1\r\nHost: relay\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`).answer).toMatch(
      /^HTTP\/1\.1 431 /,
    )
    expect(await isUp()).toBe(true)
  })

  it('A44 slow headers and bodies are cut off, too many of them at once refused, and the API stays up', async () => {
    const slow = Array.from({ length: 300 }, (_, index) =>
      raw(
        index % 2
          ? 'GET /healthz HTTP/1.1\r\nHost: re'
          : 'POST /v1/sign-in HTTP/1.1\r\nHost: relay\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{',
      ),
    )
    await Promise.all(slow.map(({ answer }) => answer))
    expect(await isUp()).toBe(true)
  })
})

describe('a frame', () => {
  const operator = () => relay.openOperatorSocket(token)

  it.each([
    ['is not JSON', 'hello', 1007],
    ['is empty', '', 1007],
    [
      'is nested 10,000 deep',
      `{"type":"session.end","id":1,"sessionId":${'['.repeat(7_000)}${']'.repeat(7_000)}}`,
      1007,
    ],
    ['has a number beyond every number', '{"type":"session.end","id":1e400,"sessionId":"x"}', 1007],
    ['is of an unknown type', '{"type":"constructor","id":1}', 1007],
    ['is longer than 16 KiB and no signal', `{"type":"session.end","id":1,"sessionId":"${'x'.repeat(17_000)}"}`, 1009],
    ['is longer than 64 KiB', 'x'.repeat(64 * 1024 + 1), 1009],
  ])('A31 A32 that %s closes its own socket', async (_name, text, code) => {
    const socket = await operator()
    socket.socket.send(text)
    expect(await socket.closed).toBe(code)
    expect(await isUp()).toBe(true)
  })

  it('A32 with prototype members changes no prototype', async () => {
    const socket = await operator()
    const id = `ses_${'0'.repeat(26)}`
    socket.socket.send(
      `{"__proto__":{"x":1},"constructor":{"prototype":{"x":1}},"type":"session.end","id":1,"sessionId":"${id}"}`,
    )
    await socket.beat()
    expect('x' in {}).toBe(false)
    expect(socket.socket.readyState).toBe(WebSocket.OPEN)
  })

  it('A31 that is binary closes with 1003', async () => {
    const socket = await operator()
    socket.socket.send(randomBytes(10))
    expect(await socket.closed).toBe(1003)
  })

  it.each([
    ['bad UTF-8', [0x81, 0x82, 0, 0, 0, 0, 0xff, 0xfe], 1007],
    ['a reserved bit', [0xc1, 0x80, 0, 0, 0, 0], 1002],
    ['no mask', [0x81, 0x01, 0x61], 1002],
    ['a declared length of 100 MB', [0x81, 0xff, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0], 1009],
  ])('A31 with %s closes its own socket', async (_name, bytes, code) => {
    const socket = await relay.openStrangerSocket()
    await socket.waitFor('hello')
    Reflect.get(socket.socket, '_socket').write(Buffer.from(bytes))
    expect(await socket.closed).toBe(code)
    expect(await isUp()).toBe(true)
  })

  it('A31 of endless fragments is given up', async () => {
    const socket = await relay.openStrangerSocket()
    await socket.waitFor('hello')
    const empty = [0x00, 0x80, 0, 0, 0, 0]
    Reflect.get(socket.socket, '_socket').write(Buffer.from([0x01, 0x80, 0, 0, 0, 0, ...Array(300).fill(empty).flat()]))
    expect(await socket.closed).toBe(1008)
  })

  it('A31 A35 a million empty frames end with the first', async () => {
    const socket = await relay.openStrangerSocket()
    await socket.waitFor('hello')
    Reflect.get(socket.socket, '_socket').write(Buffer.alloc(6_000_000, Buffer.from([0x81, 0x80, 0, 0, 0, 0])))
    expect([1006, 1007]).toContain(await socket.closed)
    expect(await isUp()).toBe(true)
  })
})

describe('a socket', () => {
  const END = `{"type":"session.end","id":1,"sessionId":"ses_${'0'.repeat(26)}"}`

  it('A35 that floods is closed with 4429 while another goes on', async () => {
    const flooding = await TestSession.connect(relay)
    await flooding.grant()
    for (let sent = 0; sent < 1_000; sent++) flooding.operator.socket.send(END.replace(/ses_\w+/, flooding.id))
    expect(await flooding.operator.closed).toBe(4429)
    const other = await relay.openOperatorSocket(token)
    await other.beat()
  })

  it('A35 that is a little too fast is only read more slowly', async () => {
    const session = await TestSession.connect(relay)
    await session.grant()
    await session.join()
    const signal = {
      type: 'session.signal' as const,
      sessionId: session.id,
      signal: { kind: 'offer' as const, sdp: 'v=0' },
    }
    const first = Array.from({ length: 70 }, () => session.operator.request(signal))
    await Promise.all(first)
    const paused = session.operator.request(signal)
    clock.advance(1_000)
    await paused
  })

  it('A35 of an operator goes on for other sessions, and to the end of this one, while a device answers nothing', async () => {
    const [mute, other] = [await TestSession.connect(relay), await TestSession.connect(relay)]
    other.operator = mute.operator
    for (const session of [mute, other]) await session.grant()
    mute.agent.socket.pause()
    const joining = mute.join(await mute.pass())
    await other.join()
    await mute.operator.request({ type: 'session.end', sessionId: mute.id })
    expect((await mute.state('ending')).state).toMatchObject({ reason: 'operator-ended' })
    mute.agent.socket.resume()
    await joining
  })

  it('A43 that reads nothing is closed when 8 MiB wait for it, and who sent them is not held up', async () => {
    const session = await TestSession.connect(relay)
    await session.activate()
    session.operator.socket.pause()
    const signal = { kind: 'offer' as const, sdp: 'x'.repeat(60 * 1024) }
    const message = { type: 'session.signal' as const, sessionId: session.id, signal }
    const isConnected = async () => String((await relay.call('GET', '/metrics')).body).includes('operators_connected 1')
    expect(await isConnected()).toBe(true)
    // What the kernel's buffers take comes first. All of it is sent before the 60 s after which a silent socket is dead anyway.
    for (let second = 0; second < 50 && (await isConnected()); second++) {
      await Promise.all(Array.from({ length: 20 }, () => session.agent.request(message)))
      clock.advance(1_000)
    }
    expect(await isConnected()).toBe(false)
    session.operator.socket.resume()
    expect(await session.operator.closed).toBe(1006)
  })

  it('A43 is one of eight of its person: the oldest go, also when they don’t answer the close', async () => {
    const sockets = []
    for (let opened = 0; opened < 12; opened++) {
      const opening = await relay.openOperatorSocket(token)
      opening.socket.pause()
      sockets.push(opening)
    }
    clock.advance(5_000)
    for (const { socket } of sockets) socket.resume()
    await Promise.all(sockets.slice(0, 4).map(({ closed }) => closed))
    await Promise.all(sockets.slice(4).map(socket => socket.beat()))
  })

  it('A155 that says nothing to a ping for 60 s is dead', async () => {
    const silent = await relay.openStrangerSocket()
    const device = await relay.enrol(await relay.mintEnrolmentToken(token))
    await silent.request(await relay.agentHello(silent, device))
    silent.socket.pause()
    const operator = await relay.openOperatorSocket(token)
    for (let step = 0; step < 3; step++) {
      clock.advance(20_000)
      await operator.beat()
    }
    await operator.waitFor('device.changed', ({ device: { online } }) => !online)
  })

  it('of an operator is closed when the sign-in ends by itself', async () => {
    const socket = await relay.openOperatorSocket(token)
    const startedAtMs = clock.nowMs()
    while (socket.socket.readyState === WebSocket.OPEN) {
      clock.advance(20_000)
      await Promise.race([socket.beat(), socket.closed])
    }
    expect(clock.nowMs() - startedAtMs).toBeGreaterThanOrEqual(60 * 60_000)
    expect(await socket.closed).toBe(4401)
  })

  it('is closed with 1001 when the relay stops', async () => {
    const sockets = [await relay.openOperatorSocket(token), await relay.openStrangerSocket()]
    await relay.close()
    expect(await Promise.all(sockets.map(({ closed }) => closed))).toEqual([1001, 1001])
  })
})

describe('a device', () => {
  const enrolled = async () => relay.enrol(await relay.mintEnrolmentToken(token))

  it('has 5 s to say hello', async () => {
    const socket = await relay.openStrangerSocket()
    clock.advance(5_000)
    expect(await socket.closed).toBe(4408)
  })

  it('can say nothing else first', async () => {
    const socket = await relay.openStrangerSocket()
    const event = {
      type: 'session.event' as const,
      sessionId: `ses_${'0'.repeat(26)}`,
      event: { type: 'torn-down' as const },
    }
    await expect(socket.request(event)).rejects.toThrow()
    expect(await socket.closed).toBe(4401)
  })

  it('A7 needs its own key, over the nonce of this very connection', async () => {
    const device = await enrolled()
    const other = await enrolled()
    const first = await relay.openStrangerSocket()
    const hello = await relay.agentHello(first, device)
    const replayed = await relay.openStrangerSocket()
    await expect(replayed.request(hello)).rejects.toThrow()
    expect(await replayed.closed).toBe(4401)
    for (const bad of [
      await relay.agentHello(first, { ...device, key: await makeTestKey() }),
      { ...hello, deviceId: other.deviceId },
      { ...hello, deviceId: `dev_${'0'.repeat(26)}` },
      {
        ...hello,
        proof: await signProof(
          'enrol',
          { tokenHash: 'A'.repeat(43), key: device.key.publicKey },
          device.key.privateKey,
          device.key.publicKey,
        ),
      },
    ]) {
      const socket = await relay.openStrangerSocket()
      await expect(socket.request(bad)).rejects.toThrow()
      expect(await socket.closed).toBe(4401)
    }
    await first.request(hello)
  })

  it('of another protocol is told so', async () => {
    const socket = await relay.openStrangerSocket()
    const hello = await relay.agentHello(socket, await enrolled())
    await expect(socket.request({ ...hello, protocolVersion: 2 })).rejects.toThrow()
    expect(await socket.closed).toBe(1002)
  })

  it('A41 that proves its key a second time replaces an older socket that answers no more; one that fails to does not', async () => {
    const device = await enrolled()
    const older = await relay.openAgentSocket(device)
    const liar = await relay.openStrangerSocket()
    await expect(liar.request(await relay.agentHello(liar, { ...device, key: await makeTestKey() }))).rejects.toThrow()
    await older.beat()
    // As when its network is gone.
    older.socket.pause()
    let isIn = false
    const newer = relay.openAgentSocket(device).then(() => {
      isIn = true
    })
    await waitFor('the newer one to be in', () => {
      clock.advance(100)
      return isIn
    })
    await newer
    older.socket.resume()
    expect(await older.closed).toBe(4409)
    const { body } = await relay.call('GET', '/v1/devices', { token })
    expect(body).toMatchObject({ devices: [{ online: true }] })
  })
})
