import { join } from 'node:path'
import type { RefusalListener } from '#ipc/dispatch.ts'
import type { Resources } from '../resources.ts'
import type { Shell } from '../shell.ts'
import { type Browser, launchBrowser } from './browser.ts'
import { configFolder, createFileSecrets } from './file-secrets.ts'
import { openInBrowser } from './open-in-browser.ts'
import { downloadsFolder, saveIn } from './save-file.ts'
import { startPage } from './start-page.ts'
import { openChromiumWindow } from './window.ts'

export interface ChromiumShellOptions {
  readonly resources: Resources
  readonly env: Readonly<Record<string, string | undefined>>
  /** Development only: the debugging protocol on this port of 127.0.0.1 for the first window's browser, on the next port for the second, and so on. */
  readonly debugPort?: number
  /** A browser that was started ahead; the first window of its view takes it. */
  readonly launched?: Browser
  /** Told of every refused or failed call of a window; for the log. */
  readonly onRefused?: RefusalListener
}

/** A shell on an installed Chromium: one browser process with one app window for each `openWindow`. */
export function createChromiumShell(options: ChromiumShellOptions): Shell {
  const { resources, env, debugPort, onRefused = () => undefined } = options
  const browsers = new Set<Browser>()
  const { promise: gone, resolve: resolveGone } = Promise.withResolvers<void>()
  let isQuitting = false
  let launched = options.launched

  const keep = (browser: Browser): Browser => {
    browsers.add(browser)
    void browser.exited.then(({ clean }) => {
      browsers.delete(browser)
      // A display's window is one of several pictures; the app goes on without it.
      if (!clean && browser.view !== 'display') resolveGone()
    })
    return browser
  }
  if (launched !== undefined) keep(launched)

  return {
    kind: 'chromium',
    secrets: createFileSecrets(join(configFolder(process.platform, env), 'secrets.json')),
    gone,
    saveFile: file => saveIn(downloadsFolder(env), file),
    openInBrowser: url => openInBrowser(url, process.platform, env),
    async openWindow(window) {
      let browser = launched?.view === window.view ? launched : undefined
      if (browser !== undefined) launched = undefined
      else {
        const { x, y, ...size } = window.bounds
        const position = x === undefined || y === undefined ? undefined : { x, y }
        browser = keep(
          launchBrowser({
            view: window.view,
            start: startPage(window.view, resources),
            size,
            position,
            env,
            ...(debugPort !== undefined && { debugPort: debugPort + browsers.size }),
          }),
        )
      }
      if (isQuitting) await browser.close()
      return openChromiumWindow(window, { browser, resources, env, onRefused })
    },
    async quit() {
      isQuitting = true
      await Promise.all([...browsers].map(browser => browser.close()))
      resolveGone()
    },
  }
}
