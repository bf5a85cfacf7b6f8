import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** Every program that a test or the demo started and that hasn't ended: none may outlive the run. */
const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

const STOP_GRACE_MS = 5_000
const TAIL_LINES = 40

export interface ProgramOptions<T> {
  /** For messages. */
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Reads a line of standard output or error; anything but undefined means that the program is ready. */
  readonly ready: (line: string) => T | undefined
  readonly readyWithinMs?: number
  readonly onLine?: (line: string) => void
}

export interface Program<T = unknown> {
  readonly name: string
  readonly pid: number
  readonly ready: T
  /** Exit code, or null if a signal ended it. */
  readonly exited: Promise<number | null>
  kill(signal: NodeJS.Signals): void
  /** The last lines that it printed. */
  tail(): string
  /** SIGTERM, and SIGKILL after 5 s. Idempotent. */
  stop(): Promise<void>
}

/** Starts a program and resolves when it says that it is ready; rejects with its last lines if it ends or is silent too long. */
export async function startProgram<T>(options: ProgramOptions<T>): Promise<Program<T>> {
  const { name, command, args, env = {}, ready, readyWithinMs = 30_000, onLine } = options
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  const lines: string[] = []
  const readiness = Promise.withResolvers<T>()
  const exited = new Promise<number | null>(resolve => {
    child.on('exit', code => {
      running.delete(child)
      resolve(code)
    })
  })
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', line => {
      lines.push(line)
      if (lines.length > TAIL_LINES) lines.shift()
      onLine?.(line)
      const value = ready(line)
      if (value !== undefined) readiness.resolve(value)
    })
  }
  const tail = () => lines.join('\n')
  child.on('error', cause => readiness.reject(new Error(`${name} could not be started: ${cause.message}`)))
  void exited.then(code => readiness.reject(new Error(`${name} ended with ${code} before it was ready:\n${tail()}`)))
  const timer = setTimeout(
    () => readiness.reject(new Error(`${name} was not ready after ${readyWithinMs} ms:\n${tail()}`)),
    readyWithinMs,
  )
  try {
    const value = await readiness.promise
    return {
      name,
      pid: child.pid ?? 0,
      ready: value,
      exited,
      kill: signal => child.kill(signal),
      tail,
      stop: () => stop(child, exited),
    }
  } catch (thrown) {
    child.kill('SIGKILL')
    throw thrown
  } finally {
    clearTimeout(timer)
  }
}

async function stop(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS)
  await exited
  clearTimeout(timer)
}
