import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type ConsentContract, consentContract } from '#ipc/consent.ts'
import type { CallHandlers } from '#ipc/contract.ts'
import { findFreePort } from '#testing/free-port.ts'
import { buildViews, type ViewFixture } from '#testing/view-fixture.ts'
import { startXDisplay, type XDisplay } from '#testing/x-display.ts'
import { resourcesIn } from '../resources.ts'
import type { Shell, ShellWindow } from '../shell.ts'
import { createChromiumShell } from './index.ts'

const PAGE = `<!doctype html><title>Whole</title><body><script>window.foreignRan = true</script>
<script type="module" src="/probes.js"></script>`

// Run by timers, outside of what the debugging protocol evaluates: that would be excused from the page's policy.
const PROBES = `
const later = work => new Promise(resolve => setTimeout(async () => {
  try { resolve({ value: await work() }) } catch (error) { resolve({ error: error?.name ?? error }) }
}))
const load = (tag, attributes) => new Promise(resolve => {
  const element = Object.assign(document.createElement(tag), attributes)
  element.onload = () => resolve('loaded'); element.onerror = () => resolve('blocked')
  document.body.append(element)
})
window.probes = {
  fetch: url => later(() => fetch(url).then(() => 'reached')),
  eval: () => later(() => (0, eval)('1 + 1')),
  newFunction: () => later(() => new Function('return 1')()),
  innerHtml: () => later(() => { document.createElement('div').innerHTML = '<img src=x>'; return 'set' }),
  inlineScript: () => later(() => { const s = document.createElement('script'); s.append('window.addedRan = true'); document.body.append(s); return window.addedRan === true }),
  storage: () => later(() => localStorage.length),
  image: url => later(() => load('img', { src: url })),
  open: url => later(() => window.open(url, '_blank') === null ? 'denied' : 'opened'),
  navigate: url => later(() => { location.href = url; return 'tried' }),
  globals: () => ['require', 'process', '__handholdSend', '__handholdReceive', 'chrome'].filter(name => window[name] !== undefined),
}
document.body.append(Object.assign(document.createElement('button'), { onclick: () => { window.open(window.baitUrl, '_blank', 'popup') } }))
if (!window.handhold) await new Promise(done => addEventListener('handhold', done, { once: true }))
window.first = await window.handhold.call.state()
window.isReady = true
`

describe('a browser that starts on a whole view', () => {
  let display: XDisplay
  let views: ViewFixture
  let folder: string
  let bait: Server
  let baitUrl: string
  let baitHits: string[] = []
  let shell: Shell
  let window: ShellWindow<ConsentContract>
  let browser: Browser
  let page: Page
  let states: number

  const handlers: CallHandlers<ConsentContract> = {
    state: () => {
      states++
      return { name: 'waiting', language: 'en' }
    },
    painted: () => undefined,
    answer: () => undefined,
    pause: () => undefined,
    takeBack: () => undefined,
    end: () => undefined,
    understood: () => undefined,
    keyboard: () => undefined,
    help: () => undefined,
    say: () => undefined,
    typing: () => undefined,
    openChat: () => undefined,
  }

  beforeAll(async () => {
    const port = await findFreePort()
    bait = createServer((request, response) => {
      baitHits.push(request.url ?? '')
      response.setHeader('access-control-allow-origin', '*').end('<h1>somewhere else</h1>')
    }).listen(port, '127.0.0.1')
    baitUrl = `http://127.0.0.1:${port}`
    ;[display, views, folder] = await Promise.all([
      startXDisplay({ width: 1280, height: 800 }),
      buildViews({ 'consent.html': PAGE, 'probes.js': PROBES }),
      mkdtemp(join(tmpdir(), 'handhold-run-')),
    ])
  })
  beforeEach(async () => {
    baitHits = []
    states = 0
    const debugPort = await findFreePort()
    const env = { ...process.env, DISPLAY: display.name, XDG_RUNTIME_DIR: folder, XDG_CONFIG_HOME: folder }
    shell = createChromiumShell({ resources: resourcesIn(views.dist), env, debugPort })
    const bounds = { width: 560, height: 520 }
    window = await shell.openWindow({ view: 'consent', contract: consentContract, handlers, title: 'Handhold', bounds })
    await vi.waitFor(() => expect(states).toBe(1), { timeout: 15_000, interval: 5 })
    browser = await chromium.connectOverCDP(`http://127.0.0.1:${debugPort}`)
    const found = browser.contexts()[0]?.pages()[0]
    if (found === undefined) throw new Error('the window has no page')
    page = found
  })
  afterEach(async () => {
    await browser?.close()
    await shell?.quit()
    expect(baitHits).toEqual([])
  })
  afterAll(async () => {
    await display?.stop()
    await views?.remove()
    bait?.close()
    if (folder) await rm(folder, { recursive: true, force: true })
  })

  const until = (condition: string) =>
    vi.waitFor(async () => expect(await page.evaluate(condition)).toBe(true), { timeout: 15_000, interval: 10 })
  const probe = (name: string, ...args: unknown[]): Promise<unknown> =>
    page.evaluate(
      ([n, a]) =>
        (globalThis as unknown as { probes: Record<string, (...args: unknown[]) => unknown> }).probes[n as string]?.(
          ...(a as unknown[]),
        ),
      [name, args],
    )

  it('A103 has no foreign script, no eval, no storage and no way to a network', async () => {
    expect(page.url()).toMatch(/^data:text\/html/)
    expect(await page.evaluate('window.foreignRan')).toBeUndefined()
    expect(await probe('globals')).toEqual(expect.not.arrayContaining(['require', 'process']))
    expect(await probe('globals')).toEqual(expect.not.arrayContaining(['__handholdSend', '__handholdReceive']))
    for (const url of [baitUrl, 'https://example.com/', 'file:///etc/passwd', 'data:text/plain,x', 'blob:null/1'])
      expect([url, await probe('fetch', url)]).toEqual([url, { error: 'TypeError' }])
    expect(await probe('eval')).toEqual({ error: 'EvalError' })
    expect(await probe('newFunction')).toEqual({ error: 'EvalError' })
    expect(await probe('innerHtml')).toEqual({ error: 'TypeError' })
    expect(await probe('inlineScript')).not.toEqual({ value: true })
    expect(await probe('storage')).toEqual({ error: 'SecurityError' })
    expect(await probe('image', `${baitUrl}/x.png`)).toEqual({ value: 'blocked' })
  })

  it('A104 a window that it opens is closed before it loads anything', async () => {
    // As the browser itself tells it: how long a page takes to come and go says nothing.
    const targets = await browser.newBrowserCDPSession()
    const opened = new Set<string>()
    const { promise: gone, resolve } = Promise.withResolvers<void>()
    targets.on('Target.targetCreated', ({ targetInfo }) => {
      if (targetInfo.openerId !== undefined) opened.add(targetInfo.targetId)
    })
    targets.on('Target.targetDestroyed', ({ targetId }) => {
      if (opened.delete(targetId)) resolve()
    })
    await targets.send('Target.setDiscoverTargets', { discover: true })
    await probe('open', baitUrl)
    await page.evaluate(`window.baitUrl = ${JSON.stringify(baitUrl)}`)
    await page.click('button')
    await gone
    await page.evaluate('handhold.call.painted()')
  })

  it('A104 stays, or is gone, wherever it is led', async () => {
    for (const url of [
      baitUrl,
      'https://example.com/',
      'data:text/html,<h1>x',
      'https://handhold.invalid/operator.html',
    ])
      await probe('navigate', url).catch(() => undefined)
    await probe('navigate', 'about:blank').catch(() => undefined)
    await window.closed
  })

  it('A107 the bridge is the contract, frozen and there for good', async () => {
    await until('window.isReady === true')
    expect(await page.evaluate('window.first')).toEqual({ name: 'waiting', language: 'en' })
    expect(await page.evaluate('[Object.keys(handhold.call), Object.keys(handhold.on)]')).toEqual([
      Object.keys(consentContract.calls),
      Object.keys(consentContract.events),
    ])
    const isFrozen = 'Object.isFrozen(handhold) && Object.isFrozen(handhold.call) && Object.isFrozen(handhold.on)'
    expect(await page.evaluate(isFrozen)).toBe(true)
    const change =
      '(() => { try { delete window.handhold; window.handhold = 1 } catch {} return typeof window.handhold })()'
    expect(await page.evaluate(change)).toBe('object')
    const refusal = 'handhold.call.answer({ accept: "yes" }).catch(error => error.code)'
    expect(await page.evaluate(refusal)).toBe('bad-request')
  })

  it('has its bridge again after it was loaded again, and hears of events', async () => {
    await until('window.isReady === true')
    await page.reload()
    await until('window.isReady === true')
    expect(states).toBe(2)
    await page.evaluate('window.seen = []; handhold.on.stateChanged(state => window.seen.push(state.name))')
    window.emit('stateChanged', { name: 'waiting', language: 'en' })
    await until('window.seen.length === 1')
  })
})
