import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright'
import { browserFlags } from '../../../src/main/shell/chromium/flags.ts'
import { findFreePort } from '../../../testing/free-port.ts'
import { startProgram } from '../../../testing/program.ts'
import { headlessBrowser } from '../browser.ts'
import { Closers } from '../contender.ts'

export interface Viewer {
  readonly pid: number
  readonly page: Page
  stop(): Promise<void>
}

const CONNECT_TIMEOUT_MS = 8_000
const CONNECT_TRIES = 3
/** The pipe is for the shell's own hands, and a page is to be opened in a plain window. */
const NOT_HERE = /^--(remote-debugging-pipe|app=)/

/** Chromium for a peer's page, with the command line of Handhold's own window. */
export async function startViewer(size: { width: number; height: number }): Promise<Viewer> {
  const closers = new Closers()
  try {
    const profileFolder = await mkdtemp(join(tmpdir(), 'handhold-bench-viewer-'))
    closers.add({ stop: () => rm(profileFolder, { recursive: true, force: true, maxRetries: 5 }) })
    const browser = closers.add(await headlessBrowser())
    const debugPort = await findFreePort()
    const flags = browserFlags({
      view: 'operator',
      startUrl: 'about:blank',
      size,
      profileFolder,
      platform: process.platform,
      env: process.env,
      uid: process.getuid?.(),
      hasGpu: false,
      debugPort,
    })
    const program = closers.add(
      await startProgram({
        name: 'viewer',
        command: browser.path,
        // MeshCentral signs its certificate itself.
        args: [...flags.filter(flag => !NOT_HERE.test(flag)), '--ignore-certificate-errors', 'about:blank'],
        ready: line => (line.includes('DevTools listening') ? true : undefined),
      }),
    )
    const connection = await connect(debugPort)
    closers.add({ stop: () => connection.close() })
    const [context] = connection.contexts()
    if (!context) throw new Error('the viewer has no window')
    const page = context.pages()[0] ?? (await context.newPage())
    await page.setViewportSize(size)
    return { pid: program.pid, page, stop: () => closers.stop() }
  } catch (thrown) {
    await closers.stop()
    throw thrown
  }
}

/** A browser that is just changing its first page may leave the one who connects then without an answer. */
async function connect(port: number): Promise<Browser> {
  for (let left = CONNECT_TRIES; ; left--)
    try {
      return await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { timeout: CONNECT_TIMEOUT_MS })
    } catch (thrown) {
      if (left <= 1) throw thrown
    }
}
