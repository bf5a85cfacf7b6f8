import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'

const START_TIMEOUT_MS = 15_000
const STOP_TIMEOUT_MS = 2000

export interface XDisplayOptions {
  /** Pixels; also the largest size that `resizeDisplay` can give it later. */
  readonly width: number
  readonly height: number
  /** Default 24. */
  readonly depth?: 16 | 24
  /** X extensions to switch off, such as `XTEST`. */
  readonly withoutExtensions?: readonly string[]
  /** An Xauthority file whose cookies clients must show. Default: every local client may connect. */
  readonly authorityFile?: string
}

/** A real X server without a screen, for one test. */
export interface XDisplay {
  /** For DISPLAY, such as `:7`. */
  readonly name: string
  readonly pid: number
  /** Idempotent. Resolves when the server is gone. */
  stop(): Promise<void>
  /** Ends the server without a goodbye, as a crash would. */
  crash(): Promise<void>
}

const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGTERM')
})

/** Starts Xvfb on a free display number and waits until clients can connect. Rejects with what to do when it can't start. */
export async function startXDisplay(options: XDisplayOptions): Promise<XDisplay> {
  const { width, height, depth = 24, withoutExtensions = [], authorityFile } = options
  const child = spawn(
    'Xvfb',
    [
      ...['-displayfd', '3', '-screen', '0', `${width}x${height}x${depth}`, '-noreset', '-nolisten', 'tcp'],
      ...withoutExtensions.flatMap(extension => ['-extension', extension]),
      ...(authorityFile ? ['-auth', authorityFile] : []),
    ],
    { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] },
  )
  running.add(child)
  const exited = once(child, 'exit').then(() => running.delete(child))
  exited.catch(() => running.delete(child))
  try {
    const number = await readDisplayNumber(child)
    const end = async (signal: NodeJS.Signals) => {
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
      child.kill(signal)
      await exited
      clearTimeout(timer)
    }
    return { name: `:${number}`, pid: child.pid ?? 0, stop: () => end('SIGTERM'), crash: () => end('SIGKILL') }
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
}

async function readDisplayNumber(child: ChildProcess): Promise<number> {
  const chatter: string[] = []
  ;(child.stderr as Readable).setEncoding('utf8').on('data', (text: string) => chatter.push(text))
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => {
      clearTimeout(timer)
      reject(new Error(`${reason} ${chatter.join('').trim()}`.trim()))
    }
    const timer = setTimeout(
      () => fail(`Xvfb wasn't ready within ${START_TIMEOUT_MS / 1000} seconds.`),
      START_TIMEOUT_MS,
    )
    child.once('error', (error: NodeJS.ErrnoException) =>
      fail(error.code === 'ENOENT' ? 'Xvfb is missing. Install it: apt-get install xvfb' : error.message),
    )
    child.once('exit', code => fail(`Xvfb ended with code ${code} before it was ready.`))
    let answer = ''
    ;(child.stdio[3] as Readable).setEncoding('utf8').on('data', (text: string) => {
      answer += text
      if (!answer.endsWith('\n')) return
      clearTimeout(timer)
      resolve(Number(answer))
    })
  })
}
