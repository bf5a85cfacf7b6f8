import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { ShellError } from '../shell.ts'

export interface BrowserSearch {
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
  readonly isExecutable?: (path: string) => boolean
}

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'brave-browser',
]

/**
 * The path of an installed Chromium. `HANDHOLD_CHROMIUM` decides alone when it is set.
 * Throws `browser-missing` with what to install or set.
 */
export function findBrowser({ platform, env, isExecutable = canExecute }: BrowserSearch): string {
  const chosen = env.HANDHOLD_CHROMIUM
  if (chosen) {
    if (isExecutable(chosen)) return chosen
    throw new ShellError(
      'browser-missing',
      `HANDHOLD_CHROMIUM names ${chosen}, which can't be started. Correct it or unset it.`,
    )
  }
  const found = usualPlaces(platform, env).find(isExecutable)
  if (found !== undefined) return found
  throw new ShellError(
    'browser-missing',
    'No Chromium was found on this computer. Install Chromium or Google Chrome, or set HANDHOLD_CHROMIUM to the path of one.',
  )
}

function usualPlaces(platform: NodeJS.Platform, env: BrowserSearch['env']): string[] {
  switch (platform) {
    case 'win32': {
      const roots = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].filter(root => root !== undefined)
      const programs = [
        'Chromium/Application/chrome.exe',
        'Google/Chrome/Application/chrome.exe',
        'Microsoft/Edge/Application/msedge.exe',
      ]
      return programs.flatMap(program => roots.map(root => join(root, program)))
    }
    case 'darwin':
      return ['Chromium', 'Google Chrome', 'Microsoft Edge'].map(
        name => `/Applications/${name}.app/Contents/MacOS/${name}`,
      )
    default: {
      // Debian's /usr/bin/chromium is a shell script that costs 100 ms; the binaries come first.
      const binaries = [
        '/usr/lib/chromium/chromium',
        '/usr/lib64/chromium-browser/chromium-browser',
        '/opt/google/chrome/chrome',
      ]
      const folders = (env.PATH ?? '').split(delimiter).filter(folder => folder.startsWith('/'))
      return [
        ...binaries,
        ...NAMES.map(name => `/usr/bin/${name}`),
        ...NAMES.flatMap(name => folders.map(f => join(f, name))),
        '/snap/bin/chromium',
      ]
    }
  }
}

export function canExecute(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
