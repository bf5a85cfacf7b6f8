import { join } from 'node:path'
import { app, shell as desktop, protocol, safeStorage } from 'electron'
import type { RefusalListener } from '#ipc/dispatch.ts'
import { resourcesIn } from '../resources.ts'
import type { Shell } from '../shell.ts'
import { createSafeSecrets } from './safe-secrets.ts'
import { saveFile } from './save-file.ts'
import { lockSession } from './session-lock.ts'
import { openElectronWindow } from './window.ts'

export interface ElectronShellOptions {
  /** Told of every refused or failed call of a window; for the log. */
  readonly onRefused?: RefusalListener
  /** A second start of the app ends at once and tells this one. Its arguments are not passed on: nothing in them is trusted. */
  readonly onSecondStart?: () => void
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
  const { onRefused = () => undefined, onSecondStart = () => undefined, isSingle = true } = options
  if (isSingle && !app.requestSingleInstanceLock()) return undefined
  app.on('second-instance', onSecondStart)
  app.enableSandbox()
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
