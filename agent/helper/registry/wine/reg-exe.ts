import { spawn } from 'node:child_process'
import { chownSync, existsSync, rmSync, statSync } from 'node:fs'
import { chmod, mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HandholdError } from '#protocol/errors.ts'
import type { Clock } from '../../../links/clock.ts'
import { inheritedMark } from '../../../links/session-mark.ts'

/** A whole hive of a large prefix takes seconds; Wine brings a prefix of another version up to date first. */
const WITHIN_MS = 90_000
const OUTPUT_MAX_BYTES = 4 * 1024
/** Of an export: UTF-16, so that it is twice as long as what it says. */
const EXPORT_MAX_BYTES = 192 * 1024 * 1024
/** Before another call where Wine had no server to ask. One that is just ending, the usual reason, is gone after the first. */
const PAUSES_MS = [100, 500, 2_000]

export interface WinePlace {
  /** The folder with `dosdevices`; the files of its registry are only there when its server has written them. */
  readonly prefix: string
  /** Wine's loader, by an absolute path. */
  readonly program: string
}

/** Who the prefix belongs to: Wine refuses everybody else, and nothing of it runs with more rights than theirs. */
export interface PrefixOwner {
  readonly uid: number
  readonly gid: number
}

/** Throws `tool-unavailable` with what to do about it. */
export function ownerOfPrefix({ prefix, program }: WinePlace): PrefixOwner {
  if (!existsSync(program))
    throw unavailable(`There is no ${program} on this device. Install Wine, or set wineProgram.`)
  if (!existsSync(join(prefix, 'dosdevices'))) throw unavailable(`${prefix} is no Wine prefix on this device.`)
  const { uid, gid } = statSync(prefix)
  const own = process.getuid?.()
  if (own !== 0 && own !== uid) throw unavailable(`The Wine prefix belongs to another user (${uid}).`)
  return { uid, gid }
}

interface Ended {
  readonly code: number
  readonly said: string
}

/**
 * Wine's `reg.exe`, by argument vectors. Names of values and what they hold never stand among them: they come and go in files of a folder that the prefix's owner
 * can't change, so that nothing they put there leads a helper of root's elsewhere.
 */
export class RegExe {
  readonly #place: WinePlace
  readonly #owner: PrefixOwner
  readonly #clock: Clock
  readonly #stop = new AbortController()
  #folder: Promise<string> | undefined
  #madeFolder: string | undefined
  #files = 0
  #last: Promise<unknown> = Promise.resolve()

  constructor(place: WinePlace, owner: PrefixOwner, clock: Clock) {
    this.#place = place
    this.#owner = owner
    this.#clock = clock
  }

  /** The bytes of the export; undefined where there is no such key. */
  export(path: string): Promise<Uint8Array | undefined> {
    return this.#inTurn(async () => {
      const file = await this.#newFile(new Uint8Array(0))
      try {
        const { code, said } = await this.#answered(['export', path, unixPath(file), '/y'])
        // 1: there is no such key, or it may not be read; which of them is said in words of some language.
        if (code === 1) return undefined
        if (code !== 0) throw failed(said)
        return await readBounded(file)
      } finally {
        await rm(file, { force: true })
      }
    })
  }

  async import(bytes: Uint8Array): Promise<void> {
    return this.#inTurn(async () => {
      const file = await this.#newFile(bytes)
      try {
        const { code, said } = await this.#answered(['import', unixPath(file)])
        if (code !== 0) throw failed(said)
      } finally {
        await rm(file, { force: true })
      }
    })
  }

  /** Idempotent. */
  close(): void {
    this.#stop.abort()
    // At once: the helper ends right after it.
    if (this.#madeFolder !== undefined) rmSync(this.#madeFolder, { recursive: true, force: true })
  }

  /** One at a time: each is a process that wants the same server. */
  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(run)
    this.#last = turn.catch(() => undefined)
    return turn
  }

  async #newFile(bytes: Uint8Array): Promise<string> {
    this.#folder ??= makeFolder()
    this.#madeFolder = await this.#folder
    const path = join(this.#madeFolder, `${++this.#files}.reg`)
    await writeFile(path, bytes, { flag: 'wx', mode: 0o600 })
    if (process.getuid?.() === 0) chownSync(path, this.#owner.uid, this.#owner.gid)
    return path
  }

  /** What `reg.exe` itself says. A call that Wine lost is made again: an import leaves the same, however often it is begun. */
  async #answered(args: readonly string[]): Promise<Ended> {
    for (const pauseMs of PAUSES_MS) {
      const ended = await this.#run(args)
      if (!isLost(ended)) return ended
      await this.#pause(pauseMs)
      if (this.#stop.signal.aborted) throw lost()
    }
    const ended = await this.#run(args)
    if (isLost(ended)) throw lost()
    return ended
  }

  /** Ends early when this is closed. */
  #pause(pauseMs: number): Promise<void> {
    return new Promise(resolve => {
      const { signal } = this.#stop
      const over = () => {
        cancel()
        signal.removeEventListener('abort', over)
        resolve()
      }
      const cancel = this.#clock.setTimer(over, pauseMs)
      signal.addEventListener('abort', over, { once: true })
      if (signal.aborted) over()
    })
  }

  /** What it prints goes into a file too: the servers that Wine starts beside it keep a pipe open long after its end. */
  async #run(args: readonly string[]): Promise<Ended> {
    const { prefix, program } = this.#place
    const { uid, gid } = this.#owner
    const path = await this.#newFile(new Uint8Array(0))
    const file = await open(path, 'r+')
    try {
      const child = spawn(program, ['C:\\windows\\system32\\reg.exe', ...args], {
        cwd: '/',
        env: environmentFor(prefix),
        stdio: ['ignore', file.fd, file.fd],
        timeout: WITHIN_MS,
        signal: this.#stop.signal,
        ...(process.getuid?.() === 0 ? { uid, gid } : {}),
      })
      const code = await new Promise<number | null>((resolve, reject) => {
        child.once('exit', resolve).once('error', reject)
      })
      if (code === null) throw new Error('it was ended')
      const { buffer, bytesRead } = await file.read(Buffer.alloc(OUTPUT_MAX_BYTES), 0, OUTPUT_MAX_BYTES, 0)
      return { code, said: buffer.toString('utf8', 0, bytesRead) }
    } catch (cause) {
      throw new HandholdError('tool-unavailable', 'Wine didn’t answer. Try again.', { cause })
    } finally {
      await file.close()
      await rm(path, { force: true })
    }
  }
}

/**
 * Whether a call says nothing about the registry. Wine ends a program that loses its server with 1 too, as `reg.exe` ends for a key that isn't there; the line that it
 * prints then is its own. `reg.exe` never fails without a word: one that did was ended together with the server.
 */
export const isLost = ({ code, said }: Ended): boolean =>
  code !== 0 && (said.trim() === '' || /^(?:wine client error:|wine: |wineserver: )/m.test(said))

const environmentFor = (prefix: string): Record<string, string> => ({
  PATH: '/usr/bin:/bin',
  LANG: 'C.UTF-8',
  HOME: prefix,
  WINEPREFIX: prefix,
  WINEDEBUG: '-all',
  // A prefix that is brought up to date asks nobody whether to fetch these, and puts nothing into menus.
  WINEDLLOVERRIDES: 'mscoree=d;mshtml=d;winemenubuilder.exe=d',
  ...inheritedMark(),
})

/** Root's own in a place where everybody may pass through; what lies in it belongs to the prefix's owner, file by file. */
async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'handhold-registry-'))
  await chmod(folder, 0o711)
  return folder
}

/** A path that Wine reads as it is, whatever drives a prefix has. */
const unixPath = (path: string): string => `\\\\?\\unix${path.replaceAll('/', '\\')}`

async function readBounded(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    if (size > EXPORT_MAX_BYTES)
      throw new HandholdError('registry-too-large', 'This key holds too much to be shown. Go to one beneath it.')
    const bytes = Buffer.alloc(size)
    const { bytesRead } = await file.read(bytes, 0, size, 0)
    return bytes.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

const unavailable = (message: string) => new HandholdError('tool-unavailable', message)
const lost = () => unavailable('Wine’s server on the device doesn’t answer. Try again in a moment.')
const failed = (said: string) =>
  unavailable(`Wine refused it: ${said.trim().split('\n')[0]?.slice(0, 160) || 'it didn’t say why'}.`)
