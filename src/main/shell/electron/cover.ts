import type { BrowserWindow } from 'electron'
import { connectX } from '../chromium/x11/connection.ts'
import { makeCover } from '../chromium/x11/window.ts'

/** The window over the whole screen, and for presses as if it weren't there. On X11 the agent's own picture of the desktop leaves it out. */
export async function coverAll(window: BrowserWindow): Promise<void> {
  if (window.isDestroyed()) return
  window.setIgnoreMouseEvents(true)
  const { DISPLAY } = process.env
  if (process.platform !== 'linux' || !DISPLAY) return window.setFullScreen(true)
  const connection = await connectX(DISPLAY)
  // What a connection has made of a window goes with the connection.
  window.once('closed', () => connection.close())
  await makeCover(connection, window.getNativeWindowHandle().readUInt32LE(0))
}
