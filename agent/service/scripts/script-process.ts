import { levelOf } from '#protocol/tools/tools.ts'
import { startChild } from '../../links/child.ts'
import {
  SCRIPT_ARGUMENT,
  type ScriptBegin,
  type ScriptToService,
  type ServiceToScript,
  scriptToServiceSchema,
} from '../../links/script-link.ts'
import { runMarkOf, sessionMark } from '../../links/session-mark.ts'
import { type HelperLauncherOptions, userOfLevel, withoutDesktop } from '../tools/helper-process.ts'
import { endSessionProcesses } from '../unattended/session-processes.ts'

/** Within which a helper says how its script ended; then it is ended itself. */
const STOP_WITHIN_MS = 1_500

export interface ScriptProcess {
  /** Ends the script now; what it printed until then still comes. Idempotent. */
  stop(): void
  /** No process of it is left. */
  readonly gone: Promise<void>
}

/** Starts the helper for one script: with the service's own rights, or as the user of the desktop. */
export class ScriptLauncher {
  readonly #options: Pick<HelperLauncherOptions, 'programs' | 'environment' | 'user' | 'clock' | 'log'>

  constructor(options: Pick<HelperLauncherOptions, 'programs' | 'environment' | 'user' | 'clock' | 'log'>) {
    this.#options = options
  }

  /** Throws `tool-unavailable` where there is no user for the script. */
  launch(
    runId: string,
    begin: Omit<ScriptBegin, 'type'>,
    onMessage: (message: ScriptToService) => void,
  ): ScriptProcess {
    const { programs, environment, user, clock, log } = this.#options
    const mark = runMarkOf(runId, begin.deviceId)
    const child = startChild<ScriptToService, ServiceToScript>({
      command: [...programs.helper, SCRIPT_ARGUMENT],
      environment: { ...withoutDesktop(environment), ...sessionMark(mark) },
      user: userOfLevel(levelOf(begin.run.definition.tool), user),
      incoming: scriptToServiceSchema,
      onMessage,
      onInvalid: () => log.error('The helper of a script said something that isn’t in its contract.'),
      onLine: line => log.warn({ part: 'script' }, line),
    })
    child.send({ type: 'begin', ...begin })
    let cancelKill: (() => void) | undefined
    return {
      stop() {
        child.send({ type: 'stop' })
        cancelKill ??= clock.setTimer(() => child.kill(), STOP_WITHIN_MS)
      },
      gone: child.exited.then(() => {
        cancelKill?.()
        child.kill()
        endSessionProcesses(mark)
      }),
    }
  }
}
