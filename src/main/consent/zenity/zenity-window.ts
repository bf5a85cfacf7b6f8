import { spawn } from 'node:child_process'
import { text as readAll } from 'node:stream/consumers'
import { connectX, type XConnection } from '../../shell/chromium/x11/connection.ts'
import { giveKeyboardBack } from '../../shell/chromium/x11/keyboard.ts'
import { keepInFront } from '../../shell/chromium/x11/stay.ts'
import { findWindow, makeBare } from '../../shell/chromium/x11/window.ts'
import type { Area } from '../place.ts'

const KEYBOARD_CAME_MS = 300

/** How a window went: a button, Escape or its cross, or a process that died under it. */
export type ZenityEnd =
  | { readonly how: 'pressed'; readonly label: string }
  | { readonly how: 'closed' }
  | { readonly how: 'died' }

export interface ZenityOptions {
  readonly program: string
  readonly env: NodeJS.ProcessEnv
  readonly display: string
  /** Plain text. A stranger's words may be in it. */
  readonly text: string
  /** From left to right. */
  readonly buttons: readonly string[]
  readonly width: number
  /** Where it is to stand, once its size is known. */
  readonly place: (size: { readonly width: number; readonly height: number }) => Area
  /** Nobody else moves or hides it. */
  readonly stays: boolean
  readonly onCovered: (isCovered: boolean) => void
}

export interface ZenityWindow {
  /** Resolves with where it stands when it can be seen; rejects where none comes up. */
  readonly shown: Promise<Area>
  /** Never rejects. */
  readonly ended: Promise<ZenityEnd>
  /** Safe after the end. */
  close(): void
}

/** One window of GTK's, by the program `zenity`: above all others, without a frame of the window manager's. */
export function openZenity(options: ZenityOptions): ZenityWindow {
  const child = spawn(options.program, zenityArguments(options), {
    // Without a locale of UTF-8 it refuses every word that isn't English.
    env: { ...options.env, LC_ALL: 'C.UTF-8' },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const pressed = readAll(child.stdout).catch(() => '')
  const ended = new Promise<ZenityEnd>(resolve => {
    child.once('error', () => resolve({ how: 'died' }))
    child.once('exit', async (code, signal) => {
      const label = (await pressed).trim()
      // 0 and 1 are answers (zenity(1)); it ends with 255 where it could ask nobody.
      if (signal !== null || (code !== 0 && code !== 1)) resolve({ how: 'died' })
      else resolve(label === '' ? { how: 'closed' } : { how: 'pressed', label })
    })
  })
  const x = connectX(options.display)
  const shown = x.then(connection => present(connection, child.pid ?? 0, options))
  shown.catch(() => undefined)
  void ended.then(() => x.then(connection => connection.close())).catch(() => undefined)
  return { shown, ended, close: () => void child.kill('SIGKILL') }
}

/** Without markup zenity reads no escapes either: what a stranger wrote is only ever text. */
export const zenityArguments = ({
  text,
  buttons,
  width,
}: Pick<ZenityOptions, 'text' | 'buttons' | 'width'>): string[] => [
  '--question',
  '--switch',
  '--no-markup',
  '--title=Handhold',
  `--width=${width}`,
  `--text=${text}`,
  ...buttons.map(label => `--extra-button=${label}`),
]

async function present(
  connection: XConnection,
  pid: number,
  { place, stays, onCovered }: ZenityOptions,
): Promise<Area> {
  const { client, ask } = connection
  const window = await findWindow(connection, pid)
  const size = await ask<{ width: number; height: number }>(answer => client.GetGeometry(window, answer))
  const area = place(size)
  await makeBare(connection, window, area)
  const staying = await keepInFront(connection, window, onCovered)
  if (stays) {
    staying.belongsAt(area)
    // A window manager gives it the keyboard a moment after it came up.
    const back = () => void giveKeyboardBack(connection, window).catch(() => undefined)
    setTimeout(back, KEYBOARD_CAME_MS).unref()
  }
  return area
}
