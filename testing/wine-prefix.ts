import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chown, mkdir, mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const PROGRAM = '/usr/lib/wine/wine64'
const SERVER = '/usr/lib/wine/wineserver64'
const OFF = ['mscoree', 'mshtml', 'winemenubuilder.exe']

/** Whether this machine can run programs for Windows; a test run with `npm test` can. */
export const hasWine = existsSync(PROGRAM)

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
      const code = await new Promise((resolve, reject) => child.once('exit', resolve).once('error', reject))
      const printed = await readFile(path, 'utf8')
      if (code !== 0) throw new Error(`${args[0]} ended with ${code}: ${printed}`)
      return printed
    } finally {
      await file.close()
      await rm(path, { force: true })
    }
  }

  reg(...args: string[]): Promise<string> {
    return this.run(['C:\\windows\\system32\\reg.exe', ...args])
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
