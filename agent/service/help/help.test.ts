import { execFile, spawn } from 'node:child_process'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { HelpNews } from '#protocol/help/wire.ts'
import type { AgentToRelay } from '#protocol/wire/agent.ts'
import { startTestAgent, type TestAgent } from '#testing/agent.ts'
import { type StandInRelay, startStandInRelay } from '#testing/stand-in-relay.ts'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))
const OPERATOR = { id: 'operator-1', name: 'Ada Brandt', email: 'ada@riverside.example' }
const CODE = { news: 'code', code: '012345678', forMs: 600_000 } as const

let relay: StandInRelay
let agent: TestAgent
let stateDir: string
beforeEach(async () => {
  relay = await startStandInRelay()
  stateDir = await mkdtemp(join(tmpdir(), 'handhold-help-'))
  agent = await startTestAgent({ relayUrl: relay.url, enrolmentToken: 'token-1', stateDir, consent: 'decline' })
  await relay.online()
})
afterEach(async () => {
  await agent.stop()
  await relay.close()
  await rm(stateDir, { recursive: true, force: true })
})

/** The command as the person's shell runs it. */
function help(...args: string[]) {
  const env = {
    PATH: process.env.PATH,
    LANG: 'en',
    HANDHOLD_AGENT_RELAY_URL: relay.url,
    HANDHOLD_AGENT_STATE_DIR: stateDir,
  }
  const child = spawn(process.execPath, [main, 'help', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const lines: string[] = []
  const watchers = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', line => {
      lines.push(line)
      for (const watcher of watchers) watcher()
    })
  const exited = new Promise<number | null>(resolve => child.once('close', resolve))
  return {
    child,
    exited,
    line: (text: string) =>
      new Promise<void>((resolve, reject) => {
        const check = () => lines.some(line => line.includes(text)) && resolve()
        watchers.add(check)
        check()
        void exited.then(code => reject(new Error(`ended with ${code}: ${lines.join('\n')}`)))
      }),
    said: () => lines.join('\n'),
  }
}

type Asked = Extract<AgentToRelay, { type: 'help.ask' }>
const asked = (count = 1): Promise<Asked> =>
  relay.message((message): message is Asked => {
    const all = relay.messages.filter(({ type }) => type === 'help.ask')
    return message.type === 'help.ask' && all.length >= count && message === all[count - 1]
  })
const withdrawn = () =>
  relay.message(
    (message): message is Extract<AgentToRelay, { type: 'help.withdraw' }> => message.type === 'help.withdraw',
  )
const news = (given: HelpNews) => relay.send({ type: 'help.changed', help: given })

describe('handhold-agent help', () => {
  it('shows a code to read out, says who comes, and only their question then says that it was asked for', async () => {
    const command = help()
    expect((await asked()).wish).toEqual({ way: 'code', words: '', who: userInfo().username })
    await news(CODE)
    await command.line('012 345 678')
    await news({ news: 'taken', operator: OPERATOR })
    await command.line('Ada Brandt is coming')
    expect(await command.exited).toBe(0)
    // Nothing is left to withdraw.
    expect(relay.messages.filter(({ type }) => type === 'help.withdraw')).toEqual([])

    // How the last one ended is no answer to the next.
    const again = help()
    await asked(2)
    await news(CODE)
    await again.line('012 345 678')
    again.child.kill('SIGINT')
    await withdrawn()

    const other = await relay.request({ operator: { ...OPERATOR, id: 'operator-2', name: 'Mallory' } })
    await relay.event(other.sessionId, 'torn-down')
    const own = await relay.request()
    await relay.event(own.sessionId, 'torn-down')
    const told = agent.lines
      .filter(line => line.includes('helpAskedAtMs'))
      .map(line => /helpAskedAtMs\\?":(\w+)/.exec(line)?.[1])
    expect(told).toEqual(['null', expect.stringMatching(/^\d{13}$/)])
  })

  it('A62 nobody comes into a device by a code: without the person’s own yes there is no session', async () => {
    const command = help()
    await asked()
    await news(CODE)
    await news({ news: 'taken', operator: OPERATOR })
    await command.exited
    const { sessionId } = await relay.request()
    const { event } = await relay.event(sessionId, 'end')
    expect(event).toMatchObject({ reason: 'denied' })
  })

  it('waits in the queue with its words, and Ctrl-C takes it back', async () => {
    const command = help('--queue', 'The printer is\u202e stuck')
    expect((await asked()).wish).toMatchObject({ way: 'queue', words: 'The printer is stuck' })
    await news({ news: 'queued', ahead: 2, forMs: 60_000 })
    await command.line('2 people are before you')
    await news({ news: 'queued', ahead: 0, forMs: 60_000 })
    await command.line('You are next')
    command.child.kill('SIGINT')
    expect(await command.exited).toBe(0)
    await withdrawn()
  })

  it('A160 a command that dies withdraws what it asked for', async () => {
    const command = help()
    await asked()
    command.child.kill('SIGKILL')
    await withdrawn()
  })

  it('ends with 1 when nobody comes in time, when the relay is away, and when no agent runs', async () => {
    const late = help()
    await asked()
    await news({ ...CODE, forMs: 1 })
    await late.line('Nobody came in time')
    expect(await late.exited).toBe(1)
    await relay.close()
    await agent.line('the relay is not connected')
    const away = help()
    await away.line('there is no connection')
    expect(await away.exited).toBe(1)
    await agent.stop()
    const alone = help()
    expect(await alone.exited).toBe(1)
    expect(alone.said()).toContain('Handhold is not running')
  })

  it('A128 what a relay says of a wish that nobody has is left alone', async () => {
    await news(CODE)
    await news({ news: 'taken', operator: OPERATOR })
    const { sessionId } = await relay.request()
    await relay.event(sessionId, 'torn-down')
    expect(agent.lines.find(line => line.includes('helpAskedAtMs'))).toContain('null')
  })
})

describe('the socket of the person’s own programs', () => {
  const path = () => join(stateDir, 'help.sock')

  it('A88 is for one user, and hangs up on what isn’t in its contract and on what has no end', async () => {
    expect((await stat(path())).mode & 0o777).toBe(0o600)
    for (const sent of ['{"type":"help-ask","way":"code"}\n', 'no json\n', '{"type":"shell"}\n', 'x'.repeat(100_000)]) {
      const socket = connect(path())
      socket.on('error', () => undefined)
      // What isn't read keeps its end from being seen.
      socket.resume()
      socket.write(sent)
      await new Promise(resolve => socket.once('close', resolve))
    }
    expect(relay.messages.filter(({ type }) => type === 'help.ask')).toEqual([])
  })

  it.runIf(process.getuid?.() === 0)('A88 another user of the device can’t open it', async () => {
    const script = `require('node:net').connect(${JSON.stringify(path())}).on('error', e => console.log(e.code))`
    const denied = await new Promise(resolve => {
      execFile(process.execPath, ['-e', script], { uid: 65_534, gid: 65_534, cwd: '/' }, (_, stdout) =>
        resolve(stdout.trim()),
      )
    })
    expect(denied).toBe('EACCES')
  })
})
