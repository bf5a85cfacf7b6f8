import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { meReplySchema } from '#protocol/http.ts'
import { agentCommand, startTestAgent, type TestAgent } from '#testing/agent.ts'
import { makeCertificate } from '#testing/certificate.ts'
import { isOutsideLoopback, listenersOf, portsOf } from '#testing/listeners.ts'
import { TestPolicy } from '#testing/policy.ts'
import { processTree } from '#testing/process-tree.ts'
import { type Program, startProgram } from '#testing/program.ts'
import { TestRelay } from '#testing/relay.ts'
import { sourceProgram } from '#testing/source-program.ts'
import { UnattendedOperator } from '#testing/unattended-operator.ts'
import { waitFor } from '#testing/wait-for.ts'
import { requestRelay } from '../src/main/relay-client/http.ts'
import { OperatorSocket } from '../src/main/relay-client/operator-socket.ts'
import { goThroughProxy } from '../src/main/relay-client/proxy.ts'
import { openTurnWay } from './turn-way.ts'

const USER = 'kiosk:p:ss w%rd'
const WANTS = 'the proxy wants a name and a password'
const authorities = getCACertificates('default')
let folder: string
let certFile: string
let relay: TestRelay
let token: string
let proxy: Program<number>
let agent: TestAgent | undefined

const proxyUrl = (user = USER) => {
  const [name = '', ...password] = user.split(':')
  return `http://${name}:${encodeURIComponent(password.join(':'))}@127.0.0.1:${proxy.ready}`
}
const startAgent = async (proxyAddress: string) => {
  const stateDir = join(folder, `state-${Math.trunc(performance.now())}`)
  const enrolmentToken = await relay.mintEnrolmentToken(token)
  const environment = { HANDHOLD_AGENT_PROXY: proxyAddress, NODE_EXTRA_CA_CERTS: certFile, XDG_RUNTIME_DIR: folder }
  return { relayUrl: relay.url, stateDir, enrolmentToken, environment }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handhold-proxy-'))
  const tls = makeCertificate(folder, 'localhost', { isForBrowsers: true })
  certFile = tls.certFile
  setDefaultCACertificates([...authorities, readFileSync(certFile, 'utf8')])
  relay = await TestRelay.start({ config: { tls } })
  token = await relay.signIn()
  const policy = new TestPolicy(relay, token)
  await policy.set(await policy.rootId(), { unattended: true })
  const [command = '', ...args] = sourceProgram(new URL('../testing/connect-proxy.ts', import.meta.url))
  const ready = (line: string) => (line.startsWith('port ') ? Number(line.slice(5)) : undefined)
  proxy = await startProgram({ name: 'proxy', command, args: [...args, USER], ready })
})
afterEach(async () => {
  await agent?.stop()
  agent = undefined
})
afterAll(async () => {
  setDefaultCACertificates(authorities)
  await proxy.stop()
  await relay.close()
  await rm(folder, { recursive: true, force: true })
})

describe('a device in a network that lets nothing but an HTTP proxy with a password through', () => {
  it('A122 has one connection when it is idle, to the proxy, and a session whose every connection goes there', async () => {
    agent = await startTestAgent(await startAgent(proxyUrl()))
    await agent.line('the relay is connected')
    const { device } = JSON.parse(await agent.line('"agent started"')) as { device: string }
    const service = agent.program.pid
    expect(portsOf(service)).toEqual([proxy.ready])
    const operator = await UnattendedOperator.ask(relay, token, { deviceId: device })
    await operator.enter(await operator.withPassword(await operator.password()))
    // There is no display here; that the device can say so is the connection.
    await operator.peer.message('control', message => JSON.stringify(message).includes('"unavailable"'))
    const tree = processTree(service).map(({ pid }) => pid)
    const relayPort = Number(new URL(relay.url).port)
    expect(tree.flatMap(portsOf)).not.toContain(relayPort)
    expect(tree.flatMap(portsOf).filter(port => port === proxy.ready).length).toBeGreaterThan(1)
    expect(listenersOf(tree).filter(isOutsideLoopback)).toEqual([])
    // The password of the proxy is in no place that others can read.
    for (const pid of tree)
      for (const name of ['cmdline', 'environ'])
        if (pid !== service || name === 'cmdline')
          expect(readFileSync(`/proc/${pid}/${name}`, 'latin1')).not.toContain(encodeURIComponent('p:ss w%rd'))
    await operator.end()
    await operator.reached('closed')
    await operator.close()
    await waitFor('its way to be gone', () => listenersOf(processTree(service).map(({ pid }) => pid)).length === 0)
    expect(agent.lines.join('\n')).not.toContain('ss w')
  })

  it('A122 says what to do where the proxy doesn’t know its password', async () => {
    const options = await startAgent(proxyUrl('kiosk:wrong'))
    const lines: string[] = []
    const program = await startProgram({
      name: 'agent',
      ...agentCommand(options),
      ready: line => (lines.push(line) && line.includes('not enrolled yet') ? line : undefined),
    })
    expect(program.ready).toContain(WANTS)
    expect(lines.join('\n')).not.toContain('wrong')
    await program.stop()
  })
})

describe('the operator’s app behind such a proxy', () => {
  let restore: () => void = () => undefined
  afterEach(() => restore())

  it('A122 asks the relay and hears of it through the proxy', async () => {
    restore = goThroughProxy(proxyUrl())
    const ask = { method: 'GET', path: '/v1/me', token, reply: meReplySchema } as const
    await expect(requestRelay(relay.url, ask)).resolves.toBeTruthy()
    const states: string[] = []
    const socket = new OperatorSocket({
      ...{ origin: relay.url, token, onMessage: () => undefined, onUnauthenticated: () => undefined },
      onState: ({ name }) => void states.push(name),
    })
    await waitFor('it to be online', () => states.includes('online'))
    expect(portsOf(process.pid)).toContain(proxy.ready)
    socket.close()
    restore()
    restore = goThroughProxy(proxyUrl('kiosk:wrong'))
    await expect(requestRelay(relay.url, ask)).rejects.toThrow('proxy wants a name and a password')
  })

  it('A122 leads its window’s TURN there by a port of this machine, and says why it can’t', async () => {
    const problems: string[] = []
    const onProblem = (why: string) => void problems.push(why)
    const way = await openTurnWay({ relayUrl: relay.url, proxy: proxyUrl(), onProblem })
    const client = connect(way.port, '127.0.0.1', () => client.write('GET /v1/health HTTP/1.1\r\nhost: x\r\n\r\n'))
    const [answer] = (await once(client, 'data')) as [Buffer]
    expect(String(answer)).toMatch(/^HTTP\/1\.1 /)
    way.close()
    await once(client, 'close')
    const wrong = await openTurnWay({ relayUrl: relay.url, proxy: proxyUrl('kiosk:wrong'), onProblem })
    await once(connect(wrong.port, '127.0.0.1').resume(), 'close')
    expect(problems.join()).toContain(WANTS)
    wrong.close()
  })
})
