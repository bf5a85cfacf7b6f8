import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright'
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

/** Chromium for a peer's page, with the command line of Handhold's own window. */
export async function startViewer(size: { width: number; height: number }): Promise<Viewer> {
  const closers = new Closers()
  const profileFolder = await mkdtemp(join(tmpdir(), 'handhold-bench-viewer-'))
  closers.add({ stop: () => rm(profileFolder, { recursive: true, force: true, maxRetries: 5 }) })
  const port = await findFreePort()
  const browser = closers.add(await headlessBrowser())
  const flags = browserFlags({
    view: 'operator',
    startUrl: 'about:blank',
    size,
    profileFolder,
    platform: process.platform,
    env: process.env,
    uid: process.getuid?.(),
    hasGpu: false,
    debugPort: port,
  })
  const program = closers.add(
    await startProgram({
      name: 'viewer',
      command: browser.path,
      // The pipe is for the shell's own hands. MeshCentral signs its certificate itself.
      args: [...flags.filter(flag => flag !== '--remote-debugging-pipe'), '--ignore-certificate-errors'],
      ready: line => (line.includes('DevTools listening') ? true : undefined),
    }),
  )
  const connection = await chromium.connectOverCDP(`http://127.0.0.1:${port}`)
  closers.add({ stop: () => connection.close() })
  const [context] = connection.contexts()
  if (!context) throw new Error('the viewer has no window')
  const page = context.pages()[0] ?? (await context.newPage())
  await page.setViewportSize(size)
  return { pid: program.pid, page, stop: () => closers.stop() }
}
