import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { ChildUser } from '../links/child.ts'

const run = promisify(execFile)
const ENVIRONMENT = { PATH: '/usr/bin:/bin' }
/** What a killed browser leaves dying may write for a moment longer. */
const TRIES = 5
const BETWEEN_TRIES_MS = 50
/** A browser whose program was killed may take longer to die than anybody waits for it, and makes its folder once more: looked for again this long afterwards. */
const AGAIN_AFTER_MS = [1_000, 5_000, 15_000]

export interface WindowFoldersOptions {
  /** Of the windows. */
  readonly environment: Readonly<Record<string, string>>
  readonly user: ChildUser | undefined
  /** Folders of another agent on this machine are its own. */
  readonly stateDir: string
}

/** The folder that one window has to itself, for its browser's files. */
export interface WindowFolder {
  /** The window's program makes the folder that this names. */
  readonly environment: Readonly<Record<string, string>>
  /** Resolves when it is gone with all that is in it. Idempotent. */
  remove(): Promise<void>
}

/**
 * A browser that is killed leaves its files, and so does its program when it is the one that is killed. Everything that a window writes is in one folder, which
 * is made and removed with the rights of the window's user: nothing of root's touches what somebody else could exchange meanwhile.
 */
export class WindowFolders {
  readonly #parent: string
  readonly #prefix: string
  readonly #user: ChildUser | undefined
  /** Of this run of the agent. */
  readonly #given = new Set<string>()

  constructor({ environment, user, stateDir }: WindowFoldersOptions) {
    this.#parent = environment.XDG_RUNTIME_DIR ?? tmpdir()
    // Short: a browser's socket is beneath it, and a socket's path has 108 characters at most.
    this.#prefix = `hh-${createHash('sha256').update(stateDir).digest('hex').slice(0, 8)}-`
    this.#user = user
  }

  next(): WindowFolder {
    const path = join(this.#parent, `${this.#prefix}${randomBytes(3).toString('hex')}`)
    this.#given.add(path)
    return { environment: { HANDHOLD_WINDOW_FOLDER: path }, remove: () => nowAndLater(() => this.#remove(path)) }
  }

  /** Removes what windows of an earlier run of the agent left, and what those that still die leave soon. */
  sweep(): Promise<void> {
    return nowAndLater(() => this.#sweep())
  }

  async #sweep(): Promise<void> {
    const names = await readdir(this.#parent).catch(() => [])
    const paths = names.filter(name => name.startsWith(this.#prefix)).map(name => join(this.#parent, name))
    for (const path of paths) if (!this.#given.has(path)) await this.#remove(path)
  }

  async #remove(path: string): Promise<void> {
    for (let tries = 0; existsSync(path) && tries < TRIES; tries++) {
      if (tries > 0) await delay(BETWEEN_TRIES_MS)
      await run('/bin/rm', ['-rf', '--', path], { env: ENVIRONMENT, ...this.#user }).catch(() => undefined)
    }
  }
}

/** Nobody waits for the later ones, and a service that ends sooner leaves them to its next start. */
async function nowAndLater(remove: () => Promise<void>): Promise<void> {
  await remove()
  for (const afterMs of AGAIN_AFTER_MS) void delay(afterMs, undefined, { ref: false }).then(remove)
}
