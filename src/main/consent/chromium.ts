// The consent window in an installed Chromium. A person waits: the browser starts before anything else is loaded.
import { mkdirSync } from 'node:fs'
import { launchBrowser } from '../shell/chromium/browser.ts'
import { startPage } from '../shell/chromium/start-page.ts'
import { distFolder, resourcesIn } from '../shell/resources.ts'
import { ShellError } from '../shell/shell.ts'
import { DIALOG_SIZE } from './place.ts'
import { findZenity } from './zenity/find-zenity.ts'

process.exitCode = await main()
if (process.connected) process.disconnect()

async function main(): Promise<number> {
  const { env } = process
  const resources = resourcesIn(env.HANDHOLD_DIST ?? distFolder())
  let launched: ReturnType<typeof launchBrowser>
  try {
    const start = startPage('consent', resources)
    launched = launchBrowser({ view: 'consent', start, size: DIALOG_SIZE, env, folder: makeFolder(env) })
  } catch (thrown) {
    if (!(thrown instanceof ShellError)) throw thrown
    const zenity = thrown.code === 'browser-missing' ? findZenity(env) : undefined
    if (zenity !== undefined) return (await import('./zenity/run-in-zenity.ts')).runInZenity(zenity, env)
    const message = thrown.message.slice(0, 500)
    await new Promise(done => (process.send ? process.send({ type: 'failed', message }, done) : done(undefined)))
    return 1
  }
  const { runInChromium } = await import('./run-in-chromium.ts')
  return runInChromium(launched, resources)
}

/** The agent names it, and removes it when this program is gone, however it went. */
function makeFolder({ HANDHOLD_WINDOW_FOLDER: folder }: NodeJS.ProcessEnv): string | undefined {
  if (folder !== undefined) mkdirSync(folder, { mode: 0o700 })
  return folder
}
