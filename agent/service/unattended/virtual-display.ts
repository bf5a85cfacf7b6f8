import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { type Child, type ChildUser, startChild } from '../../links/child.ts'
import type { Clock } from '../../links/clock.ts'
import type { DisplayAccess } from '../../links/display-access.ts'
import { sessionMark } from '../../links/session-mark.ts'
import { authorityEntry } from './authority-file.ts'

const PROGRAM = '/usr/bin/Xvfb'
const SCREEN = '1920x1080x24'
/** The process channel is the fourth descriptor; the one after it tells the display's number. */
const NUMBER_FD = '4'
const READY_WITHIN_MS = 10_000
/** An X server that is asked to go removes its socket and its lock; this is as long as that may take. */
const STOP_WITHIN_MS = 1_000

/** Displays for sessions at a device that has none. A session has at most one at a time. */
export interface SessionDisplays {
  /** The session's own display, a new one where it has none yet. Undefined where the device has its own; rejects where it can't be given one. */
  open(sessionId: string): Promise<DisplayAccess | undefined>
  /** Resolves when it is gone; whether there was one. Idempotent. */
  close(sessionId: string): Promise<boolean>
  /** Removes the files of a display whose server was killed. */
  sweep(sessionId: string): Promise<void>
}

/** For a device that has a display. */
export const NO_DISPLAYS: SessionDisplays = {
  open: () => Promise.resolve(undefined),
  close: () => Promise.resolve(false),
  sweep: () => Promise.resolve(),
}

export interface VirtualDisplaysOptions {
  readonly environment: Readonly<Record<string, string>>
  /** Whose programs show something there; undefined: the service's own. */
  readonly user: ChildUser | undefined
  readonly clock: Clock
  readonly onLine: (line: string) => void
  readonly program?: string
}

interface Running {
  readonly child: Child<never>
  readonly sessionId: string
  readonly access: DisplayAccess
}

/** Displays in memory (Xvfb), each with a cookie of its own: nobody else on the device sees what is shown there. */
export class VirtualDisplays implements SessionDisplays {
  readonly #options: VirtualDisplaysOptions
  #running: Running | undefined

  constructor(options: VirtualDisplaysOptions) {
    this.#options = options
  }

  async open(sessionId: string): Promise<DisplayAccess> {
    if (this.#running?.sessionId === sessionId) return this.#running.access
    const authority = await this.#makeAuthority(sessionId)
    const { child, number } = await this.#start(sessionId, authority)
    const access = { address: `:${number}`, authority }
    this.#running = { child, sessionId, access }
    void child.exited.then(() => {
      if (this.#running?.child === child) this.#running = undefined
    })
    await writeFile(this.#numberFile(sessionId), number)
    return access
  }

  async close(sessionId: string): Promise<boolean> {
    const running = this.#running
    if (running?.sessionId !== sessionId) return false
    this.#running = undefined
    await this.#stop(running.child)
    await rm(this.#folderOf(sessionId), { recursive: true, force: true })
    return true
  }

  async sweep(sessionId: string): Promise<void> {
    const number = await readText(this.#numberFile(sessionId))
    const socket = `/tmp/.X11-unix/X${number}`
    // Another server may have the number by now.
    if (/^\d{1,5}$/.test(number) && (await this.#isDead(socket))) await rm(socket, { force: true })
    await rm(this.#folderOf(sessionId), { recursive: true, force: true })
  }

  /** In a folder that nobody else can enter. One of somebody else's with its name can't be removed here, and then there is no display. */
  async #makeAuthority(sessionId: string): Promise<string> {
    const { user } = this.#options
    const folder = this.#folderOf(sessionId)
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { mode: 0o700 })
    const path = this.#authorityOf(sessionId)
    await writeFile(path, authorityEntry(randomBytes(16)), { mode: 0o600, flag: 'wx' })
    if (user) for (const own of [folder, path]) await chown(own, user.uid, user.gid)
    return path
  }

  async #start(sessionId: string, authority: string): Promise<{ child: Child<never>; number: string }> {
    const { environment, user, clock, onLine, program = PROGRAM } = this.#options
    const child = startChild<never, never>({
      command: [
        program,
        ...['-displayfd', NUMBER_FD, '-screen', '0', SCREEN, '-auth', authority],
        ...['-noreset', '-nolisten', 'tcp'],
      ],
      environment: { ...environment, ...sessionMark(sessionId) },
      user,
      more: ['pipe'],
      incoming: z.never(),
      onMessage: () => undefined,
      onInvalid: () => undefined,
      onLine,
    })
    const cancelKill = clock.setTimer(() => child.kill(), READY_WITHIN_MS)
    try {
      return { child, number: await numberOf(child) }
    } catch (thrown) {
      child.kill()
      await rm(this.#folderOf(sessionId), { recursive: true, force: true })
      throw thrown
    } finally {
      cancelKill()
    }
  }

  /** Where this user's programs put what they need while they run. */
  #folderOf(sessionId: string): string {
    return join(this.#options.environment.XDG_RUNTIME_DIR ?? tmpdir(), `handhold-display-${sessionId}`)
  }

  #authorityOf(sessionId: string): string {
    return join(this.#folderOf(sessionId), 'authority')
  }

  #numberFile(sessionId: string): string {
    return join(this.#folderOf(sessionId), 'number')
  }

  /** Whether nobody answers there, or whoever does is just about to end. */
  async #isDead(path: string): Promise<boolean> {
    const socket = connect(path).on('error', () => undefined)
    const closed = new Promise<boolean>(resolve => socket.once('close', () => resolve(true)))
    const { promise: lives, resolve } = Promise.withResolvers<boolean>()
    const cancel = this.#options.clock.setTimer(() => resolve(false), STOP_WITHIN_MS)
    const isDead = await Promise.race([closed, lives])
    cancel()
    socket.destroy()
    return isDead
  }

  async #stop(child: Child<never>): Promise<void> {
    const cancelKill = this.#options.clock.setTimer(() => child.kill(), STOP_WITHIN_MS)
    child.terminate()
    await child.exited
    cancelKill()
  }
}

async function numberOf(child: Child<never>): Promise<string> {
  const [socket] = child.sockets
  if (!socket) throw new Error('no virtual display: Xvfb could not be started')
  const gone = child.exited.then(({ code }) => {
    throw new Error(code === null ? 'no virtual display: is Xvfb installed?' : `no virtual display: Xvfb said ${code}`)
  })
  gone.catch(() => undefined)
  const said = once(createInterface({ input: socket }), 'line') as Promise<[string]>
  said.catch(() => undefined)
  const [number] = await Promise.race([said, gone])
  socket.destroy()
  if (!/^\d{1,5}$/.test(number)) throw new Error('no virtual display: Xvfb named none')
  return number
}

const readText = (path: string): Promise<string> => readFile(path, 'latin1').catch(() => '')
