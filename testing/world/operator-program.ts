import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright'
import { findFreePort } from '../free-port.ts'
import { startProgram } from '../program.ts'
import { builtProgram, cleanEnvironment } from './programs.ts'

export interface OperatorProgram {
  readonly pid: number
  /** The operator window, over its DevTools protocol. */
  readonly page: Page
  readonly cdpPort: number
  /** Where it saves what the operator exports. */
  readonly downloads: string
  /** Ends the app at once, as a crash would. */
  kill(): Promise<void>
  stop(): Promise<void>
}

export interface OperatorProgramOptions {
  readonly display: string
  /** A free one if not given. */
  readonly cdpPort?: number
  /** The browser to use instead of the installed one that is found. */
  readonly chromium?: string
  readonly onLine?: (line: string) => void
}

/** The real operator app in its Chromium shell on an X display. */
export async function startOperatorProgram(options: OperatorProgramOptions): Promise<OperatorProgram> {
  const home = await mkdtemp(join(tmpdir(), 'handhold-operator-'))
  const downloads = join(home, 'downloads')
  const cdpPort = options.cdpPort ?? (await findFreePort())
  const program = await startProgram({
    name: 'operator app',
    command: process.execPath,
    args: [builtProgram('main/operator.js'), '--cdp', String(cdpPort)],
    env: cleanEnvironment({
      DISPLAY: options.display,
      XDG_CONFIG_HOME: home,
      XDG_DOWNLOAD_DIR: downloads,
      ...(options.chromium ? { HANDHOLD_CHROMIUM: options.chromium } : {}),
    }),
    ready: line => (line.includes('operator window is open') ? true : undefined),
    ...(options.onLine ? { onLine: options.onLine } : {}),
  })
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${cdpPort}`)
  const page = operatorPage(browser)
  const stop = async () => {
    await browser.close().catch(() => undefined)
    await program.stop()
    await rm(home, { recursive: true, force: true })
  }
  return {
    pid: program.pid,
    page,
    cdpPort,
    downloads,
    async kill() {
      program.kill('SIGKILL')
      await stop()
    },
    stop,
  }
}

function operatorPage(browser: Browser): Page {
  const page = browser.contexts().flatMap(context => context.pages())[0]
  if (!page) throw new Error('the operator app has no window')
  return page
}
