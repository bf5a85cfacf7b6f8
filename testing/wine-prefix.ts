import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chown, mkdir, mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { isLost } from '../agent/helper/registry/wine/reg-exe.ts'

const PROGRAM = '/usr/lib/wine/wine64'
const SERVER = '/usr/lib/wine/wineserver64'
const OFF = ['mscoree', 'mshtml', 'winemenubuilder.exe']

/** Whether this machine can run programs for Windows; a test run with `npm test` can. */
export const hasWine = existsSync(PROGRAM)

/** Calls of `reg.exe` before what Wine says is believed. */
const LOST_MAX = 4
const AGAIN_MS = 300

interface Ended {
  readonly code: number
  readonly said: string
}

export interface WineUser {
  readonly uid: number
  readonly gid: number
}

/** A new Wine prefix in a folder of its own; of another user where root asks for that. */
export class WinePrefix {
  readonly prefix: string
  readonly program = PROGRAM

  readonly #user: WineUser | undefined
  #runs = 0

  private constructor(prefix: string, user: WineUser | undefined) {
    this.prefix = prefix
    this.#user = user
  }

  static async make(user?: WineUser): Promise<WinePrefix> {
    const folder = await mkdtemp(join(tmpdir(), 'handhold-wine-'))
    const made = new WinePrefix(join(folder, 'prefix'), user)
    await mkdir(made.prefix)
    if (user) for (const path of [folder, made.prefix]) await chown(path, user.uid, user.gid)
    await made.run(['wineboot.exe', '-i'])
    return made
  }

  /** Resolves with what it printed; rejects where it ends with something else than 0. */
  async run(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<string> {
    return printedBy(args, await this.#end(args, environment))
  }

  /** Again where Wine's server was just ending. */
  async reg(...args: string[]): Promise<string> {
    const call = ['C:\\windows\\system32\\reg.exe', ...args]
    for (let tries = 1; ; tries++) {
      const ended = await this.#end(call, {})
      if (tries === LOST_MAX || !isLost(ended)) return printedBy(call, ended)
      await pause(AGAIN_MS)
    }
  }

  async #end(args: readonly string[], environment: Readonly<Record<string, string>>): Promise<Ended> {
    // Into a file: what Wine starts beside the program keeps a pipe open long after the program's end, and Node for Windows prints into no pipe of Wine's.
    const path = join(this.prefix, '..', `printed-${++this.#runs}`)
    const file = await open(path, 'w+')
    try {
      const child = spawn(PROGRAM, [...args], {
        env: { ...this.#environment(), ...environment },
        timeout: 120_000,
        cwd: '/',
        stdio: ['ignore', file.fd, file.fd],
        ...this.#user,
      })
      const code = await new Promise<number>((resolve, reject) => {
        child.once('exit', ended => resolve(ended ?? -1)).once('error', reject)
      })
      return { code, said: await readFile(path, 'utf8') }
    } finally {
      await file.close()
      await rm(path, { force: true })
    }
  }

  /** What Wine's own `reg.exe` writes of a key. */
  async exported(key: string): Promise<Buffer> {
    const file = join(this.prefix, 'exported.reg')
    await this.reg('export', key, `\\\\?\\unix${file.replaceAll('/', '\\')}`, '/y')
    return readFile(file)
  }

  async close(): Promise<void> {
    await promisify(execFile)(SERVER, ['-k'], { env: this.#environment(), ...this.#user }).catch(() => undefined)
    await rm(join(this.prefix, '..'), { recursive: true, force: true, maxRetries: 5 })
  }

  #environment(): Record<string, string> {
    return {
      PATH: '/usr/bin:/bin',
      HOME: this.prefix,
      LANG: 'C.UTF-8',
      WINEPREFIX: this.prefix,
      WINEDEBUG: '-all',
      WINEDLLOVERRIDES: OFF.map(name => `${name}=d`).join(';'),
    }
  }
}

function printedBy(args: readonly string[], { code, said }: Ended): string {
  if (code !== 0) throw new Error(`${args[0]} ended with ${code}: ${said}`)
  return said
}
