import type { SessionRequest } from '#protocol/wire/agent.ts'
import type { Logger } from '../log.ts'
import type { Door } from './door.ts'
import type { TearDownReport } from './state.ts'

export type EndLock = 'off' | 'lock' | 'sign-out'

export interface TearDownParts {
  readonly door: Door
  /** Rejects with the reason where the system can't. */
  readonly lockDesktop: (how: Exclude<EndLock, 'off'>) => Promise<void>
  readonly log: Logger
  /** All of it is done. */
  readonly onDone: (report: TearDownReport) => void
}

export interface TearDownInput {
  readonly request: SessionRequest
  readonly hostPid: number | undefined
  /** Whether anybody was ever in: a desktop that nobody touched isn't locked. */
  readonly wasOpened: boolean
}

/** Takes away what an unattended session leaves, and says what that was. What can't be done is said too, and never stops the rest. */
export class TearDown {
  readonly #parts: TearDownParts

  constructor(parts: TearDownParts) {
    this.#parts = parts
  }

  async run({ request, hostPid, wasOpened }: TearDownInput): Promise<void> {
    const removed: string[] = []
    const endLock = request.unattended?.endLock ?? 'off'
    await this.#parts.door.shut()
    removed.push(wasOpened ? 'key for coming back' : 'one-time password')
    if (hostPid !== undefined) removed.push(`session host ${hostPid} and its children`)
    if (wasOpened && endLock !== 'off') removed.push(await this.#lock(endLock))
    this.#parts.onDone({ sessionId: request.sessionId, removed })
  }

  async #lock(how: Exclude<EndLock, 'off'>): Promise<string> {
    const { lockDesktop, log } = this.#parts
    try {
      await lockDesktop(how)
      return how === 'lock' ? 'desktop locked' : 'desktop signed out'
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : String(thrown)
      log.error({ how, why }, 'the desktop could not be locked')
      return `desktop NOT ${how === 'lock' ? 'locked' : 'signed out'}: ${why}`.slice(0, 120)
    }
  }
}
