import { type ChildProcess, execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { ConsentToService, ServiceToConsent } from '#protocol/consent.ts'
import type { SessionRequest } from '#protocol/wire/agent.ts'
import { type NestedDisplay, startNestedDisplay } from '#testing/nested-display.ts'
import { buildViews, type ViewFixture } from '#testing/view-fixture.ts'
import { startWindowManager } from '#testing/window-manager.ts'
import { zenityArguments } from './zenity-window.ts'

const run = promisify(execFile)
const program = fileURLToPath(new URL('../chromium.ts', import.meta.url))
const DISPLAY_SIZE = { width: 1280, height: 800 }
/** Of GTK's buttons: from the lower right corner of a window to the middle of the last one, and from one to the next. */
const LAST = { right: 50, bottom: 24 }
const STEP = 89

const request: SessionRequest = {
  sessionId: `ses_${'0'.repeat(26)}`,
  operator: { id: 'user_0001', name: 'Ada Example', email: 'ada@example.com' },
  organisation: { id: `org_${'0'.repeat(26)}`, name: 'Example IT' },
  reason: 'The printer does not print',
  ticket: null,
  scopes: ['view', 'control'],
  operatorKeyThumbprint: 'A'.repeat(43),
  consentTimeoutMs: 30_000,
  durationMs: 3_600_000,
  matchCommitment: null,
}
const ask = (change: Partial<SessionRequest> = {}): ServiceToConsent => ({
  ...{ type: 'ask', helpAskedAtMs: null, armDelayMs: 700, request: { ...request, ...change } },
})
const LIVE: ServiceToConsent = {
  ...{ type: 'banner', sinceMs: Date.now(), linkUp: true },
  ...{ scopes: ['view', 'control'], isPaused: false, isRecording: false, watchers: [] },
}

let display: NestedDisplay
let manager: Awaited<ReturnType<typeof startWindowManager>>
let views: ViewFixture
let service: ChildProcess
let messages: ConsentToService[]
let exited: Promise<number | null>

beforeAll(async () => {
  display = await startNestedDisplay(DISPLAY_SIZE)
  manager = await startWindowManager(display.name)
  views = await buildViews({ 'consent.html': '<!doctype html><title>x</title>' })
})
afterEach(async () => {
  if (service.exitCode === null) service.kill('SIGTERM')
  await exited
  await vi.waitFor(() => expect(zenities()).toEqual([]), { timeout: 20_000 })
})
afterAll(async () => {
  await views?.remove()
  await manager?.stop()
  await display?.stop()
})

/** The consent program on a machine without a browser. */
function start(change: NodeJS.ProcessEnv = {}): void {
  const env = {
    ...process.env,
    ...{ DISPLAY: display.name, LANG: 'en', LC_ALL: '', HANDHOLD_DIST: views.dist, HANDHOLD_CHROMIUM: '/nowhere' },
    ...change,
  }
  service = fork(program, { env, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
  messages = []
  service.on('message', message => messages.push(message as ConsentToService))
  exited = once(service, 'exit').then(([code]) => code as number | null)
}
const until = (type: ConsentToService['type']) =>
  vi.waitFor(() => expect(messages.map(message => message.type)).toContain(type), { timeout: 20_000, interval: 10 })
const zenities = () =>
  readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .filter(pid => commandOf(pid).startsWith('/usr/bin/zenity') && parentOf(pid) === service.pid)
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
const commandOf = (pid: number) => read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')
const parentOf = (pid: number) => Number(/^PPid:\s+(\d+)$/m.exec(read(`/proc/${pid}/status`))?.[1])
const tool = async (on: string, ...args: string[]) =>
  (await run('xdotool', args, { env: { ...process.env, DISPLAY: on } })).stdout.trim()

/** The one window that can be seen. */
const window = () =>
  vi.waitFor(
    async () => {
      const [id, more] = (await tool(display.name, 'search', '--onlyvisible', '--name', '^Handhold$')).split('\n')
      expect([id !== '', more]).toEqual([true, undefined])
      const text = await tool(display.name, 'getwindowgeometry', '--shell', id ?? '')
      const [x = 0, y = 0, width = 0, height = 0] = ['X', 'Y', 'WIDTH', 'HEIGHT'].map(key =>
        Number(new RegExp(`^${key}=(-?\\d+)$`, 'm').exec(text)?.[1]),
      )
      return { id: id ?? '', right: x + width, bottom: y + height, y }
    },
    { timeout: 20_000 },
  )
/** The button at this place, counted from the last one. `on` is whose hand it is. */
async function press(place: number, on = display.hand): Promise<void> {
  const { right, bottom } = await window()
  await tool(on, 'mousemove', `${right - LAST.right - place * STEP}`, `${bottom - LAST.bottom}`, 'click', '1')
}
/** Until the window has taken it: one that comes too early brings the same question up again. */
async function pressUntil(type: ConsentToService['type'], place: number): Promise<void> {
  await vi.waitFor(
    async () => {
      if (!messages.some(message => message.type === type)) await press(place)
      await vi.waitFor(() => expect(messages.map(message => message.type)).toContain(type), { timeout: 900 })
    },
    { timeout: 30_000 },
  )
}
async function live(): Promise<void> {
  start()
  service.send(ask())
  await until('shown')
  await pressUntil('answer', 0)
  service.send(LIVE)
  await until('place')
}

describe('the question where there is no browser', () => {
  it('A59 is answered by the person’s own hand, not by a program’s, and not before it could be read', async () => {
    start()
    service.send(ask())
    await until('shown')
    const [shown] = messages.filter(message => message.type === 'shown')
    expect(shown?.words?.text).toContain('Ada Example from Example IT wants to connect to this computer')
    expect(shown?.words?.text).toContain('This computer has no browser')
    const [first] = zenities()
    await press(0, display.name)
    // The window went with the press, and the same question is there again.
    await vi.waitFor(() => expect(zenities().filter(pid => pid !== first)).toHaveLength(1), { timeout: 20_000 })
    expect(messages.map(({ type }) => type)).toEqual(['ready', 'shown'])
    await pressUntil('answer', 0)
    expect(messages.at(-1)).toEqual({
      type: 'answer',
      answer: { accept: true, scopes: ['view', 'control'], number: null, language: 'en' },
    })
  })

  it('"No" is told before the program ends, and so is a number that means Yes', async () => {
    start()
    service.send(ask())
    await until('shown')
    await pressUntil('answer', 1)
    expect(messages.at(-1)).toEqual({ type: 'answer', answer: { accept: false } })
    expect(await exited).toBe(0)

    start()
    service.send({ type: 'numbers', choices: [27, 48, 81] })
    service.send(ask({ matchCommitment: 'A'.repeat(43) }))
    await until('shown')
    await pressUntil('answer', 1)
    expect(messages.at(-1)).toMatchObject({ answer: { accept: true, number: 48 } })
  })

  it('A110 shows what a stranger wrote as text', async () => {
    const hostile = '<b>x</b> &amp; \\n --no-cancel $(id) \u202e'
    start()
    service.send(ask({ reason: hostile, operator: { ...request.operator, name: 'A'.repeat(600) } }))
    await until('shown')
    const [shown] = messages.filter(message => message.type === 'shown')
    expect(shown?.words?.text).toContain('Why: <b>x</b> &amp; \\n --no-cancel $(id)\n')
    expect(zenityArguments({ text: '--x\n<i>', buttons: ['No'], width: 1 }).slice(2)).toEqual([
      ...['--no-markup', '--title=Handhold', '--width=1', '--text=--x\n<i>', '--extra-button=No'],
    ])
  })

  it('names a script, and why it is to run', async () => {
    start()
    service.send({ ...ask({ reason: 'The printer' }), script: 'Clear the queue' })
    await until('shown')
    const [shown] = messages.filter(message => message.type === 'shown')
    expect(shown?.words?.text).toContain('Script: Clear the queue\nWhy: The printer\n')
  })

  it('a question whose process is killed is an end without an answer', async () => {
    start()
    service.send(ask())
    await until('shown')
    process.kill(zenities()[0] ?? 0, 'SIGKILL')
    expect(await exited).toBe(0)
    expect(messages.map(({ type }) => type)).toEqual(['ready', 'shown'])
  })

  it('without zenity too, nobody can be asked, and why is said', async () => {
    start({ HANDHOLD_ZENITY: '/nowhere' })
    expect(await exited).toBe(1)
    expect(messages.at(-1)).toMatchObject({ type: 'failed', message: expect.stringContaining('HANDHOLD_CHROMIUM') })
  })
})

describe('the banner where there is no browser', () => {
  it('A67 stands at the upper edge, pauses and goes on, takes back, and ends', async () => {
    await live()
    expect((await window()).y).toBe(0)
    await pressUntil('pause', 2.4)
    expect(messages.at(-1)).toEqual({ type: 'pause', isPaused: true })
    service.send({ ...LIVE, isPaused: true } as ServiceToConsent)
    await vi.waitFor(() => expect(zenities().map(commandOf).join()).toContain('Paused'), { timeout: 20_000 })
    service.send({ ...LIVE, scopes: ['view'] } as ServiceToConsent)
    await vi.waitFor(() => expect(zenities().map(commandOf)).toEqual([expect.not.stringContaining('Take back')]), {
      timeout: 20_000,
    })
    await pressUntil('end', 0)
    service.send({ type: 'over', reason: 'user-ended' })
    expect(await exited).toBe(0)
  })

  it('more that is asked for is answered under the banner, for that alone', async () => {
    await live()
    messages = []
    service.send({ type: 'ask-further', scopes: ['shell'], timeoutMs: 30_000, armDelayMs: 700 })
    await until('shown')
    const [shown] = messages.filter(message => message.type === 'shown')
    expect(shown?.words?.text).toContain('asks for something more')
    // From the last one: End, Take back control, Pause, Yes, No.
    await pressUntil('answer', 4.55)
    expect(messages.at(-1)).toMatchObject({ answer: { accept: true, scopes: ['view', 'shell'] } })
    service.send({ type: 'further-over' })
    await vi.waitFor(() => expect(zenities().map(commandOf)).toEqual([expect.not.stringContaining('something more')]), {
      timeout: 20_000,
    })
    await pressUntil('end', 0)
  })

  it('A67 killed, it ends the session', async () => {
    await live()
    process.kill(zenities()[0] ?? 0, 'SIGKILL')
    await until('gone')
    expect(await exited).toBe(0)
  })

  it('goes with its service', async () => {
    await live()
    service.disconnect()
    expect(await exited).toBe(0)
  })
})
