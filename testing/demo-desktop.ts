import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startDesktopProgram, startWindowManager } from './window-manager.ts'

export interface DemoDesktop {
  /** Everything that the terminal showed, as the terminal's own log: a file that grows. */
  readonly terminalLog: string
  stop(): Promise<void>
}

const CLOCK = ['-digital', '-update', '1', '-strftime', '%H:%M:%S', '-geometry', '170x50-30+30']
const TERMINAL = ['-fa', 'DejaVu Sans Mono', '-fs', '13', '-geometry', '90x24+60+90', '-title', 'Terminal']
const SHELL = ['env', 'PS1=demo\\$ ', 'HISTFILE=', 'bash', '--norc', '--noprofile']

/** A window manager, a terminal and a clock on an X display: enough of a desktop to be worked on. */
export async function startDemoDesktop(display: string): Promise<DemoDesktop> {
  const folder = await mkdtemp(join(tmpdir(), 'handhold-desktop-'))
  const terminalLog = join(folder, 'terminal.log')
  await writeFile(terminalLog, '')
  const parts = [
    await startWindowManager(display),
    await startDesktopProgram(display, 'xsetroot', ['-solid', '#2f4858']),
    await startDesktopProgram(display, 'xclock', CLOCK),
    await startDesktopProgram(display, 'xterm', [...TERMINAL, '-l', '-lf', terminalLog, '-e', ...SHELL]),
  ]
  return {
    terminalLog,
    async stop() {
      await Promise.all(parts.map(part => part.stop()))
      await rm(folder, { recursive: true, force: true })
    },
  }
}
