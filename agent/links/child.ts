import { type ChildProcess, spawn } from 'node:child_process'
import { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import type { z } from 'zod'

const LOGGED_LINES_MAX = 50
const LOGGED_LINE_MAX_CHARACTERS = 500

export interface ChildUser {
  readonly uid: number
  readonly gid: number
}

export interface ChildOptions<In> {
  readonly command: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  /** Undefined: the service's own user. */
  readonly user?: ChildUser | undefined
  /** Descriptors after the process channel, which is the fourth: `pipe` makes a pair of sockets, a number hands over one that is open here. */
  readonly more?: readonly ('pipe' | number)[]
  readonly incoming: z.ZodType<In>
  readonly onMessage: (message: In) => void
  /** It sent something that isn't in the contract. */
  readonly onInvalid: () => void
  /** A line that it printed; at most 50 of 500 characters. */
  readonly onLine: (line: string) => void
}

/** How a child ended; `code` and `signal` are both null when it could not be started. */
export interface ChildExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A child process with a typed channel. It ends by itself when the service dies, because the channel closes then. */
export interface Child<Out> {
  readonly pid: number | undefined
  /** Settles once, when the process is gone; never rejects. */
  readonly exited: Promise<ChildExit>
  /** Safe after the end. */
  send(message: Out): void
  /** With a socket that is the child's from then on. */
  hand(message: Out, socket: Socket): void
  /** This side of each `pipe` of `more`. */
  readonly sockets: readonly Socket[]
  /** Asks the child to end by itself. Safe after the end. */
  terminate(): void
  /** Ends the child and all that it started, at once. Safe after the end. */
  kill(): void
}

export function startChild<In, Out extends object>(options: ChildOptions<In>): Child<Out> {
  const [program = '', ...args] = options.command
  const child = spawn(program, args, {
    env: options.environment,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc', ...(options.more ?? [])],
    // A process group of its own: ending the group ends what the child started too, and a terminal's Ctrl-C reaches only the service.
    detached: process.platform !== 'win32',
    ...(options.user ? { uid: options.user.uid, gid: options.user.gid } : {}),
  })
  const exited = exitOf(child)
  child.on('message', value => {
    const message = options.incoming.safeParse(value)
    if (message.success) options.onMessage(message.data)
    else options.onInvalid()
  })
  forwardLines(child, options.onLine)
  return {
    pid: child.pid,
    exited,
    send: message => void (child.connected && child.send(message, () => undefined)),
    hand: (message, socket) => void (child.connected && child.send(message, socket, {}, () => undefined)),
    sockets: child.stdio.slice(4).filter(stream => stream instanceof Socket),
    terminate: () => void child.kill('SIGTERM'),
    kill: () => killGroup(child),
  }
}

function exitOf(child: ChildProcess): Promise<ChildExit> {
  return new Promise(resolve => {
    child.once('exit', (code, signal) => {
      // What it said before it died is still on its way; the channel's end comes after that.
      if (child.connected) child.once('disconnect', () => resolve({ code, signal }))
      else resolve({ code, signal })
    })
    child.once('error', () => child.pid === undefined && resolve({ code: null, signal: null }))
    // A channel that closes under a write says so here; the exit says the same.
    child.on('error', () => undefined)
  })
}

function forwardLines(child: ChildProcess, onLine: (line: string) => void): void {
  let lines = 0
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue
    createInterface({ input: stream }).on('line', line => {
      if (lines++ < LOGGED_LINES_MAX) onLine(line.slice(0, LOGGED_LINE_MAX_CHARACTERS))
    })
  }
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    if (process.platform === 'win32') child.kill('SIGKILL')
    else process.kill(-child.pid, 'SIGKILL')
  } catch {
    // ESRCH: the whole group is gone already.
  }
}
