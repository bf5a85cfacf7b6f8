import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { UserInfo } from 'node:os'
import type { Readable } from 'node:stream'
import { HandholdError } from '#protocol/errors.ts'
import type { RunResult } from '#protocol/scripts/run-result.ts'
import type { Clock } from '../../links/clock.ts'
import { inheritedMark } from '../../links/session-mark.ts'
import type { ScriptOrder } from '../shell/script-order.ts'
import { openShells } from '../shell/system/open-shells.ts'

/** What a process that left the group may still hold of the output's pipe after the end. */
const DRAIN_MS = 500

export interface ExecuteOptions {
  readonly order: ScriptOrder
  readonly operator: string
  readonly user: UserInfo<string>
  readonly timeLimitMs: number
  readonly clock: Clock
  readonly onOutput: (bytes: Buffer) => void
  /** Ends it at once, with all that it started in its group. */
  readonly signal: AbortSignal
}

type Script = ChildProcessByStdio<null, Readable, Readable>

/** Runs a script without a terminal and resolves when nothing of its group is left. Throws `tool-unavailable` where its program isn't there. */
export async function executeScript(options: ExecuteOptions): Promise<Pick<RunResult, 'how' | 'exitCode'>> {
  const { timeLimitMs, clock, onOutput, signal } = options
  signal.throwIfAborted()
  const script = start(options)
  let how: RunResult['how'] = 'exited'
  const end = (why: RunResult['how']) => {
    if (how === 'exited') how = why
    killGroup(script)
  }
  const stop = () => end('stopped')
  signal.addEventListener('abort', stop)
  const cancelLimit = clock.setTimer(() => end('time-limit'), timeLimitMs)
  const drained = Promise.all([script.stdout, script.stderr].map(stream => readAll(stream, onOutput)))
  const exitCode = await exitOf(script)
  cancelLimit()
  signal.removeEventListener('abort', stop)
  // What it started in the background ends with it.
  killGroup(script)
  const late = Promise.withResolvers<void>()
  const cancelDrain = clock.setTimer(late.resolve, DRAIN_MS)
  await Promise.race([drained, late.promise])
  cancelDrain()
  for (const stream of [script.stdout, script.stderr]) stream.removeAllListeners('data').destroy()
  if (how === 'exited' && exitCode === null) how = 'failed'
  return { how, exitCode: how === 'exited' ? exitCode : null }
}

function start({ order, operator, user }: ExecuteOptions): Script {
  const { program, text } = order.definition
  const system = openShells()
  const path = system.pathOf(program)
  if (!path) throw new HandholdError('tool-unavailable', `This device has no ${program}.`)
  // The text is the program's own argument and the values are its environment: neither is ever part of the other.
  return spawn(path, ['-c', text, order.name], {
    cwd: existsSync(user.homedir) ? user.homedir : '/',
    env: { ...order.values, ...system.environment(program, user, operator), TERM: 'dumb', ...inheritedMark() },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
}

/** The code, or null for a script that was ended, or couldn't be started. */
const exitOf = (script: Script): Promise<number | null> =>
  new Promise(resolve => {
    script.once('exit', code => resolve(code))
    script.once('error', () => resolve(null))
  })

const readAll = (stream: Readable, onOutput: (bytes: Buffer) => void): Promise<void> =>
  new Promise(resolve => {
    stream.on('data', onOutput)
    stream.once('close', resolve)
    stream.on('error', () => undefined)
  })

function killGroup({ pid }: Script): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // ESRCH: the whole group is gone already.
  }
}
