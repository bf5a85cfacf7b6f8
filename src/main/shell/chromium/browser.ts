import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import type { Readable, Writable } from 'node:stream'
import { ShellError, type ViewName } from '../shell.ts'
import { type CdpConnection, connectCdp } from './cdp.ts'
import { findBrowser } from './find-browser.ts'
import { browserFlags } from './flags.ts'
import { createProfile, removeProfile } from './profile.ts'
import type { StartPage } from './start-page.ts'

export interface LaunchOptions {
  readonly view: ViewName
  readonly start: StartPage
  readonly size: { readonly width: number; readonly height: number }
  readonly position?: { readonly x: number; readonly y: number }
  readonly env: Readonly<Record<string, string | undefined>>
  /** Where everything that it writes is; it has to be there. Default: where the user's programs put such things. */
  readonly folder?: string | undefined
  readonly debugPort?: number
}

/** A running browser with its one window. */
export interface Browser {
  readonly view: ViewName
  readonly start: StartPage
  readonly pid: number
  readonly cdp: CdpConnection
  /** Resolves when the process has exited and its profile is removed; `clean` when it was closed rather than died. */
  readonly exited: Promise<{ readonly clean: boolean; readonly stderr: string }>
  /** Asks the browser to close, and kills it after two seconds. Idempotent. */
  close(): Promise<void>
  /** By us. */
  readonly isClosing: boolean
}

const CLOSE_TIMEOUT_MS = 2_000
const STDERR_MAX_CHARACTERS = 4_000

// What a browser needs of the environment. The rest may change what it loads or trusts (LD_PRELOAD, SSLKEYLOGFILE, proxies) or is ours.
const ENV_NAMES =
  /^(DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|HOME|USER|LOGNAME|PATH|LANG|LANGUAGE|LC_.*|TZ|TMPDIR|XDG_.*|DBUS_SESSION_BUS_ADDRESS|GTK_.*|QT_.*|FONTCONFIG_.*|SYSTEMROOT|SYSTEMDRIVE|WINDIR|APPDATA|LOCALAPPDATA|PROGRAMDATA|PROGRAMFILES.*|USERPROFILE|TEMP|TMP)$/i

export const browserEnvironment = (env: LaunchOptions['env']) =>
  Object.fromEntries(Object.entries(env).filter(([name]) => ENV_NAMES.test(name)))

/** Starts a browser. Throws `browser-missing` and `display-missing` at once; a browser that fails later says so by `exited`. */
export function launchBrowser(options: LaunchOptions): Browser {
  const { view, start, env } = options
  const platform = process.platform
  if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) {
    throw new ShellError(
      'display-missing',
      'There is no display to show a window on. Set DISPLAY, or sign in to the desktop first.',
    )
  }
  const program = findBrowser({ platform, env })
  const profileFolder = createProfile(options.folder ?? runtimeFolderOf(env))
  const hasGpu = platform !== 'linux' || existsSync('/dev/dri')
  const flags = browserFlags({
    ...options,
    startUrl: start.url,
    profileFolder,
    platform,
    uid: process.getuid?.(),
    hasGpu,
  })
  const child = spawn(program, flags, {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    env: { ...browserEnvironment(env), ...(options.folder !== undefined && { TMPDIR: options.folder }) },
  })
  const cdp = connectCdp(child.stdio[3] as Writable, child.stdio[4] as Readable)
  const exited = watchExit(child, cdp, profileFolder)
  let closing: Promise<void> | undefined
  const close = async () => {
    cdp.send('Browser.close').catch(() => undefined)
    const timer = setTimeout(() => child.kill('SIGKILL'), CLOSE_TIMEOUT_MS)
    await exited
    clearTimeout(timer)
  }
  // A pipe that closed or spoke nonsense leaves a browser that nobody steers.
  void cdp.closed.then(() => child.kill('SIGTERM'))
  return {
    view,
    start,
    pid: child.pid ?? 0,
    cdp,
    exited,
    close: () => {
      closing ??= close()
      return closing
    },
    get isClosing() {
      return closing !== undefined
    },
  }
}

const runtimeFolderOf = ({ XDG_RUNTIME_DIR: folder }: LaunchOptions['env']): string =>
  folder && existsSync(folder) ? folder : tmpdir()

async function watchExit(child: ChildProcess, cdp: CdpConnection, profileFolder: string) {
  let stderr = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_MAX_CHARACTERS)
  })
  const clean = await new Promise<boolean>(resolve => {
    child.once('exit', code => resolve(code === 0))
    child.once('error', error => {
      stderr += error.message
      resolve(false)
    })
  })
  cdp.close()
  await removeProfile(profileFolder, clean)
  return { clean, stderr }
}
