import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Program, startProgram } from './program.ts'

export interface DemoDesktop {
  /** Everything that the terminal showed, as the terminal's own log: a file that grows. */
  readonly terminalLog: string
  stop(): Promise<void>
}

const OPENBOX = `<?xml version="1.0"?>
<openbox_config xmlns="http://openbox.org/3.4/rc">
  <applications><application class="*"><focus>yes</focus></application></applications>
</openbox_config>
`

/** A window manager, a terminal and a clock on an X display: enough of a desktop to be worked on. */
export async function startDemoDesktop(display: string): Promise<DemoDesktop> {
  const folder = await mkdtemp(join(tmpdir(), 'handhold-desktop-'))
  const config = join(folder, 'openbox.xml')
  const terminalLog = join(folder, 'terminal.log')
  await writeFile(config, OPENBOX)
  await writeFile(terminalLog, '')
  const env = { DISPLAY: display }
  const programs: Program[] = []
  const start = async (name: string, args: string[]) => {
    // None of these says when it is ready; that it runs is all that is asked of it here.
    programs.push(
      await startProgram({
        name,
        command: 'sh',
        args: ['-c', 'echo up; exec "$0" "$@"', name, ...args],
        env,
        ready: line => line || undefined,
      }),
    )
  }
  await start('openbox', ['--sm-disable', '--config-file', config])
  await start('xsetroot', ['-solid', '#2f4858'])
  await start('xclock', ['-digital', '-update', '1', '-strftime', '%H:%M:%S', '-geometry', '170x50-30+30'])
  await start('xterm', [
    '-fa',
    'DejaVu Sans Mono',
    '-fs',
    '13',
    '-geometry',
    '90x24+60+90',
    '-title',
    'Terminal',
    '-l',
    '-lf',
    terminalLog,
    '-e',
    'env',
    'PS1=demo:\\w\\$ ',
    'HISTFILE=',
    'bash',
    '--norc',
    '--noprofile',
  ])
  return {
    terminalLog,
    async stop() {
      await Promise.all(programs.map(program => program.stop()))
      await rm(folder, { recursive: true, force: true })
    },
  }
}
