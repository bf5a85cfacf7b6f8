import { type ChildProcess, execFile, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { ConsentToService, ServiceToConsent } from '#protocol/consent.ts'
import { groupedPassword } from '#protocol/unattended/password.ts'
import { type NestedDisplay, startNestedDisplay } from '#testing/nested-display.ts'
import { processTree } from '#testing/process-tree.ts'
import { tracesOf } from '#testing/traces.ts'
import { buildViews, type ViewFixture } from '#testing/view-fixture.ts'
import { setMonitors } from '#testing/x-display-monitors.ts'
import { openPainter } from '#testing/x-display-painter.ts'
import { pixelAt } from '#testing/x-pixel.ts'

const run = promisify(execFile)
const program = fileURLToPath(new URL('./chromium.ts', import.meta.url))
const PAGE = '<!doctype html><title>Consent fixture</title><body><script type="module" src="/view.js"></script>'

// Answers "yes" as soon as main takes it, and writes in the chat where the reason says so; the last digit of the title tells how often main refused.
const VIEW = `
let refusals = 0, hasAsked = false
const show = state => {
  document.title = 'Consent ' + state.name
  if (state.name === 'kiosk') {
    document.body.textContent = state.kiosk.password
    requestAnimationFrame(() => requestAnimationFrame(() => handhold.call.painted()))
  }
  // Once the banner has given the keyboard back.
  if (state.name === 'banner' && state.request.reason === 'write') setTimeout(() => {
    handhold.call.openChat({ isOpen: true })
    handhold.call.typing({ isTyping: true })
  }, 1000)
  if (state.name !== 'asking' || hasAsked) return
  hasAsked = true
  const answers = state.request.reason === 'say no' ? { accept: false } : { accept: true, scopes: state.request.scopes, number: null, language: state.language }
  const answer = () => handhold.call.answer({ answer: answers }).catch(() => { refusals++; setTimeout(answer, 20) })
  requestAnimationFrame(() => requestAnimationFrame(() => { handhold.call.painted(); if (state.request.reason !== 'say nothing') answer() }))
}
if (!window.handhold) await new Promise(done => addEventListener('handhold', done, { once: true }))
onfocus = () => handhold.call.keyboard({ isHere: true })
onblur = () => handhold.call.keyboard({ isHere: false })
handhold.on.stateChanged(show)
handhold.call.state().then(show)
`

const LIVE: ServiceToConsent = {
  ...{ type: 'banner', sinceMs: Date.now(), linkUp: true },
  ...{ scopes: ['view', 'control'], isPaused: false, isRecording: false, watchers: [] },
}

const ask = (reason: string): ServiceToConsent => ({
  type: 'ask',
  helpAskedAtMs: null,
  armDelayMs: 700,
  request: {
    sessionId: `ses_${'0'.repeat(26)}`,
    operator: { id: 'user_0001', name: 'Ada Example', email: 'ada@example.com' },
    organisation: { id: `org_${'0'.repeat(26)}`, name: 'Example IT' },
    reason,
    ticket: null,
    scopes: ['view', 'control'],
    operatorKeyThumbprint: 'A'.repeat(43),
    consentTimeoutMs: 30_000,
    durationMs: 3_600_000,
    matchCommitment: null,
  },
})

/** The service's side of one consent program. */
class Service {
  readonly messages: ConsentToService[] = []
  readonly exited: Promise<number | null>
  readonly child: ChildProcess
  readonly #atMs = new Map<string, number>()

  constructor(env: NodeJS.ProcessEnv) {
    this.child = fork(program, { env, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
    this.child.on('message', message => {
      this.messages.push(message as ConsentToService)
      this.#atMs.set((message as ConsentToService).type, performance.now())
    })
    this.exited = once(this.child, 'exit').then(([code]) => code as number | null)
  }

  send(message: unknown): void {
    this.child.send(message as object)
  }

  until(type: ConsentToService['type']): Promise<void> {
    return vi.waitFor(() => expect(this.messages.map(message => message.type)).toContain(type), {
      timeout: 20_000,
      interval: 5,
    })
  }

  betweenMs(first: string, second: string): number {
    return (this.#atMs.get(second) ?? Number.NaN) - (this.#atMs.get(first) ?? Number.NaN)
  }
}

describe.each(['no window manager', 'openbox'])('the consent program with %s', manager => {
  let display: NestedDisplay
  let views: ViewFixture
  let folder: string
  let env: NodeJS.ProcessEnv
  let openbox: ChildProcess | undefined
  const services: Service[] = []

  beforeAll(async () => {
    ;[display, views, folder] = await Promise.all([
      startNestedDisplay({ width: 1280, height: 800 }),
      buildViews({ 'consent.html': PAGE, 'view.js': VIEW }),
      mkdtemp(join(tmpdir(), 'handhold-run-')),
    ])
    env = { ...process.env, DISPLAY: display.name, XDG_RUNTIME_DIR: folder, HANDHOLD_DIST: views.dist }
    if (manager !== 'openbox') return
    openbox = spawn('openbox', { env, stdio: 'ignore' })
    await vi.waitFor(async () => expect(await rootProperty('_NET_SUPPORTING_WM_CHECK')).toContain('window id'), {
      timeout: 20_000,
    })
  })
  afterEach(async () => {
    for (const { child, exited } of services.splice(0)) {
      if (child.exitCode === null) child.kill('SIGTERM')
      await exited
    }
    // Whatever happened, nothing is left behind.
    expect((await readdir(folder)).filter(name => name.startsWith('handhold'))).toEqual([])
  })
  afterAll(async () => {
    openbox?.kill()
    await display?.stop()
    await views?.remove()
    if (folder) await rm(folder, { recursive: true, force: true })
  })

  const start = (change: NodeJS.ProcessEnv = {}) => {
    const service = new Service({ ...env, ...change })
    services.push(service)
    return service
  }
  const rootProperty = async (name: string) => (await run('xprop', ['-root', name], { env })).stdout
  const tool = async (...args: string[]) => (await run('xdotool', args, { env })).stdout.trim()
  /** By the person's own hand, until the window has taken it: a program's press shortly before spoils it. */
  const pressUntilAnswered = ({ messages }: Service) =>
    vi.waitFor(
      async () => {
        await run('xdotool', ['key', 'Control_L'], { env: { ...env, DISPLAY: display.hand } })
        const isTaken = () => messages.some(({ type }) => type === 'answer')
        await vi.waitUntil(isTaken, { timeout: 300, interval: 10 })
      },
      { timeout: 20_000 },
    )
  const windowId = () =>
    vi.waitFor(async () => (await tool('search', '--onlyvisible', '--name', '^Consent ')).split('\n')[0] ?? '', {
      timeout: 20_000,
    })
  const geometry = async () => {
    const text = await tool('getwindowgeometry', '--shell', await windowId())
    const [x, y, width, height] = ['X', 'Y', 'WIDTH', 'HEIGHT'].map(key =>
      Number(new RegExp(`^${key}=(-?\\d+)$`, 'm').exec(text)?.[1]),
    )
    return { x, y, width, height }
  }
  const pixel = (x: number, y: number) => pixelAt(display.name, x, y)

  it('A59 A67 asks, arms, becomes a strip above everything, and ends', async () => {
    const service = start()
    service.send(ask('The printer does not print'))
    await service.until('shown')
    // What a program presses on this display is nobody's answer, however often the window says that it was pressed.
    for (const until = performance.now() + 1_500; performance.now() < until; ) await tool('key', 'space', 'click', '1')
    expect(service.messages.map(message => message.type)).toEqual(['ready', 'shown'])
    await pressUntilAnswered(service)
    expect(service.betweenMs('shown', 'answer')).toBeGreaterThan(650)
    expect(service.messages.map(message => message.type)).toEqual(['ready', 'shown', 'answer'])

    service.send(LIVE)
    await vi.waitFor(async () => expect(await geometry()).toEqual({ x: 160, y: 0, width: 960, height: 64 }), {
      timeout: 20_000,
    })
    // A frame goes round the monitor, and no press lands in it.
    const edges = [
      [1, 400],
      [1278, 400],
      [40, 1],
      [1200, 1],
      [640, 798],
    ] as const
    for (const [x, y] of edges)
      await vi.waitFor(async () => expect(await pixel(x, y)).toBe('1d5bd0'), { timeout: 20_000 })
    service.send({ ...LIVE, isPaused: true } as ServiceToConsent)
    await vi.waitFor(async () => expect(await pixel(1, 400)).toBe('7a4f00'), { timeout: 20_000 })
    // Another window over the same place (a red one) doesn't stay above the white page.
    const cover = spawn('xterm', ['-geometry', '80x20+300+0', '-bg', 'red', '-title', 'cover'], {
      env,
      stdio: 'ignore',
    })
    try {
      await vi.waitFor(() => tool('search', '--onlyvisible', '--name', '^cover$'), { timeout: 20_000 })
      await tool('windowraise', await tool('search', '--onlyvisible', '--name', '^cover$'))
      await vi.waitFor(async () => expect(await pixel(640, 50)).toBe('ffffff'), { timeout: 20_000 })
    } finally {
      cover.kill()
    }
    service.send({ type: 'over', reason: 'operator-ended' } satisfies ServiceToConsent)
    expect(await service.exited).toBe(0)
  })

  it('A67 a window that no window manager knows of, or somebody who moves or hides it: the banner comes up again, or the service hears that it is covered', async () => {
    const service = start()
    service.send(ask('yes'))
    await service.until('shown')
    await pressUntilAnswered(service)
    service.send(LIVE)
    await vi.waitFor(async () => expect(await geometry()).toMatchObject({ height: 64 }), { timeout: 20_000 })
    const painter = await openPainter(display.name)
    const said = () => service.messages.findLast(message => message.type === 'covered')
    try {
      await painter.fill([{ x: 0, y: 0, width: 1280, height: 800, colour: 0xff0000 }])
      await vi.waitFor(
        async () => {
          if ((await pixel(640, 50)) !== 'ffffff') expect(said()).toEqual({ type: 'covered', isCovered: true })
        },
        { timeout: 20_000 },
      )
    } finally {
      await painter.close()
    }
    await vi.waitFor(() => expect(said()?.isCovered ?? false).toBe(false), { timeout: 20_000 })

    // Nor does it stay where somebody moves it, or hidden.
    const id = await windowId()
    const awayBy = [
      ['windowmove', id, '300', '400'],
      ['windowmove', id, '-2000', '0'],
      ['windowsize', id, '200', '30'],
      ['windowunmap', id],
      ...(manager === 'openbox' ? [['windowminimize', id]] : []),
    ]
    const isAtHome = async () => {
      const { stdout } = await run('xwininfo', ['-id', id], { env })
      const home = ['X:  160', 'Y:  0', 'Width: 960', 'Height: 64', 'IsViewable']
      return home.every(fact => stdout.includes(fact))
    }
    const until = (isHome: boolean) =>
      vi.waitFor(async () => expect(await isAtHome()).toBe(isHome), { timeout: 20_000, interval: 50 })
    for (const deed of awayBy) {
      // Held for as long as it takes to see that the deed has worked.
      service.child.kill('SIGSTOP')
      await tool(...deed)
      await until(false)
      service.child.kill('SIGCONT')
      await until(true)
    }
    await vi.waitFor(() => expect(said()?.isCovered ?? false).toBe(false), { timeout: 20_000 })
    service.send({ type: 'over', reason: 'operator-ended' } satisfies ServiceToConsent)
    expect(await service.exited).toBe(0)
  })

  it('of two monitors question and banner come to the person’s main one, and the frame goes round both', async () => {
    const left = { x: 0, y: 0, width: 500, height: 800 }
    const right = { x: 500, y: 0, width: 780, height: 800 }
    await setMonitors(display.name, { left, right }, 'right')
    try {
      const service = start()
      service.send(ask('yes'))
      await service.until('shown')
      await vi.waitFor(
        async () => {
          const { x = Number.NaN, y = Number.NaN, ...size } = await geometry()
          expect(size).toEqual({ width: 720, height: 740 })
          // A window manager has its own edge round it.
          expect([Math.abs(x - 530) < 20, Math.abs(y - 30) < 20]).toEqual([true, true])
        },
        { timeout: 20_000 },
      )
      await pressUntilAnswered(service)
      service.send(LIVE)
      await vi.waitFor(async () => expect(await geometry()).toEqual({ x: 500, y: 0, width: 780, height: 64 }), {
        timeout: 20_000,
      })
      const edges = [
        [1, 400],
        [250, 1],
        [498, 400],
        [501, 400],
        [1278, 400],
        [900, 798],
      ] as const
      for (const [x, y] of edges)
        await vi.waitFor(async () => expect(await pixel(x, y)).toBe('1d5bd0'), { timeout: 20_000 })
      service.send({ type: 'over', reason: 'operator-ended' } satisfies ServiceToConsent)
      expect(await service.exited).toBe(0)
    } finally {
      await setMonitors(display.name, {})
    }
  })

  it('at 200 % question and banner are twice as large, in the same places', async () => {
    const scale = (dpi: string) =>
      run('xprop', ['-root', '-f', 'RESOURCE_MANAGER', '8s', '-set', 'RESOURCE_MANAGER', dpi], { env })
    await scale('Xft.dpi:\t192\n')
    try {
      const service = start()
      service.send(ask('yes'))
      await service.until('shown')
      // As large as the display then, to a pixel that is half of one of the page's.
      await vi.waitFor(
        async () => {
          const { width = 0, height = 0 } = await geometry()
          expect([width >= 1279, height >= 799]).toEqual([true, true])
        },
        { timeout: 20_000 },
      )
      await pressUntilAnswered(service)
      service.send(LIVE)
      await vi.waitFor(async () => expect(await geometry()).toEqual({ x: 0, y: 0, width: 1280, height: 128 }), {
        timeout: 20_000,
      })
      expect(service.messages.findLast(({ type }) => type === 'place')).toMatchObject({
        area: { x: 0, y: 0, width: 1280, height: 128 },
      })
      service.send({ type: 'over', reason: 'operator-ended' } satisfies ServiceToConsent)
      expect(await service.exited).toBe(0)
    } finally {
      await run('xprop', ['-root', '-remove', 'RESOURCE_MANAGER'], { env })
    }
  })

  it('a "no" is told before the program ends', async () => {
    const service = start()
    service.send(ask('say no'))
    await service.until('shown')
    await pressUntilAnswered(service)
    expect(await service.exited).toBe(0)
    expect(service.messages.at(-1)).toEqual({ type: 'answer', answer: { accept: false } })
  })

  it('a closed window before an answer is an end without one', async () => {
    const service = start()
    service.send({ type: 'ask', request: 'nonsense' })
    service.send({ type: 'constructor' })
    service.send(ask('say nothing'))
    await service.until('shown')
    await tool('windowkill', await windowId())
    expect(await service.exited).toBe(0)
    expect(service.messages.map(message => message.type)).toEqual(['ready', 'shown'])
  })

  it('A67 a banner that is killed ends the session', async () => {
    const service = start()
    service.send(ask('yes'))
    await service.until('shown')
    await pressUntilAnswered(service)
    service.send(LIVE)
    await tool('windowkill', await windowId())
    expect(await service.exited).toBe(0)
    expect(service.messages.at(-1)).toEqual({ type: 'gone' })
  })

  it('A59 A67 no key of a program’s and no window manager closes the question; the person does, and nobody the banner, which leaves the keyboard to the program before it', async () => {
    let terminal: ChildProcess | undefined
    try {
      const closing = ['ctrl+w', 'ctrl+shift+w', 'ctrl+q', 'alt+F4']
      const closeAs = async (whose: NodeJS.ProcessEnv) => {
        for (const key of closing) await run('xdotool', ['key', key], { env: whose })
      }
      const service = start()
      service.send(ask('say nothing'))
      await service.until('shown')
      await tool('windowfocus', await windowId())
      for (const until = performance.now() + 1_500; performance.now() < until; ) await closeAs(env)
      expect([service.child.exitCode, service.messages.length]).toEqual([null, 2])
      await vi.waitFor(
        async () => {
          await closeAs({ ...env, DISPLAY: display.hand })
          expect(service.child.exitCode).toBe(0)
        },
        { timeout: 20_000, interval: 300 },
      )
      expect(service.messages.map(({ type }) => type)).toEqual(['ready', 'shown'])

      terminal = spawn('xterm', ['-title', 'work'], { env, stdio: 'ignore' })
      const work = await vi.waitFor(() => tool('search', '--onlyvisible', '--name', '^work$'), { timeout: 20_000 })
      const lived = start()
      lived.send(ask('yes'))
      await lived.until('shown')
      await pressUntilAnswered(lived)
      lived.send(LIVE)
      await lived.until('place')
      const id = await windowId()
      // Without a window manager it is where the pointer is, which this tool takes for an error.
      const focused = () =>
        tool(manager === 'openbox' ? 'getactivewindow' : 'getwindowfocus').catch(() => 'where the pointer is')
      await vi.waitFor(async () => expect(await focused()).not.toBe(id), { timeout: 20_000 })
      if (manager === 'openbox') await vi.waitFor(async () => expect(await focused()).toBe(work), { timeout: 20_000 })
      // Until it stays: a banner that has just begun gives it back.
      await vi.waitFor(
        async () => {
          const now = await focused()
          await tool('windowfocus', id)
          expect(now).toBe(id)
        },
        { timeout: 20_000, interval: 500 },
      )
      for (const whose of [env, { ...env, DISPLAY: display.hand }]) await closeAs(whose)
      lived.send({ ...LIVE, isPaused: true } as ServiceToConsent)
      await vi.waitFor(async () => expect(await pixel(1, 400)).toBe('7a4f00'), { timeout: 20_000 })
      expect(lived.messages.map(({ type }) => type)).not.toContain('gone')
      lived.send({ type: 'over', reason: 'operator-ended' } satisfies ServiceToConsent)
      expect(await lived.exited).toBe(0)
    } finally {
      terminal?.kill()
    }
  })

  it('A73 a password that it shows is in no argument, no environment and no file of its programs', async () => {
    const service = start()
    const asked = ask('say nothing')
    if (asked.type !== 'ask') throw new Error('it asks for something else')
    const password = '7XK2M9QPTV3RH'
    const kiosk = { phase: 'password', password: groupedPassword(password), untilMs: Date.now() + 600_000 }
    service.send({ type: 'kiosk', request: asked.request, kiosk })
    await service.until('shown')
    await vi.waitFor(async () => expect(await tool('search', '--name', '^Consent kiosk')).not.toBe(''), 20_000)
    const pids = [service.child.pid ?? 0]
    expect(processTree(service.child.pid ?? 0).length).toBeGreaterThan(3)
    const profile = (await readdir(folder)).filter(name => name.startsWith('handhold'))
    expect(profile).not.toEqual([])
    expect(await tracesOf(password, { pids, folders: [folder] })).toEqual([])
    service.send({ type: 'over', reason: 'expired' })
    expect(await service.exited).toBe(0)
    expect(await tracesOf(password, { pids: [], folders: [folder] })).toEqual([])
  })

  it('A166 the line that the person writes in keeps the keyboard when an operator’s click takes it to another window', async () => {
    const terminal = spawn('xterm', ['-title', 'work', '-geometry', '60x10+700+600'], { env, stdio: 'ignore' })
    try {
      const work = await vi.waitFor(() => tool('search', '--onlyvisible', '--name', '^work$'), { timeout: 20_000 })
      const service = start()
      service.send(ask('write'))
      await service.until('shown')
      await pressUntilAnswered(service)
      service.send(LIVE)
      await service.until('keyboard')
      const id = await windowId()
      const focused = () => tool(manager === 'openbox' ? 'getactivewindow' : 'getwindowfocus').catch(() => 'nowhere')
      await vi.waitFor(async () => expect(await focused()).toBe(id), { timeout: 20_000 })
      const places = () => service.messages.filter(({ type }) => type === 'keyboard').length
      const before = places()
      await tool('mousemove', '900', '650', 'click', '1')
      if (manager !== 'openbox') await tool('windowfocus', work)
      // It went, and came back.
      await vi.waitFor(() => expect(places()).toBeGreaterThanOrEqual(before + 2), { timeout: 20_000 })
      await vi.waitFor(async () => expect(await focused()).toBe(id), { timeout: 20_000 })
    } finally {
      terminal.kill()
    }
  })

  it('goes with its service', async () => {
    const service = start()
    service.send(ask('say nothing'))
    await service.until('shown')
    service.child.disconnect()
    expect(await service.exited).toBe(0)
  })

  it('says why it can’t show a window', async () => {
    const causes = [
      [{ DISPLAY: '' }, /display/],
      [{ DISPLAY: ':9871' }, /display/],
      [{ HANDHOLD_CHROMIUM: '/nowhere', HANDHOLD_ZENITY: '/nowhere' }, /HANDHOLD_CHROMIUM/],
      [{ HANDHOLD_DIST: '/nowhere' }, /npm run build/],
    ] as const
    for (const [change, words] of causes) {
      const service = start({ WAYLAND_DISPLAY: '', ...change })
      expect([change, await service.exited]).toEqual([change, 1])
      // What a process said may come after the word that it is gone.
      await expect
        .poll(() => service.messages.at(-1))
        .toEqual({ type: 'failed', message: expect.stringMatching(words) })
    }
  })
})
