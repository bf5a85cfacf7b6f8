import type { PassVerificationKey } from '#protocol/keys.ts'
import type { ProofClaims } from '#protocol/proof.ts'
import type { AgentToRelay, SessionRequest } from '#protocol/wire/agent.ts'
import type { Clock } from '../../links/clock.ts'
import type { Logger } from '../log.ts'
import type { HostLauncher } from '../sessions/host-process.ts'
import type { SessionListener } from '../sessions/session.ts'
import { removeTemporaries } from '../state/state-file.ts'
import type { HelperLauncher } from '../tools/helper-process.ts'
import type { BootClock } from './boot-clock.ts'
import { Door } from './door.ts'
import type { KioskScreen } from './kiosk-screen.ts'
import { type UnattendedParts, UnattendedSession } from './session.ts'
import { endSessionProcesses } from './session-processes.ts'
import { Stamps } from './stamp.ts'
import { StateFile, type TearDownReport } from './state.ts'
import { endStrays } from './strays.ts'
import { TearDown, type TearDownParts } from './tear-down.ts'
import { DOOR_TIMES, type DoorTimes } from './times.ts'
import { Tries } from './tries.ts'
import type { SessionDisplays } from './virtual-display.ts'

/** As many as the state file keeps for a relay that isn't there. */
const UNSENT_MAX = 20

export interface UnattendedOptions extends Pick<TearDownParts, 'lockDesktop'> {
  readonly stateDir: string
  readonly deviceId: string
  readonly passKeys: () => readonly PassVerificationKey[]
  readonly clock: Clock
  readonly bootClock: BootClock
  readonly newNonce: () => string
  /** With the device's key. */
  readonly sign: (claims: ProofClaims<'transcript'>) => Promise<string>
  readonly hosts: Pick<HostLauncher, 'launch'>
  readonly helpers: Pick<HelperLauncher, 'launch' | 'offers'>
  readonly screen: KioskScreen
  readonly displays: SessionDisplays
  /** Default: the product's. */
  readonly times?: DoorTimes
  /** What systemd says which process it started; undefined where it started none. */
  readonly systemdPid?: string | undefined
  readonly log: Logger
  /** Returns false when the relay isn't there to take it. */
  readonly send: (message: AgentToRelay) => boolean
  /** Resolves when the relay acknowledged it. */
  readonly request: (message: AgentToRelay) => Promise<void>
}

/** Everything of this device that has to do with sessions without a person. One session at a time is the supervisor's to see to. */
export class Unattended {
  readonly #options: UnattendedOptions
  readonly #file: StateFile
  readonly #door: Door
  readonly #tries: Tries
  readonly #tearDown: TearDown

  private constructor(options: UnattendedOptions, file: StateFile) {
    this.#options = options
    this.#file = file
    const { clock, displays, lockDesktop, log, systemdPid, times = DOOR_TIMES } = options
    const stamps = new Stamps(clock, options.bootClock)
    this.#tries = new Tries({ file, stamps, onOff: wrongTries => this.#tellOff(wrongTries) })
    this.#door = new Door({ file, stamps, tries: this.#tries, times })
    this.#tearDown = new TearDown({
      ...{ file, stamps, times, clock, displays, lockDesktop, log },
      endProcesses: sessionId => endSessionProcesses(sessionId) + endStrays({ pid: process.pid, systemdPid }),
      onDone: report => this.#report(report),
    })
  }

  static async open(options: UnattendedOptions): Promise<Unattended> {
    await removeTemporaries(options.stateDir)
    return new Unattended(options, await StateFile.open(options.stateDir, options.deviceId))
  }

  /** Too many wrong passwords have shut the device for whoever comes without a person. */
  get isShut(): boolean {
    return this.#tries.isOff
  }

  /** Begins to arm. Throws `unattended-off` or `unattended-locked` after too many wrong passwords. */
  begin(request: SessionRequest, listener: SessionListener): UnattendedSession {
    this.#tries.requireOpen()
    return UnattendedSession.begin(request, this.#parts(), listener)
  }

  /** Comes before everything else at a start: what an earlier run left open goes on within its time, or is shut when it resolves. */
  async resume(open: (make: (listener: SessionListener) => UnattendedSession) => UnattendedSession): Promise<void> {
    await this.#tearDown.resume()
    const { armed } = this.#door
    if (!armed) return
    // A host that outlived the run that started it serves nobody.
    endSessionProcesses(armed.request.sessionId)
    await this.#options.displays.sweep(armed.request.sessionId)
    const isDue = this.#door.leftMs() <= 0
    const session = open(listener => UnattendedSession.resume(armed, this.#parts(), listener))
    if (isDue) await session.end('expired')
  }

  /** The relay is there: what it may not know is said again. */
  handleWelcome(): void {
    for (const report of this.#file.now.unsent) void this.#report(report)
    if (this.#tries.isOff) this.#tellOff(this.#tries.wrongToday)
  }

  /** An administrator allows unattended sessions again. */
  async allow(): Promise<void> {
    await this.#tries.allow()
    this.#options.log.warn('unattended access is allowed again')
  }

  /** The desktop that is to be signed out after a grace is signed out now: this program won't be there any more when that is over. */
  finish(): Promise<void> {
    return this.#tearDown.finish()
  }

  /** Resolves when everything that was said so far is on the disk. */
  get settled(): Promise<void> {
    return this.#file.settled
  }

  #parts(): UnattendedParts {
    return { times: DOOR_TIMES, ...this.#options, door: this.#door, tearDown: this.#tearDown }
  }

  async #report(report: TearDownReport): Promise<void> {
    const others = this.#file.now.unsent.filter(({ sessionId }) => sessionId !== report.sessionId)
    const isSent = this.#options.send({ type: 'session.teardown', ...report })
    const unsent = isSent ? others : [...others, report].slice(-UNSENT_MAX)
    if (isSent && others.length === this.#file.now.unsent.length) return
    await this.#file
      .change({ unsent })
      .catch(() => this.#options.log.error('A teardown could not be noted for the audit.'))
  }

  #tellOff(wrongTries: number): void {
    this.#options.log.error({ wrongTries }, 'too many wrong passwords: unattended access is off')
    this.#options.send({ type: 'unattended.off', wrongTries })
  }
}
