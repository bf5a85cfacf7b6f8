import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright'
import { createBuilder } from 'vite'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const ORIGIN = 'https://handhold.invalid'

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
}

/** Builds the pages as they ship. */
export async function buildPages(outDir: string): Promise<void> {
  const builder = await createBuilder({
    configFile: join(ROOT, 'vite.config.ts'),
    root: join(ROOT, 'src/renderer'),
    logLevel: 'error',
    build: { outDir },
  })
  await builder.buildApp()
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--autoplay-policy=no-user-gesture-required',
      '--disable-features=WebRtcHideLocalIpsWithMdns',
    ],
  })
}

export interface OpenedPage {
  readonly page: Page
  /** Console errors, uncaught errors and policy violations. */
  readonly complaints: string[]
  /** Addresses that the page asked for. */
  readonly requests: string[]
}

/** Opens `/name.html` of a built folder on the app's own origin, with the headers that a shell sends. */
export async function openPage(
  context: BrowserContext,
  dist: string,
  name: string,
  headers: Readonly<Record<string, string>>,
  prepare: (page: Page) => Promise<void>,
): Promise<OpenedPage> {
  const page = await context.newPage()
  const complaints: string[] = []
  const requests: string[] = []
  page.on('pageerror', error => complaints.push(error.message))
  page.on('console', message => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  await page.route('**/*', async route => {
    const url = new URL(route.request().url())
    requests.push(url.href)
    const body = url.origin === ORIGIN ? await readFile(join(dist, url.pathname)).catch(() => undefined) : undefined
    if (!body) return route.fulfill({ status: 404 })
    return route.fulfill({
      body,
      headers: { ...headers, 'content-type': TYPES[extname(url.pathname)] ?? 'text/plain' },
    })
  })
  await page.exposeFunction('__complain', (text: string) => void complaints.push(text))
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', event => {
      const complain = (window as unknown as { __complain: (text: string) => void }).__complain
      complain(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`)
    })
  })
  await prepare(page)
  await page.goto(`${ORIGIN}/${name}.html`)
  return { page, complaints, requests }
}

/** Puts a bridge on the page's window whose calls arrive at `handle`. Returns how to emit events to it. */
export async function installBridge(
  page: Page,
  handle: (name: string, args: unknown) => Promise<unknown>,
): Promise<(name: string, payload: unknown) => Promise<void>> {
  await page.exposeFunction('__call', async (name: string, args: unknown) => {
    try {
      return { result: await handle(name, args) }
    } catch (thrown) {
      const { code, message } = thrown as { code: string; message: string }
      return { error: { code, message } }
    }
  })
  await page.addInitScript(() => {
    type Listener = (payload: unknown) => void
    const listeners = new Map<string, Set<Listener>>()
    const global = window as unknown as {
      __call: (name: string, args: unknown) => Promise<{ result?: unknown; error?: unknown }>
    }
    const call = new Proxy(
      {},
      {
        get: (_, name: string) => async (args: unknown) => {
          const answer = await global.__call(name, args)
          if (answer.error) throw answer.error
          return answer.result
        },
      },
    )
    const on = new Proxy(
      {},
      {
        get: (_, name: string) => (listener: Listener) => {
          const set = listeners.get(name) ?? new Set()
          listeners.set(name, set.add(listener))
          return () => set.delete(listener)
        },
      },
    )
    const emit = (name: string, payload: unknown) => {
      for (const listener of listeners.get(name) ?? []) listener(payload)
    }
    Object.assign(window, { handhold: { call, on }, __emit: emit })
  })
  return (name, payload) =>
    page.evaluate(
      ({ event, value }) =>
        (window as unknown as { __emit: (name: string, payload: unknown) => void }).__emit(event, value),
      { event: name, value: payload },
    )
}
