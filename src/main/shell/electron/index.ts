import { join } from 'node:path'
import { app, shell as desktop, protocol, safeStorage } from 'electron'
import type { RefusalListener } from '#ipc/dispatch.ts'
import { resourcesIn } from '../resources.ts'
import { MDNS_NAMES_FEATURE } from '../security.ts'
import type { Shell } from '../shell.ts'
import { createSafeSecrets } from './safe-secrets.ts'
import { saveFile } from './save-file.ts'
import { lockSession } from './session-lock.ts'
import { openElectronWindow } from './window.ts'

export interface ElectronShellOptions {
  /** Told of every refused or failed call of a window; for the log. */
  readonly onRefused?: RefusalListener
  /**
   * A second start of the app, which ends at once, with its arguments and folder, or a link or file that macOS hands over. Nothing in them is trusted.
   * May be called as soon as the app starts.
   */
  readonly onOpened?: (args: readonly string[], folder: string) => void
  /** Default: one instance of the app for each user. */
  readonly isSingle?: boolean
}

const SCHEME_PRIVILEGES = {
  standard: true,
  secure: true,
  supportFetchAPI: false,
  corsEnabled: true,
  stream: true,
} as const

/**
 * Electron as a shell. Call it once, before the app is ready. Resolves with `undefined` when another instance of the app has the lock;
 * the caller then quits. Never await it at the top level of a module: Electron isn't ready before the main module has been evaluated.
 */
export async function createElectronShell(options: ElectronShellOptions = {}): Promise<Shell | undefined> {
  const { onRefused = () => undefined, onOpened = () => undefined, isSingle = true } = options
  if (isSingle && !app.requestSingleInstanceLock()) return undefined
  followOpenings(onOpened)
  app.enableSandbox()
  app.commandLine.appendSwitch('disable-features', MDNS_NAMES_FEATURE)
  protocol.registerSchemesAsPrivileged([{ scheme: 'handhold-app', privileges: SCHEME_PRIVILEGES }])
  // Without a listener Electron quits with the last window; here the app's own code decides.
  app.on('window-all-closed', () => undefined)
  await app.whenReady()

  const resources = resourcesIn(join(app.getAppPath(), 'dist'))
  lockSession(resources.renderer)
  const open = new Set<{ close(): Promise<void> }>()
  const { promise: gone, resolve: resolveGone } = Promise.withResolvers<void>()
  app.once('will-quit', () => resolveGone())

  return {
    kind: 'electron',
    gone,
    secrets: createSafeSecrets(safeStorage, join(app.getPath('userData'), 'secrets.json')),
    saveFile,
    openInBrowser: url => desktop.openExternal(url),
    async openWindow(window) {
      const opened = await openElectronWindow(window, resources, onRefused)
      open.add(opened)
      void opened.closed.then(() => open.delete(opened))
      return opened
    },
    async quit() {
      await Promise.all([...open].map(window => window.close()))
      resolveGone()
      app.quit()
    },
  }
}

/** macOS has no arguments: it says what to open by events, of which the first may come before the app is ready. */
function followOpenings(onOpened: (args: readonly string[], folder: string) => void): void {
  app.on('second-instance', (_event, args, folder) => onOpened(args.slice(1), folder))
  app.on('open-url', (event, url) => {
    event.preventDefault()
    onOpened([url], '/')
  })
  app.on('open-file', (event, path) => {
    event.preventDefault()
    onOpened([path], '/')
  })
}
