import { spawn } from 'node:child_process'
import { ShellError } from '../shell.ts'
import { browserEnvironment } from './browser.ts'
import { findBrowser } from './find-browser.ts'

type Environment = Parameters<typeof browserEnvironment>[0]

/**
 * The system's own way to open a page in the person's browser; where there is none, the installed Chromium with their own profile. `HANDHOLD_BROWSER` names
 * another program that takes the address. No shell reads the address.
 */
export async function openInBrowser(url: string, platform: NodeJS.Platform, env: Environment): Promise<void> {
  const chosen = env.HANDHOLD_BROWSER
  const ways: [string, string[]][] = chosen ? [[chosen, [url]]] : usualWays(url, platform, env)
  for (const [program, args] of ways) if (await starts(program, args, env)) return
  throw new ShellError('browser-missing', 'No browser could be started to sign in with. Install one, then try again.')
}

function usualWays(url: string, platform: NodeJS.Platform, env: Environment): [string, string[]][] {
  if (platform === 'darwin') return [['open', [url]]]
  if (platform === 'win32') return [['rundll32', ['url.dll,FileProtocolHandler', url]]]
  return [
    ['xdg-open', [url]],
    [findBrowser({ platform, env }), [url]],
  ]
}

/** Whether the program could be started; it goes on without this one. */
function starts(program: string, args: readonly string[], env: Environment): Promise<boolean> {
  return new Promise(resolve => {
    const child = spawn(program, args, { detached: true, stdio: 'ignore', env: browserEnvironment(env) })
    child.once('error', () => resolve(false))
    child.once('spawn', () => {
      child.unref()
      resolve(true)
    })
  })
}
