import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CLOSE } from '#protocol/wire/envelope.ts'
import { agentCommand, startTestAgent, type TestAgent } from '#testing/agent.ts'
import { type StandInRelay, startStandInRelay } from '#testing/stand-in-relay.ts'

const TOKEN = 'enrolment-token-that-nobody-may-see'
let stateDir: string
let relay: StandInRelay
const agents: TestAgent[] = []

beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'handhold-agent-'))
  relay = await startStandInRelay()
})
afterEach(async () => {
  for (const agent of agents.splice(0)) await agent.stop()
  await relay.close()
  await rm(stateDir, { recursive: true })
})

async function startAgent(enrolmentToken: string | undefined = TOKEN): Promise<TestAgent> {
  const agent = await startTestAgent({
    relayUrl: relay.url,
    stateDir,
    ...(enrolmentToken === '' ? {} : { enrolmentToken }),
  })
  agents.push(agent)
  return agent
}

/** Runs an agent that is expected to end by itself. */
async function runAgent(environment: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const { command, args, env } = agentCommand({ relayUrl: relay.url, stateDir, environment })
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const [code, output, errors] = await Promise.all([
    new Promise<number | null>(resolve => child.once('exit', resolve)),
    text(child.stdout),
    text(child.stderr),
  ])
  return { code, output: output + errors }
}

describe('handhold-agent', () => {
  it('ends with 2 and says what is wrong with its configuration', async () => {
    const { code, output } = await runAgent({ HANDHOLD_AGENT_RELAY_URL: 'relay.example' })
    expect(code).toBe(2)
    expect(output).toContain('HANDHOLD_AGENT_RELAY_URL')
    expect(output).toContain('Example: https://relay.example.com')
  })

  it('enrols once, keeps its key to itself and never shows the token (A131)', async () => {
    const first = await startAgent()
    await relay.online()
    const path = join(stateDir, 'identity.json')
    const before = await readFile(path, 'utf8')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect((await stat(stateDir)).mode & 0o777).toBe(0o700)
    const environment = await readFile(`/proc/${first.program.pid}/cmdline`, 'utf8')
    await first.stop()
    const second = await startAgent('')
    expect(relay.enrolments).toBe(1)
    expect(await readFile(path, 'utf8')).toBe(before)
    const seen = [before, environment, ...first.lines, ...second.lines, JSON.stringify(relay.messages)].join('\n')
    expect(seen).not.toContain(TOKEN)
    const { d } = JSON.parse(before).key
    expect([...first.lines, ...second.lines, JSON.stringify(relay.messages)].join('\n')).not.toContain(d)
  })

  it('A133 makes a new key for another relay', async () => {
    await (await startAgent()).stop()
    const before = JSON.parse(await readFile(join(stateDir, 'identity.json'), 'utf8'))
    const other = await startStandInRelay()
    const agent = await startTestAgent({ relayUrl: other.url, stateDir, enrolmentToken: TOKEN })
    await agent.stop()
    await other.close()
    const after = JSON.parse(await readFile(join(stateDir, 'identity.json'), 'utf8'))
    expect(after.key.x).not.toBe(before.key.x)
  })

  it('A130 ends with 3 and the next step when the token is spent, or when there is none', async () => {
    relay.refuseEnrolment(403, 'enrolment-token-invalid')
    const spent = await runAgent({ HANDHOLD_AGENT_ENROLMENT_TOKEN: TOKEN })
    expect(spent.code).toBe(3)
    expect(spent.output).toContain('Ask an administrator for a new token')
    expect(spent.output).not.toContain(TOKEN)
    const none = await runAgent({})
    expect(none.code).toBe(3)
    expect(none.output).toContain('HANDHOLD_AGENT_ENROLMENT_TOKEN')
  })

  it('tries again while the relay is in trouble', async () => {
    relay.refuseEnrolment(503, 'internal', 1)
    await startAgent()
    await relay.online()
    expect(relay.enrolments).toBe(2)
  })

  it('A134 wipes its key and all that it kept, and ends with 4 when the device is removed', async () => {
    for (const name of ['denials.json', 'script-runs.json', 'notice.json'])
      await writeFile(join(stateDir, name), name === 'script-runs.json' ? '{"version":1,"runs":[]}' : '{}')
    await mkdir(join(stateDir, 'receipts'))
    const agent = await startAgent()
    await relay.online()
    relay.disconnect(CLOSE.removed)
    expect(await agent.program.exited).toBe(4)
    // What the person has of who was here is theirs.
    expect((await readdir(stateDir)).sort()).toEqual(['receipts', 'removed'])
    await agent.line('set a new enrolment token')
    const again = await runAgent({ HANDHOLD_AGENT_ENROLMENT_TOKEN: TOKEN })
    expect(again.code).toBe(3)
    expect(again.output).toContain('does not bring it back')
    expect(relay.enrolments).toBe(1)
  })

  it('A134 wipes nothing on the word of a connection that anybody could have answered', async () => {
    // The same relay by an address that isn't this machine's own name for itself, without TLS.
    const relayUrl = relay.url.replace('127.0.0.1', '0.0.0.0')
    const agent = await startTestAgent({ relayUrl, stateDir, enrolmentToken: TOKEN })
    agents.push(agent)
    await relay.online()
    relay.disconnect(CLOSE.removed)
    await agent.line('Nothing is wiped')
    expect(JSON.parse(await readFile(join(stateDir, 'identity.json'), 'utf8')).enrolment).not.toBeNull()
  })

  it('A133 counts its starts, so that an older copy of its state shows', async () => {
    await (await startAgent()).stop()
    await (await startAgent('')).stop()
    const boots = relay.messages.flatMap(message => (message.type === 'agent.hello' ? [message.boot] : []))
    expect(JSON.parse(await readFile(join(stateDir, 'boots.json'), 'utf8'))).toEqual({ count: 2 })
    expect(new Set(boots.map(({ id }) => id)).size).toBe(boots.length)
  })

  it('says what to do when the relay does not accept it, and does not hurry', async () => {
    const agent = await startAgent()
    await relay.online()
    relay.disconnect(CLOSE.unauthenticated)
    const { delayMs, level } = JSON.parse(await agent.line('does not accept this device'))
    expect(level).toBe(50)
    expect(delayMs).toBeGreaterThanOrEqual(60_000)
  })

  it('says by how much its clock and the relay’s differ', async () => {
    relay.clockOffsetMs = 180_000
    const agent = await startAgent()
    expect(await agent.line('The clock of this computer is')).toMatch(/is 1(79|80) s behind the relay’s/)
  })

  it('says which file is damaged', async () => {
    await writeFile(join(stateDir, 'identity.json'), '{')
    const { code, output } = await runAgent({})
    expect(code).toBe(1)
    expect(output).toContain('identity.json is damaged')
  })

  it('A125 gives its children a fixed environment', async () => {
    const agent = await startTestAgent({
      relayUrl: relay.url,
      stateDir,
      enrolmentToken: TOKEN,
      display: ':99',
      consent: 'wait',
      environment: {
        NODE_OPTIONS: '--no-warnings',
        NODE_PATH: '/tmp',
        SSLKEYLOGFILE: '/tmp/keys',
        HTTPS_PROXY: 'http://x',
      },
    })
    agents.push(agent)
    await relay.online()
    const { sessionId } = await relay.request()
    await relay.event(sessionId, 'consent-shown')
    const allowed =
      /^(PATH|DISPLAY|HOME|LANG|LC_ALL|TZ|XAUTHORITY|XDG_RUNTIME_DIR|DBUS_SESSION_BUS_ADDRESS|USER|LOGNAME|NODE_CHANNEL_\w+|MALLOC_ARENA_MAX|HANDHOLD_WINDOW_FOLDER)$/
    for (const pid of agent.children()) {
      const environment = (await readFile(`/proc/${pid}/environ`, 'utf8')).split('\0').filter(entry => entry !== '')
      expect(environment.map(entry => entry.split('=')[0]).filter(name => !allowed.test(name ?? ''))).toEqual([])
      expect(environment).toContain('DISPLAY=:99')
    }
  })
})
