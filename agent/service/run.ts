import { systemClock } from '../links/clock.ts'
import { QuietMemory } from '../links/quiet-memory.ts'
import { selectPlatform } from '../platform/index.ts'
import { type AgentOptions, startAgent } from './agent.ts'
import { dangerousNames } from './children/environment.ts'
import { findPrograms } from './children/programs.ts'
import { ConfigError, readConfig } from './config/config.ts'
import { EnrolmentRefused } from './enrolment/ensure.ts'
import { createLogger, type Logger } from './log.ts'

// docs/operating.md lists these: a service manager must not start the agent again after 2, 3 and 4.
const EXIT = { failed: 1, config: 2, enrolment: 3, removed: 4 } as const

/** What a composition may set and nothing that is configured can: time, how long doors stay as they are, who is at the desktop and who signs them out. */
export type AgentComposition = Pick<AgentOptions, 'clock' | 'bootClock' | 'doorTimes' | 'loginctl'> &
  Partial<Pick<AgentOptions, 'readDesk'>>

async function run(composition: AgentComposition): Promise<number> {
  const { config, secrets } = readConfig(process.env)
  const log = createLogger(config.logLevel)
  const environment = takeEnvironment(log)
  const starting = new AbortController()
  const asked = Promise.withResolvers<'asked'>()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      starting.abort(new Error(`ended by ${signal}`))
      asked.resolve('asked')
    })
  }
  try {
    const platform = selectPlatform(process.platform)
    const facts = await platform.facts()
    const readInventory = () => platform.inventory()
    const programs = findPrograms()
    const memory = new QuietMemory(composition.clock ?? systemClock)
    const onActivity = () => memory.stir()
    const own = {
      onActivity,
      config,
      secrets,
      programs,
      platform: facts.platform,
      facts,
      readInventory,
      readDesk: (uid: number | undefined) => platform.desk(uid),
      environment,
      log,
    }
    const agent = await startAgent({ ...own, ...composition }, starting.signal)
    const end = await Promise.race([agent.stopped, asked.promise])
    await agent.stop()
    if (end === 'asked') return 0
    log.fatal(end.message)
    return EXIT[end.cause]
  } catch (thrown) {
    if (starting.signal.aborted) return 0
    log.fatal(thrown instanceof Error ? thrown.message : String(thrown))
    return thrown instanceof EnrolmentRefused ? EXIT.enrolment : EXIT.failed
  }
}

const SECRET_NAMES = ['HANDHOLD_AGENT_ENROLMENT_TOKEN', 'HANDHOLD_AGENT_TOKEN', 'HANDHOLD_AGENT_PROXY']

/** What children may be given; secrets leave this process's environment, and with it every place that shows it. */
function takeEnvironment(log: Logger): Record<string, string | undefined> {
  const names = dangerousNames(process.env)
  if (names.length > 0) log.warn({ names }, 'These settings change how programs run. The agent passes none of them on.')
  for (const name of [...names, ...SECRET_NAMES]) delete process.env[name]
  return { ...process.env }
}

/** Runs this process as the agent service, by what this machine's configuration says. */
export function runAgent(composition: AgentComposition = {}): void {
  run(composition).then(
    code => process.exit(code),
    thrown => {
      console.error(thrown instanceof ConfigError ? `handhold-agent: ${thrown.message}` : thrown)
      process.exit(thrown instanceof ConfigError ? EXIT.config : EXIT.failed)
    },
  )
}
