import { chmodSync, chownSync, closeSync, constants, mkdirSync, openSync } from 'node:fs'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { HandholdError } from '#protocol/errors.ts'
import type { ToolReport } from '#protocol/tools/audit.ts'
import type { Tool, ToolLevel } from '#protocol/tools/tools.ts'
import { type ChildUser, startChild } from '../../links/child.ts'
import type { Clock } from '../../links/clock.ts'
import { type DisplayAccess, displayEnvironment } from '../../links/display-access.ts'
import {
  type HelperBegin,
  type HelperToService,
  helperToServiceSchema,
  type ServiceToHelper,
} from '../../links/helper-link.ts'
import { sessionMark } from '../../links/session-mark.ts'
import type { AgentPrograms } from '../children/programs.ts'
import type { Logger } from '../log.ts'

/** Leaves the helper time to end what was started in its terminals. */
const STOP_WITHIN_MS = 400

export interface HelperLauncherOptions {
  readonly programs: Pick<AgentPrograms, 'helper'>
  readonly environment: Readonly<Record<string, string>>
  /** The user of the desktop, when the service runs as root. */
  readonly user: ChildUser | undefined
  readonly stateDir: string
  /** Where the device's registry is, when that isn't Windows' own. */
  readonly wine?: HelperBegin['wine']
  readonly clock: Clock
  readonly log: Logger
}

export interface HelperProcess {
  readonly pid: number | undefined
  /** For the session host: nobody reads it here. */
  readonly peer: Socket
  send(message: ServiceToHelper): void
  /** Ends the helper and its terminals within a second. Idempotent. */
  stop(): Promise<void>
}

export interface HelperHandlers {
  onReport(id: number, report: ToolReport): void
  /** Something for the second person, sealed for them. */
  onShown(sealed: string): void
  /** So many of its terminals are open and recorded. */
  onRecording(terminals: number): void
  /** Who sees what is done there, as their second person. */
  onWatcher(watcher: string | null): void
  /** Once, if it ends without having been told to. */
  onDied(): void
}

/** Starts helpers: with the service's own rights, or as the user of the desktop. */
export class HelperLauncher {
  readonly #options: HelperLauncherOptions

  constructor(options: HelperLauncherOptions) {
    this.#options = options
  }

  /** Whether this device has what the tool is for. */
  offers(tool: Tool): boolean {
    return tool !== 'registry' || process.platform === 'win32' || this.#options.wine !== undefined
  }

  /**
   * `display`: the session's own, where what is started may show something. Throws `tool-unavailable` where there is no user for the level, or no folder for
   * recordings.
   */
  launch(begin: HelperBegin, handlers: HelperHandlers, display?: DisplayAccess): HelperProcess {
    const { programs, environment, clock, log } = this.#options
    const user = userOfLevel(begin.level, this.#options.user)
    const folder = this.#openFolder(begin.level, user)
    let stopped: Promise<void> | undefined
    const child = startChild<HelperToService, ServiceToHelper>({
      command: programs.helper,
      environment: {
        ...withoutDesktop(environment),
        ...(display && displayEnvironment(display)),
        ...sessionMark(begin.sessionId),
      },
      user,
      more: ['pipe', folder],
      incoming: helperToServiceSchema,
      onMessage: message => {
        if (message.type === 'shown') handlers.onShown(message.sealed)
        else if (message.type === 'recording') handlers.onRecording(message.terminals)
        else if (message.type === 'watched') handlers.onWatcher(message.watcher)
        else if (message.type === 'log') log[message.level]({ part: 'helper', level: begin.level }, message.message)
        else handlers.onReport(message.id, message.report)
      },
      onInvalid: () => log.error('The helper said something that isn’t in its contract.'),
      onLine: line => log.warn({ part: 'helper' }, line),
    })
    closeSync(folder)
    const exited = child.exited.then(() => {
      child.kill()
      if (!stopped) handlers.onDied()
    })
    const [peer] = child.sockets
    if (!peer) throw new HandholdError('tool-unavailable', 'The helper could not be started.')
    // It may be gone before the host has it.
    peer.on('error', () => undefined)
    child.send({ ...begin, wine: this.#options.wine })
    return {
      pid: child.pid,
      peer,
      send: message => child.send(message),
      stop() {
        if (stopped) return stopped
        child.send({ type: 'stop' })
        const cancelKill = clock.setTimer(() => child.kill(), STOP_WITHIN_MS)
        stopped = exited.finally(cancelKill)
        return stopped
      },
    }
  }

  /** Handed over open: the folder belongs to the helper's user, the way to it doesn't. */
  #openFolder(level: ToolLevel, user: ChildUser | undefined): number {
    const path = join(this.#options.stateDir, 'recordings', user ? `${level}-${user.uid}` : level)
    try {
      mkdirSync(path, { recursive: true, mode: 0o700 })
      chmodSync(path, 0o700)
      if (user) chownSync(path, user.uid, user.gid)
      return openSync(path, constants.O_RDONLY | constants.O_DIRECTORY)
    } catch (cause) {
      throw new HandholdError('tool-unavailable', 'The device has no place for recordings, so no tool is opened.', {
        cause,
      })
    }
  }
}

/** Whose rights a helper of the level gets. Throws `tool-unavailable` where nobody knows. */
export function userOfLevel(level: ToolLevel, user: ChildUser | undefined): ChildUser | undefined {
  if (level === 'elevated') return undefined
  // Without it, "as the user" would be as root.
  if (!user && process.getuid?.() === 0)
    throw new HandholdError(
      'tool-unavailable',
      'The device doesn’t know whose desktop this is, so nothing can run as its user.',
    )
  return user
}

/** What runs here has no business with a person's desktop. */
export function withoutDesktop(environment: Readonly<Record<string, string>>): Record<string, string> {
  const kept = ['PATH', 'LANG', 'LC_ALL', 'TZ']
  return Object.fromEntries(Object.entries(environment).filter(([name]) => kept.includes(name)))
}
