import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { startProgram } from '../../../testing/program.ts'
import type { WorkloadName } from '../workload-names.ts'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))
const STOP_GRACE_MS = 2_000

export interface PainterProgram {
  /** Every stamp that was really painted so far, epoch ms, oldest first. */
  readonly painted: readonly number[]
  stop(): Promise<void>
}

/** The painter as a process of its own. */
export async function startPainter(display: string, what: WorkloadName | 'click' | 'strip'): Promise<PainterProgram> {
  const painted: number[] = []
  const program = await startProgram({
    name: `painter of ${what}`,
    command: process.execPath,
    args: [MAIN, display, what],
    ready: line => (line === 'ready' ? true : undefined),
    onLine: line => {
      if (line.startsWith('painted ')) painted.push(Number(line.slice('painted '.length)))
    },
  })
  return { painted, stop: () => program.stop() }
}

/** Any X program instead of the painter's own pictures, with the barcode laid over it. */
export async function startForeignWorkload(display: string, command: string): Promise<PainterProgram> {
  const child = spawn('sh', ['-c', command], {
    env: { ...process.env, DISPLAY: display },
    stdio: ['ignore', 'ignore', 'inherit'],
    detached: true,
  })
  const exited = new Promise<void>(resolve => child.once('exit', () => resolve()))
  // The command may have started others: its whole group goes.
  const signal = (name: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, name)
    } catch {
      // All of them ended by themselves.
    }
  }
  const endGroup = () => signal('SIGKILL')
  process.on('exit', endGroup)
  const strip = await startPainter(display, 'strip')
  return {
    painted: strip.painted,
    async stop() {
      await strip.stop()
      signal('SIGTERM')
      const timer = setTimeout(endGroup, STOP_GRACE_MS)
      await exited
      clearTimeout(timer)
      endGroup()
      process.off('exit', endGroup)
    },
  }
}
