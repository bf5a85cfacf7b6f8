import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { BrowserWindow, type IpcMainEvent, ipcMain, screen } from 'electron'
import type { EventName, EventPayload, IpcContract } from '#ipc/contract.ts'
import { createDispatcher, encodeEvent, type RefusalListener } from '#ipc/dispatch.ts'
import { TO_MAIN_CHANNEL, TO_WINDOW_CHANNEL } from '#ipc/electron-channels.ts'
import type { Resources } from '../resources.ts'
import { isSenderTrusted, pageUrl, WEB_PREFERENCES } from '../security.ts'
import { ShellError, type ShellWindow, type WindowOptions } from '../shell.ts'
import { coverAll } from './cover.ts'
import { returnKeyboard } from './keyboard.ts'
import { nameView } from './session-lock.ts'

/** Opens a window on `options.view` and resolves when its page is loaded. */
export async function openElectronWindow<C extends IpcContract>(
  options: WindowOptions<C>,
  resources: Resources,
  onRefused: RefusalListener,
): Promise<ShellWindow<C>> {
  const { view, contract, bounds, minimumSize } = options
  if (!existsSync(join(resources.renderer, `${view}.html`))) {
    throw new ShellError('renderer-missing', 'The app’s own pages are missing. Install Handhold again.')
  }
  const window = new BrowserWindow({
    ...bounds,
    ...(minimumSize && { minWidth: minimumSize.width, minHeight: minimumSize.height }),
    useContentSize: true,
    title: options.title,
    alwaysOnTop: options.alwaysOnTop === true,
    // The consent window becomes a strip: a frame would be higher than the strip itself.
    frame: view !== 'consent',
    show: false,
    autoHideMenuBar: true,
    webPreferences: { ...WEB_PREFERENCES, preload: resources.preload('electron', view) },
  })
  if (options.alwaysOnTop) window.setAlwaysOnTop(true, 'screen-saver')
  nameView(window.webContents, view)
  const closed = new Promise<void>(resolve => window.once('closed', resolve))

  const dispatcher = createDispatcher(contract, options.handlers, onRefused)
  const send = (message: string) => {
    if (!window.isDestroyed()) window.webContents.send(TO_WINDOW_CHANNEL, message)
  }
  const handle = async (event: IpcMainEvent, message: unknown) => {
    const { senderFrame: frame, sender } = event
    const isKnownWindow = !window.isDestroyed() && sender === window.webContents
    if (!isKnownWindow) return
    const isMainFrame = frame !== null && frame === sender.mainFrame
    if (!isSenderTrusted(pageUrl('electron', view), { url: frame?.url, isMainFrame, isKnownWindow })) return
    const reply = await dispatcher.handle(message)
    if (reply !== undefined) send(reply)
  }
  ipcMain.on(TO_MAIN_CHANNEL, handle)
  void closed.then(() => ipcMain.off(TO_MAIN_CHANNEL, handle))
  window.webContents.once('render-process-gone', () => window.destroy())
  // What closes it for us is `destroy`, which asks nobody.
  const { mayClose } = options
  if (mayClose)
    window.on('close', event => {
      event.preventDefault()
      void mayClose().then(
        may => may && ifOpen(window, () => window.destroy()),
        () => undefined,
      )
    })
  window.once('ready-to-show', () => window.show())

  await load(window, pageUrl('electron', view))
  return {
    emit: <K extends EventName<C>>(event: K, payload: EventPayload<C, K>) =>
      send(encodeEvent(contract, event, payload)),
    setFullScreen: async on => ifOpen(window, () => window.setFullScreen(on)),
    cover: () => coverAll(window),
    setBounds: async next => ifOpen(window, () => window.setBounds(next)),
    scale: async () => (window.isDestroyed() ? 1 : screen.getDisplayMatching(window.getBounds()).scaleFactor),
    stayAt: async place => ifOpen(window, () => stayAt(window, place)),
    focus: async () => ifOpen(window, () => window.focus()),
    giveKeyboardBack: () => returnKeyboard(window),
    async close() {
      ifOpen(window, () => window.destroy())
      await closed
    },
    closed,
  }
}

/** Neither moved nor hidden by anybody: what a window manager lets through all the same is undone. */
function stayAt(window: BrowserWindow, place: Electron.Rectangle): void {
  for (const name of ['moved', 'resized', 'minimize', 'hide'] as const) window.removeAllListeners(name)
  window.setMovable(false)
  window.setMinimizable(false)
  window.setBounds(place)
  const back = () => {
    if (window.isMinimized()) window.restore()
    if (!window.isVisible()) window.showInactive()
    window.setBounds(place)
  }
  window.on('moved', back)
  window.on('resized', back)
  window.on('minimize', back)
  window.on('hide', back)
}

async function load(window: BrowserWindow, url: string): Promise<void> {
  try {
    await window.loadURL(url)
  } catch (cause) {
    ifOpen(window, () => window.destroy())
    throw new ShellError('renderer-missing', 'The app’s own page can’t be shown. Install Handhold again.', { cause })
  }
}

function ifOpen(window: BrowserWindow, work: () => void): void {
  if (!window.isDestroyed()) work()
}
