import type { SessionRequest } from '#protocol/wire/agent.ts'
import type { Clock } from '../../links/clock.ts'
import type { Logger } from '../log.ts'
import type { Stamps } from './stamp.ts'
import type { Closing, StateFile, TearDownReport } from './state.ts'
import type { DoorTimes } from './times.ts'
import type { SessionDisplays } from './virtual-display.ts'
import { watchDeadline } from './watch.ts'

export type EndLock = 'off' | 'lock' | 'sign-out'

export interface TearDownParts {
  readonly file: StateFile
  readonly stamps: Stamps
  readonly times: DoorTimes
  readonly clock: Clock
  /** Rejects with the reason where the system can't. */
  readonly lockDesktop: (how: Exclude<EndLock, 'off'>) => Promise<void>
  /** Ends what was started in the session and is still there. Returns how many processes that were. */
  readonly endProcesses: (sessionId: string) => number
  readonly displays: Pick<SessionDisplays, 'close' | 'sweep'>
  readonly log: Logger
  /** All of it is done. Durable when it resolves. */
  readonly onDone: (report: TearDownReport) => Promise<void>
}

export interface TearDownInput {
  readonly request: SessionRequest
  readonly hostPid: number | undefined
  /** Whether anybody was ever in: a desktop that nobody touched isn't locked. */
  readonly wasOpened: boolean
}

/**
 * Takes away what an unattended session leaves, and says what that was. What can't be done is said too, and never stops the rest. What is still to be done
 * is written down together with the door's shutting, so that a run that is cut off is finished by the next.
 */
export class TearDown {
  readonly #parts: TearDownParts
  #cancelWatch: () => void = () => undefined
  #finishing: Promise<void> = Promise.resolve()

  constructor(parts: TearDownParts) {
    this.#parts = parts
  }

  /** Resolves when nothing of the session is left but, where the policy wants one, the sign-out after its grace. */
  async run({ request, hostPid, wasOpened }: TearDownInput): Promise<void> {
    const removed = [wasOpened ? 'key for coming back' : 'one-time password']
    if (hostPid !== undefined) removed.push(`session host ${hostPid} and its children`)
    const endLock = wasOpened ? (request.unattended?.endLock ?? 'off') : 'off'
    const closing: Closing = { sessionId: request.sessionId, endLock, removed, signOutSince: null, isReported: true }
    await this.#parts.file.change({ armed: null, closing })
    await this.#goOn(closing)
  }

  /** What an earlier run of the agent left undone. */
  async resume(): Promise<void> {
    const { closing } = this.#parts.file.now
    if (closing?.signOutSince) this.#watch()
    else if (closing) await this.#goOn(closing)
  }

  /** A sign-out that waits for the end of its grace comes now: the next session begins on a desktop of its own. */
  async finish(): Promise<void> {
    if (this.#parts.file.now.closing?.signOutSince) this.#signOut()
    await this.#finishing
  }

  async #goOn(closing: Closing): Promise<void> {
    const { file, stamps, displays, endProcesses } = this.#parts
    const removed = [...closing.removed]
    if (await displays.close(closing.sessionId)) removed.push('virtual display')
    const ended = endProcesses(closing.sessionId)
    if (ended > 0) removed.push(`${ended} processes that were left`)
    await displays.sweep(closing.sessionId)
    if (closing.endLock !== 'off') removed.push(await this.#lock('lock'))
    if (closing.endLock !== 'sign-out') return this.#done({ ...closing, removed })
    await file.change({ closing: { ...closing, removed, signOutSince: stamps.now() } })
    this.#watch()
  }

  #watch(): void {
    const { clock } = this.#parts
    this.#cancelWatch()
    this.#cancelWatch = watchDeadline(
      clock,
      () => this.#graceLeftMs(),
      () => this.#signOut(),
    )
  }

  #graceLeftMs(): number {
    const { file, stamps, times } = this.#parts
    const since = file.now.closing?.signOutSince
    return since ? times.signOutGraceMs - stamps.ageOf(since).atMostMs : 0
  }

  #signOut(): void {
    this.#cancelWatch()
    const { closing } = this.#parts.file.now
    if (!closing?.signOutSince) return
    const run = async () => {
      await this.#done({ ...closing, removed: [...closing.removed, await this.#lock('sign-out')] })
    }
    this.#finishing = this.#finishing.then(run).catch(thrown => {
      this.#parts.log.error({ problem: String(thrown) }, 'a teardown could not be written down')
    })
  }

  async #done({ sessionId, removed, isReported }: Closing): Promise<void> {
    if (isReported) await this.#parts.onDone({ sessionId, removed })
    if (this.#parts.file.now.closing?.sessionId === sessionId) await this.#parts.file.change({ closing: null })
  }

  async #lock(how: Exclude<EndLock, 'off'>): Promise<string> {
    const { lockDesktop, log } = this.#parts
    const done = how === 'lock' ? 'locked' : 'signed out'
    try {
      await lockDesktop(how)
      return `desktop ${done}`
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : String(thrown)
      log.error({ how, why }, 'the desktop could not be locked')
      return `desktop NOT ${done}: ${why}`.slice(0, 120)
    }
  }
}
