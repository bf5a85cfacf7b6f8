import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startProgram } from './program.ts'

export interface WindowManagerOptions {
  /** Every window takes the whole display, without a frame, as an operator would have it. */
  readonly maximize?: boolean
}

const RULES = {
  framed: '<focus>yes</focus>',
  maximized: '<focus>yes</focus><decor>no</decor><maximized>yes</maximized>',
}

/** openbox with settings of its own, whatever the user has. */
export async function startWindowManager(display: string, { maximize = false }: WindowManagerOptions = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'handhold-openbox-'))
  const config = join(folder, 'rc.xml')
  const rule = maximize ? RULES.maximized : RULES.framed
  const keys = '<keybind key="A-F4"><action name="Close"/></keybind>'
  await writeFile(
    config,
    `<openbox_config xmlns="http://openbox.org/3.4/rc"><keyboard>${keys}</keyboard><applications><application class="*">${rule}</application></applications></openbox_config>`,
  )
  const program = await startDesktopProgram(display, 'openbox', ['--sm-disable', '--config-file', config])
  return {
    async stop() {
      await program.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A program of a desktop. None says when it is ready; that it runs is all that is asked of it here. */
export function startDesktopProgram(display: string, name: string, args: readonly string[]) {
  return startProgram({
    name,
    command: 'sh',
    args: ['-c', 'echo up; exec "$0" "$@"', name, ...args],
    env: { DISPLAY: display },
    ready: line => line || undefined,
  })
}
