import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { adminCalls } from '#ipc/admin/calls.ts'
import type { CallHandlers } from '#ipc/contract.ts'
import { type OperatorContract, operatorContract } from '#ipc/operator.ts'
import { HandholdError } from '#protocol/errors.ts'
import { findFreePort } from '#testing/free-port.ts'
import { buildViews, type ViewFixture } from '#testing/view-fixture.ts'
import { startXDisplay, type XDisplay } from '#testing/x-display.ts'
import type { AdminHandlers } from '../../admin/admin.ts'
import { resourcesIn } from '../resources.ts'
import type { Shell, ShellWindow } from '../shell.ts'
import { createChromiumShell } from './index.ts'

const PAGE = `<!doctype html><title>Fixture</title><meta charset="utf-8"><body>
<script>window.inlineScriptRan = true</script>
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
window.violations = []
document.addEventListener('securitypolicyviolation', event => window.violations.push(event.effectiveDirective))
window.probes = {
  fetch: url => later(() => fetch(url).then(() => 'reached')),
  socket: url => later(() => new Promise((resolve, reject) => {
    const socket = new WebSocket(url); socket.onopen = () => resolve('reached'); socket.onerror = () => reject(new Error('blocked'))
  })),
  eval: () => later(() => (0, eval)('1 + 1')),
  newFunction: () => later(() => new Function('return 1')()),
  timerText: () => later(() => new Promise(resolve => { window.timerRan = false; try { setTimeout('window.timerRan = true') } catch {} ; setTimeout(() => resolve(window.timerRan), 20) })),
  innerHtml: () => later(() => { document.createElement('div').innerHTML = '<img src=x onerror=alert(1)>'; return 'set' }),
  open: (url, target, features) => later(() => window.open(url, target, features) === null ? 'denied' : 'opened'),
  remoteScript: url => later(() => load('script', { src: url })),
  image: url => later(() => load('img', { src: url })),
  frame: attributes => later(async () => { const result = await load('iframe', attributes); return [result, document.querySelector('iframe').contentWindow.handhold === undefined] }),
  blobWorker: () => later(() => new Promise((resolve, reject) => {
    const worker = new Worker(URL.createObjectURL(new Blob(['postMessage(1)']))); worker.onmessage = () => resolve('ran'); worker.onerror = () => reject(new Error('blocked'))
  })),
  navigate: url => later(() => { location.href = url; return 'tried' }),
  click: (url, target) => later(() => { const a = Object.assign(document.createElement('a'), { href: url, target }); document.body.append(a); a.click(); return 'tried' }),
  submit: action => later(() => { const form = Object.assign(document.createElement('form'), { action, method: 'post' }); document.body.append(form); form.submit(); return 'tried' }),
  refresh: url => later(() => { const meta = document.createElement('meta'); meta.httpEquiv = 'refresh'; meta.content = '0;url=' + url; document.head.append(meta); return 'tried' }),
  surface: () => Object.fromEntries(Object.entries(window.handhold).map(([part, members]) => [part, Object.fromEntries(Object.entries(members).map(([name, f]) => [name, typeof f + f.length]))])),
  globals: () => ['require', 'process', 'module', 'Buffer', 'global', 'ipcRenderer', '__handholdSend', '__handholdReceive', 'chrome'].filter(name => name in window && window[name] !== undefined),
}
window.isReady = true
`

const noOp = () => undefined
function handlers(own: Partial<CallHandlers<OperatorContract>> = {}): CallHandlers<OperatorContract> {
  const refuse = () => {
    throw new HandholdError('forbidden', 'Not in this test.')
  }
  return {
    snapshot: refuse,
    signIn: noOp,
    finishSignIn: noOp,
    answerApproval: noOp,
    beginWatch: refuse,
    scripts: refuse,
    watchBeat: noOp,
    endWatch: noOp,
    cancelSignIn: noOp,
    beginBrowserSignIn: noOp,
    finishBrowserSignIn: noOp,
    beginBrowserProof: noOp,
    finishBrowserProof: noOp,
    signOut: noOp,
    listDevices: refuse,
    readDevice: refuse,
    startSession: refuse,
    openUnattended: noOp,
    resumeSession: noOp,
    endSession: noOp,
    closeTab: noOp,
    saveReceipt: refuse,
    savePass: refuse,
    passLink: refuse,
    dropPass: noOp,
    openPass: refuse,
    dismissPass: noOp,
    proveConnection: noOp,
    sendSignal: noOp,
    openDisplayWindow: noOp,
    sendViewSignal: noOp,
    closeDisplayWindow: noOp,
    verification: refuse,
    askFurther: refuse,
    noteSession: refuse,
    availableTools: refuse,
    requestTool: refuse,
    redeemHelpCode: refuse,
    takeHelp: refuse,
    refreshHelp: noOp,
    setFullScreen: noOp,
    registryFavourites: refuse,
    keepRegistryFavourites: noOp,
    putRegText: noOp,
    saveRegFile: refuse,
    ...(Object.fromEntries(Object.keys(adminCalls).map(name => [name, refuse])) as unknown as AdminHandlers),
    ...own,
  }
}

describe('chromium shell', () => {
  let display: XDisplay
  let views: ViewFixture
  let shell: Shell
  let window: ShellWindow<OperatorContract>
  let browser: Browser
  let page: Page
  let bait: Server
  let baitUrl: string
  let baitHits: string[]
  let runtimeFolder: string
  const signIn = vi.fn<CallHandlers<OperatorContract>['signIn']>(() => undefined)
  const refused: string[] = []

  beforeAll(async () => {
    bait = createServer((request, response) => {
      baitHits.push(request.url ?? '')
      response.setHeader('access-control-allow-origin', '*').end('<h1>somewhere else</h1>')
    })
    baitHits = []
    const port = await findFreePort()
    bait.listen(port, '127.0.0.1')
    baitUrl = `http://127.0.0.1:${port}`
    ;[display, views, runtimeFolder] = await Promise.all([
      startXDisplay({ width: 1280, height: 800 }),
      buildViews({ 'operator.html': PAGE, 'probes.js': PROBES }),
      mkdtemp(join(tmpdir(), 'handhold-run-')),
    ])
    const debugPort = await findFreePort()
    const env = {
      ...process.env,
      DISPLAY: display.name,
      XDG_RUNTIME_DIR: runtimeFolder,
      XDG_CONFIG_HOME: runtimeFolder,
    }
    const onRefused = (call: string, thrown: unknown) =>
      void refused.push(`${call}: ${thrown instanceof HandholdError ? thrown.code : String(thrown)}`)
    shell = createChromiumShell({ resources: resourcesIn(views.dist), env, debugPort, onRefused })
    window = await shell.openWindow({
      view: 'operator',
      contract: operatorContract,
      handlers: handlers({ signIn, setFullScreen: ({ on }) => window.setFullScreen(on) }),
      title: 'Handhold',
      bounds: { x: 20, y: 30, width: 900, height: 600 },
    })
    browser = await chromium.connectOverCDP(`http://127.0.0.1:${debugPort}`)
    page = await ownPage()
  })

  afterAll(async () => {
    await browser?.close()
    await shell?.quit()
    await display?.stop()
    await views?.remove()
    bait?.close()
    if (runtimeFolder) await rm(runtimeFolder, { recursive: true, force: true })
  })

  async function ownPage(): Promise<Page> {
    const found = browser.contexts()[0]?.pages()[0]
    if (found === undefined) throw new Error('the window has no page')
    await until('window.isReady === true', found)
    return found
  }

  // Playwright's own waiting evaluates text, which the page's policy refuses.
  const until = (condition: string, of: Page = page) =>
    vi.waitFor(async () => expect(await of.evaluate(condition)).toBe(true), { timeout: 5_000, interval: 10 })

  const probe = (name: string, ...args: unknown[]): Promise<unknown> =>
    page.evaluate(([n, a]) => (globalThis as never as Probes).probes[n as string]?.(...(a as unknown[])), [name, args])
  interface Probes {
    readonly probes: Record<string, (...args: unknown[]) => unknown>
  }

  it('serves the built page with the security headers', async () => {
    expect(page.url()).toBe('https://handhold.invalid/operator.html')
    const violations = await page.evaluate('window.violations')
    expect(violations).toEqual([])
    expect(await page.evaluate('window.isSecureContext && window.crossOriginIsolated')).toBe(true)
  })

  it('A103 a page has no Node, no inline script, no eval and no way to a network', async () => {
    expect(await page.evaluate('window.inlineScriptRan')).toBeUndefined()
    expect(await probe('globals')).toEqual(
      expect.not.arrayContaining(['require', 'process', 'module', 'Buffer', 'global']),
    )
    expect(await probe('globals')).toEqual(
      expect.not.arrayContaining(['ipcRenderer', '__handholdSend', '__handholdReceive']),
    )
    for (const url of [baitUrl, 'https://example.com/', 'file:///etc/passwd', 'data:text/plain,x', '/operator.html']) {
      expect([url, await probe('fetch', url)]).toEqual([url, { error: 'TypeError' }])
    }
    expect(await probe('socket', baitUrl.replace('http', 'ws'))).toHaveProperty('error')
    expect(await probe('eval')).toEqual({ error: 'EvalError' })
    expect(await probe('newFunction')).toEqual({ error: 'EvalError' })
    expect(await probe('timerText')).toEqual({ value: false })
    expect(await probe('innerHtml')).toEqual({ error: 'TypeError' })
    expect(await probe('remoteScript', `${baitUrl}/x.js`)).not.toEqual({ value: 'loaded' })
    expect(await probe('image', `${baitUrl}/x.png`)).toEqual({ value: 'blocked' })
    expect(await probe('blobWorker')).toHaveProperty('error')
    expect(baitHits).toEqual([])
  })

  it('A103 a frame loads nothing and has no bridge', async () => {
    const attributes = [{ src: baitUrl }, { src: '/operator.html' }, { src: 'about:blank' }]
    for (const attribute of attributes) {
      await probe('frame', attribute)
      const bridges = await page.evaluate(
        '[...document.querySelectorAll("iframe")].map(f => { try { return typeof f.contentWindow.handhold } catch { return "undefined" } })',
      )
      expect(new Set(bridges as string[])).toEqual(new Set(['undefined']))
      await page.evaluate('document.querySelectorAll("iframe").forEach(f => f.remove())')
    }
    expect(await probe('frame', { srcdoc: '<p>x' })).toEqual({ error: 'TypeError' })
    expect(baitHits).toEqual([])
  })

  const tryEveryWayTo = async (url: string) => {
    for (const way of ['navigate', 'click', 'refresh', 'submit']) await probe(way, url)
  }

  it('A104 the page stays whatever it tries', async () => {
    await page.evaluate('window.isStillHere = true')
    const places = [
      baitUrl,
      'https://example.com/',
      'data:text/html,<h1>x',
      'javascript:document.write(1)',
      'mailto:a@b.c',
    ]
    for (const url of [...places, 'https://handhold.invalid/consent.html', 'custom-scheme://x'])
      await tryEveryWayTo(url)
    // A round trip through main after all of them: what was started has been decided.
    await page.evaluate('window.handhold.call.signOut()')
    expect(page.url()).toBe('https://handhold.invalid/operator.html')
    expect(await page.evaluate('window.isStillHere')).toBe(true)
    expect(baitHits).toEqual([])
  })

  it('A104 a place that the browser turns into a blank page is left at once', async () => {
    for (const url of ['file:///etc/passwd', 'chrome://version', 'view-source:https://handhold.invalid/']) {
      await tryEveryWayTo(url).catch(noOp)
      page = await ownPage()
    }
    await page.evaluate('window.handhold.call.signOut()')
    expect(page.url()).toBe('https://handhold.invalid/operator.html')
  })

  it('A104 a blank page, which nothing can intercept, is left at once', async () => {
    await page.evaluate('window.isReady = false')
    await probe('navigate', 'about:blank').catch(noOp)
    page = await ownPage()
    expect(page.url()).toBe('https://handhold.invalid/operator.html')
    await page.evaluate('window.handhold.call.signOut()')
  })

  it('A104 a page made of a blob never shows', async () => {
    const url = await page.evaluate('URL.createObjectURL(new Blob(["<h1>x"], { type: "text/html" }))')
    await probe('navigate', url).catch(noOp)
    page = await ownPage()
    await page.evaluate('window.handhold.call.signOut()')
    expect(page.url()).toBe('https://handhold.invalid/operator.html')
  })

  it('A104 window.open is denied in every form', async () => {
    for (const [url, target, features] of [
      [baitUrl, '_blank', ''],
      ['about:blank', '_blank', 'popup,width=100'],
      ['', 'named', 'noopener'],
      ['https://handhold.invalid/operator.html', '_blank', ''],
    ]) {
      expect(await probe('open', url, target, features)).toEqual({ value: 'denied' })
      await probe('click', url, '_blank')
    }
    expect(browser.contexts().flatMap(context => context.pages())).toHaveLength(1)
  })

  it('A107 the bridge is the contract and nothing else', async () => {
    const names = (members: object) => Object.fromEntries(Object.keys(members).map(name => [name, 'function1']))
    expect(await probe('surface')).toEqual({ call: names(operatorContract.calls), on: names(operatorContract.events) })
    const isFrozen = 'Object.isFrozen(handhold) && Object.isFrozen(handhold.call) && Object.isFrozen(handhold.on)'
    expect(await page.evaluate(isFrozen)).toBe(true)
    expect(
      await page.evaluate(
        '(() => { try { delete window.handhold; window.handhold = 1 } catch {} return typeof window.handhold })()',
      ),
    ).toBe('object')
  })

  it('A107 hostile arguments are refused and never reach a handler', async () => {
    const attempts = [
      '{ relayUrl: "x", email: "y", password: "z", extra: 1 }',
      'JSON.parse(\'{"relayUrl":"x","email":"y","password":"z","__proto__":{"polluted":1}}\')',
      '{ relayUrl: "x", email: "y", get password() { throw new Error("no") } }',
      'new Proxy({}, { ownKeys() { throw new Error("no") } })',
      '(() => { const cycle = {}; cycle.self = cycle; return cycle })()',
      '{ relayUrl: "x", email: "y", password: "z".repeat(100e6) }',
      'undefined',
      '10n',
    ]
    for (const args of attempts) {
      const outcome = await page.evaluate(
        `window.handhold.call.signIn(${args}).then(() => 'accepted', error => error.code)`,
      )
      expect([args, ['bad-request', 'bad-frame', 'frame-too-large'].includes(String(outcome)), outcome]).toEqual([
        args,
        true,
        outcome,
      ])
    }
    expect(signIn).not.toHaveBeenCalled()
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it('answers calls, names refusals and delivers events in order', async () => {
    await page.evaluate(`window.handhold.call.signIn({ relayUrl: 'r', email: 'e', password: 'p' })`)
    expect(signIn).toHaveBeenCalledWith({ relayUrl: 'r', email: 'e', password: 'p' })
    const refusal = await page.evaluate('window.handhold.call.snapshot().catch(error => ({ ...error }))')
    expect(refusal).toEqual({ code: 'forbidden', message: 'Not in this test.' })
    expect(refused).toContain('snapshot: forbidden')
    await page.evaluate(
      'window.seen = []; window.stop = window.handhold.on.linkChanged(state => window.seen.push(state.name))',
    )
    window.emit('linkChanged', { name: 'connecting' })
    window.emit('linkChanged', { name: 'online', clock: null })
    window.emit('linkChanged', { name: 'offline' })
    await until('window.seen.length === 3')
    expect(await page.evaluate('window.seen')).toEqual(['connecting', 'online', 'offline'])
    await page.evaluate('window.stop()')
    window.emit('linkChanged', { name: 'online', clock: null })
    await page.evaluate('window.handhold.call.signOut()')
    expect(await page.evaluate('window.seen.length')).toBe(3)
  })

  it('goes to full screen and back', async () => {
    await page.evaluate('window.handhold.call.setFullScreen({ on: true })')
    await until('innerWidth === 1280 && innerHeight === 800')
    await page.evaluate('window.handhold.call.setFullScreen({ on: false })')
    await until('innerWidth === 900')
  })

  it('keeps its profile to its owner and takes it along when it quits', async () => {
    const profile = readdirSync(runtimeFolder).find(name => name.startsWith('handhold-view-'))
    expect(profile).toBeDefined()
    expect(statSync(join(runtimeFolder, profile ?? '')).mode & 0o777).toBe(0o700)
    await browser.close()
    await shell.quit()
    await Promise.all([window.closed, shell.gone])
    expect(existsSync(join(runtimeFolder, profile ?? ''))).toBe(false)
    await window.close()
    await window.setFullScreen(true)
    window.emit('linkChanged', { name: 'online', clock: null })
  })

  it('keeps secrets in a file of its owner and says so', async () => {
    await shell.secrets.set('token', 's3cret')
    await Promise.all([shell.secrets.set('a', '1'), shell.secrets.set('b', '2'), shell.secrets.delete('token')])
    const file = join(runtimeFolder, 'handhold', 'secrets.json')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ a: '1', b: '2' })
    expect(await shell.secrets.get('a')).toBe('1')
    expect(await shell.secrets.get('token')).toBeUndefined()
    expect(shell.secrets.description).toContain(file)
  })
})
