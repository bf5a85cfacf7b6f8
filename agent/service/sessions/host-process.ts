import type { Socket } from 'node:net'
import { z } from 'zod'
import { END_WITHIN_MS } from '#protocol/limits.ts'
import type { EndReason } from '#protocol/session/reasons.ts'
import type { Paths } from '#protocol/wire/paths.ts'
import { type ChildUser, startChild } from '../../links/child.ts'
import type { Clock } from '../../links/clock.ts'
import { type DisplayAccess, displayEnvironment } from '../../links/display-access.ts'
import {
  type DesktopTarget,
  type HeldInput,
  type HostToService,
  hostToServiceSchema,
  type ServiceToHost,
  type ServiceToRelease,
} from '../../links/host-link.ts'
import { sessionMark } from '../../links/session-mark.ts'
import { confined } from '../children/confined.ts'
import type { AgentPrograms } from '../children/programs.ts'
import type { Logger } from '../log.ts'

/** Leaves the rest of the second for the kill and for the operating system. */
const STOP_WITHIN_MS = END_WITHIN_MS - 300
const RELEASE_WITHIN_MS = 5_000

export interface HostLauncherOptions {
  readonly programs: AgentPrograms
  readonly environment: Readonly<Record<string, string>>
  readonly user: ChildUser | undefined
  readonly target: DesktopTarget
  /** Where TURN is, too. */
  readonly relayUrl: string
  /** The only way there, where one is configured. */
  readonly proxy?: string | undefined
  readonly clock: Clock
  readonly log: Logger
}

export interface LaunchOptions extends Pick<DesktopTarget, 'isCovered' | 'blocksLocalInput'> {
  /** The host, and whatever comes of it, carries this session's id in its environment. */
  readonly markedFor?: string
  /** The session's own display in the place of the device's. */
  readonly display?: DisplayAccess | undefined
}

export interface HostProcess {
  readonly pid: number | undefined
  send(
    message: Extract<
      ServiceToHost,
      {
        type:
          | 'start'
          | 'signal'
          | 'chat'
          | 'trust-peer'
          | 'set-keep-out'
          | 'set-paused'
          | 'set-frozen'
          | 'set-asking'
          | 'set-company'
          | 'set-scopes'
      }
    >,
  ): void
  /** How its connections from now on may reach the operator. */
  setPaths(paths: Paths): void
  /** About tools; `socket` leads to a helper. */
  tell(message: ServiceToHost, socket?: Socket): void
  /** Ends the host within a second and lifts what it held, whatever state it is in. Idempotent; the promise is the same each time. */
  stop(reason: EndReason): Promise<void>
}

/** Starts session hosts, and afterwards makes sure that nothing of them is left: no process, no key that is down. */
export class HostLauncher {
  readonly #options: HostLauncherOptions

  constructor(options: HostLauncherOptions) {
    this.#options = options
  }

  /** `onDied` is called once if the process ends without having been told to. */
  launch(
    onMessage: (message: HostToService) => void,
    onDied: (why: string) => void,
    { markedFor, display, isCovered = false, blocksLocalInput = false }: LaunchOptions = {},
  ): HostProcess {
    const { programs, user, clock, log, relayUrl, proxy } = this.#options
    const { target, environment } = this.#desktopOf(display)
    let held: HeldInput = { keys: [], buttons: [] }
    let stopped: Promise<void> | undefined
    const child = startChild<HostToService, ServiceToHost>({
      command: confined({
        command: programs.host,
        isRoot: user === undefined && process.getuid?.() === 0,
        platform: process.platform,
      }),
      // libwebrtc has some fifteen threads, and glibc would give each an arena of its own that never shrinks.
      environment: { ...environment, MALLOC_ARENA_MAX: '2', ...(markedFor !== undefined && sessionMark(markedFor)) },
      user,
      incoming: hostToServiceSchema,
      onMessage: message => {
        if (message.type === 'held') held = message.held
        else if (message.type === 'log') log[message.level]({ part: 'host' }, message.message)
        else onMessage(message)
      },
      onInvalid: () => log.error('The session host said something that isn’t in its contract.'),
      onLine: line => log.warn({ part: 'host' }, line),
    })
    const settled = child.exited.then(async ({ code, signal }) => {
      child.kill()
      if (!stopped) onDied(signal === null ? `code ${code}` : signal)
      if (held.keys.length + held.buttons.length > 0) await this.#release(held, display)
    })
    child.send({ type: 'prepare', target: { ...target, isCovered, blocksLocalInput } })
    return {
      pid: child.pid,
      send: message => child.send(message),
      setPaths: paths => child.send({ type: 'set-paths', relayUrl, ...(proxy && { proxy }), paths }),
      tell: (message, socket) => (socket ? child.hand(message, socket) : child.send(message)),
      stop(reason) {
        if (stopped) return stopped
        child.send({ type: 'stop', reason })
        const cancelKill = clock.setTimer(() => child.kill(), STOP_WITHIN_MS)
        stopped = settled.finally(cancelKill)
        return stopped
      },
    }
  }

  #desktopOf(display: DisplayAccess | undefined): Pick<HostLauncherOptions, 'target' | 'environment'> {
    const { target, environment } = this.#options
    if (!display) return { target, environment }
    return {
      target: { ...target, displayAddress: display.address },
      environment: { ...environment, ...displayEnvironment(display) },
    }
  }

  async #release(held: HeldInput, display: DisplayAccess | undefined): Promise<void> {
    const { programs, user, clock, log } = this.#options
    const { target, environment } = this.#desktopOf(display)
    log.warn({ keys: held.keys.length, buttons: held.buttons.length }, 'lifting input that a host left down')
    const child = startChild<never, ServiceToRelease>({
      command: programs.release,
      environment,
      user,
      incoming: z.never(),
      onMessage: () => undefined,
      onInvalid: () => undefined,
      onLine: line => log.warn({ part: 'release' }, line),
    })
    const cancelKill = clock.setTimer(() => child.kill(), RELEASE_WITHIN_MS)
    child.send({ type: 'release', target, held })
    const { code } = await child.exited
    cancelKill()
    if (code !== 0) log.error({ code }, 'held input may still be down')
  }
}
