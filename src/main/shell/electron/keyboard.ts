import type { BrowserWindow } from 'electron'
import { connectX } from '../chromium/x11/connection.ts'
import { giveKeyboardBack } from '../chromium/x11/keyboard.ts'

/** What is typed goes to the program again that the person worked in. On X11 Electron itself would put the window beneath all others. */
export async function returnKeyboard(window: BrowserWindow): Promise<void> {
  if (window.isDestroyed()) return
  const { DISPLAY } = process.env
  if (process.platform !== 'linux' || !DISPLAY) return window.blur()
  try {
    const connection = await connectX(DISPLAY)
    try {
      await giveKeyboardBack(connection, window.getNativeWindowHandle().readUInt32LE(0))
    } finally {
      connection.close()
    }
  } catch {
    // A display that can't be asked keeps the keyboard where it is.
  }
}
