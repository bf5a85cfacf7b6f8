import { connectX } from '../../shell/chromium/x11/connection.ts'
import { litMonitors } from '../../shell/chromium/x11/monitors.ts'
import { keepAbove, letPressesThrough } from '../../shell/chromium/x11/window.ts'
import type { Area } from '../place.ts'
import { edgesOf } from './edges.ts'
import type { Frame } from './frame.ts'

/** The accent and the warning colour of the banner, light theme. */
const LIVE = 0x1d5bd0
const PAUSED = 0x7a4f00
const FROM_PARENT = 0
const INPUT_OUTPUT = 1

/** Windows that no window manager knows of and no press lands in. Rejects where the X server can't let presses through. */
export async function openX11Frame(display: string, banner: Area): Promise<Frame> {
  const connection = await connectX(display)
  try {
    const { client, root } = connection
    const windows = edgesOf(await litMonitors(connection), banner).map(({ x, y, width, height }) => {
      const window = client.AllocID()
      client.CreateWindow(window, root, x, y, width, height, 0, FROM_PARENT, INPUT_OUTPUT, FROM_PARENT, {
        overrideRedirect: true,
        backgroundPixel: LIVE,
      })
      return window
    })
    for (const window of windows) {
      await letPressesThrough(connection, window)
      client.MapWindow(window)
      await keepAbove(connection, window, () => undefined)
    }
    return {
      show(isPaused) {
        for (const window of windows) {
          client.ChangeWindowAttributes(window, { backgroundPixel: isPaused ? PAUSED : LIVE })
          client.ClearArea(window, 0, 0, 0, 0, 0)
        }
      },
      close: () => connection.close(),
    }
  } catch (thrown) {
    connection.close()
    throw thrown
  }
}
