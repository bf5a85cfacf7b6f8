import { fileURLToPath } from 'node:url'
import { findFreePort } from '../../../testing/free-port.ts'
import { startProgram } from '../../../testing/program.ts'
import { startWindowManager } from '../../../testing/window-manager.ts'
import { startXDisplay } from '../../../testing/x-display.ts'
import { Closers, type Contender, DEVICE_SIZE } from '../contender.ts'
import { startPainter } from '../painter/program.ts'
import { debianPeer, npmPeer } from './cache.ts'
import { firstPictureMs } from './first-picture.ts'
import { countTcpBytes } from './tcp-bytes.ts'
import { startViewer } from './viewer.ts'

const NOVNC_VERSION = '1.7.0'
const BRIDGE = fileURLToPath(new URL('./bridge.ts', import.meta.url))
const PICTURE = '#screen canvas'

/** TigerVNC's scraping server with noVNC in the browser, both with their own settings, without encryption. */
export async function openNovncTiger(): Promise<Contender> {
  const [server, novnc] = [
    await debianPeer('X0tigervnc', 'tigervnc-scraping-server'),
    await npmPeer('@novnc/novnc', NOVNC_VERSION),
  ]
  const closers = new Closers()
  try {
    const display = closers.add(await startXDisplay(DEVICE_SIZE))
    closers.add(await startWindowManager(display.name))
    const [vncPort, port] = [await findFreePort(), await findFreePort()]
    const vnc = closers.add(
      await startProgram({
        name: 'X0tigervnc',
        command: server,
        args: ['-display', display.name, '-rfbport', String(vncPort), '-localhost', '-SecurityTypes', 'None'],
        ready: line => (line.includes('Listening for VNC') ? true : undefined),
      }),
    )
    const bridge = closers.add(
      await startProgram({
        name: 'bridge',
        command: process.execPath,
        args: [BRIDGE, String(port), String(vncPort), novnc],
        ready: line => line === 'ready' || undefined,
      }),
    )
    const viewer = closers.add(await startViewer(DEVICE_SIZE))
    await viewer.page.goto(`http://127.0.0.1:${port}/`)
    await viewer.page.locator('body[data-ready]').waitFor({ state: 'attached' })
    // Something that isn't black must be there to be seen first.
    const still = closers.add(await startPainter(display.name, 'idle'))
    const firstFrameMs = await firstPictureMs(viewer.page, PICTURE, '#connect')
    await still.stop()
    return {
      display: display.name,
      page: viewer.page,
      picture: PICTURE,
      firstFrameMs,
      groups: {
        host: { roots: [vnc.pid] },
        xServer: { roots: [display.pid] },
        viewer: { roots: [viewer.pid] },
        relay: { roots: [bridge.pid] },
      },
      receivedBytes: countTcpBytes(port),
      stop: () => closers.stop(),
    }
  } catch (thrown) {
    await closers.stop()
    throw thrown
  }
}
