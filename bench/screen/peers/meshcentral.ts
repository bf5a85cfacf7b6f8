import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { startProgram } from '../../../testing/program.ts'
import { startWindowManager } from '../../../testing/window-manager.ts'
import { startXDisplay } from '../../../testing/x-display.ts'
import { Closers, type Contender, DEVICE_SIZE } from '../contender.ts'
import { startPainter } from '../painter/program.ts'
import { firstPictureMs } from './first-picture.ts'
import { type MeshServer, startMeshServer } from './meshcentral-server.ts'
import { countTcpBytes } from './tcp-bytes.ts'
import { startViewer } from './viewer.ts'

const PICTURE = '#Desk'
const AGENT_TIMEOUT_MS = 30_000

/** MeshCentral with its own Linux agent and its own page, as they are after installation. */
export async function openMeshCentral(): Promise<Contender> {
  const closers = new Closers()
  try {
    const workFolder = await mkdtemp(join(tmpdir(), 'handhold-bench-mesh-'))
    closers.add({ stop: () => rm(workFolder, { recursive: true, force: true, maxRetries: 5 }) })
    const server = await startMeshServer(workFolder)
    closers.add(server.program)
    const display = closers.add(await startXDisplay(DEVICE_SIZE))
    closers.add(await startWindowManager(display.name))
    const agent = closers.add(await startAgent(server, join(workFolder, 'agent'), display.name))
    const viewer = closers.add(await startViewer(DEVICE_SIZE))
    const received = countTcpBytes(server.port)
    await openDesktopTab(viewer.page, server)
    // Something that isn't black must be there to be seen first.
    const still = closers.add(await startPainter(display.name, 'idle'))
    const firstFrameMs = await firstPictureMs(viewer.page, PICTURE, '#connectbutton1')
    await still.stop()
    await showAtNativeSize(viewer.page)
    return {
      display: display.name,
      page: viewer.page,
      picture: PICTURE,
      firstFrameMs,
      groups: {
        host: { roots: [agent.pid] },
        xServer: { roots: [display.pid] },
        viewer: { roots: [viewer.pid] },
        relay: { roots: [server.program.pid] },
      },
      receivedBytes: received,
      stop: () => closers.stop(),
    }
  } catch (thrown) {
    await closers.stop()
    throw thrown
  }
}

/** In the foreground, from a folder of its own; nothing is installed. */
async function startAgent({ folder, agentSettings }: MeshServer, workFolder: string, display: string) {
  await mkdir(workFolder)
  const program = join(workFolder, 'meshagent')
  await copyFile(join(folder, 'agents', 'meshagent_x86-64'), program)
  await chmod(program, 0o755)
  await writeFile(`${program}.msh`, agentSettings)
  return startProgram({
    name: 'meshagent',
    // It keeps its files where it is started, and keeps what it says to itself; the server's page tells when it has come.
    command: 'sh',
    args: ['-c', 'cd "$0" && echo started && exec ./meshagent connect', workFolder],
    env: { DISPLAY: display },
    ready: line => (line === 'started' ? true : undefined),
  })
}

/** What MeshCentral's page has as globals. */
interface MeshPage {
  readonly nodes?: ReadonlyArray<{ _id: string; conn?: number; agent?: { core?: string } }>
  gotoDevice(id: string, tab: number): void
}

async function openDesktopTab(page: Page, { port, user, password }: MeshServer): Promise<void> {
  await page.goto(`https://127.0.0.1:${port}/`)
  await page.locator('#username').fill(user)
  await page.locator('#password').fill(password)
  await page.locator('#loginButton').click()
  // An agent that is connected but has no core yet can't show its desktop.
  const isThere = () => (globalThis as unknown as MeshPage).nodes?.some(node => node.conn && node.agent?.core)
  await page.waitForFunction(isThere, undefined, { timeout: AGENT_TIMEOUT_MS })
  await page.evaluate(() => {
    const mesh = globalThis as unknown as MeshPage
    const DESKTOP_TAB = 11
    mesh.gotoDevice(mesh.nodes?.[0]?._id ?? '', DESKTOP_TAB)
  })
  await page.locator('#connectbutton1:enabled').waitFor()
}

/** Lets the window grow until one pixel of the picture is one pixel of it. */
async function showAtNativeSize(page: Page): Promise<void> {
  for (let round = 0; round < 3; round++) {
    const [box, window] = [await page.locator(PICTURE).boundingBox(), page.viewportSize()]
    if (!box || !window) throw new Error('MeshCentral shows no picture')
    await page.setViewportSize({
      width: window.width + Math.round(DEVICE_SIZE.width - box.width),
      height: window.height + Math.round(DEVICE_SIZE.height - box.height),
    })
    await page.waitForTimeout(300)
  }
}
