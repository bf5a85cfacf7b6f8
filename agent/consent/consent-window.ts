import { type ConsentToService, consentToServiceSchema, type ServiceToConsent } from '#protocol/consent.ts'
import { type Child, type ChildUser, startChild } from '../links/child.ts'
import type { WindowFolder } from './window-folder.ts'

export interface ConsentWindowOptions {
  readonly command: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly user?: ChildUser | undefined
  /** Its own, which goes with it. */
  readonly folder?: WindowFolder | undefined
  readonly onMessage: (message: ConsentToService) => void
  /** Settled once and for all: the window is gone, whoever closed it. `why` is for the log. */
  readonly onGone: (why: string) => void
  readonly onLine: (line: string) => void
}

/** The consent window's process. It decides nothing here: what its messages mean is the session's to say. */
export interface ConsentWindow {
  /** Safe after the end. */
  send(message: ServiceToConsent): void
  /** Ends the process and all that it started, at once. Safe after the end. */
  kill(): void
  /** Resolves when nothing of it is left, its files neither. */
  readonly gone: Promise<void>
}

/** Starts the window's program. Never throws: a program that can't be started is a window that is gone. */
export function openConsentWindow(options: ConsentWindowOptions): ConsentWindow {
  const child: Child<ServiceToConsent> = startChild({
    command: options.command,
    environment: { ...options.environment, ...options.folder?.environment },
    user: options.user,
    incoming: consentToServiceSchema,
    onMessage: options.onMessage,
    onInvalid: () => options.onLine('The consent window said something that isn’t in its contract.'),
    onLine: options.onLine,
  })
  const gone = child.exited.then(async ({ code, signal }) => {
    // A window may leave its browser behind when it dies.
    child.kill()
    options.onGone(describeExit(code, signal))
    await options.folder?.remove()
  })
  return { send: message => child.send(message), kill: () => child.kill(), gone }
}

function describeExit(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal !== null) return `it was ended by ${signal}`
  return code === null ? 'it could not be started' : `it ended with code ${code}`
}
