import { SERVICES_MAX } from '#protocol/tools/limits.ts'
import { runProgram } from '../run-program.ts'
import { requireName, SERVICE_TEXT_MAX, type ServiceAction, type ServiceList, type Services } from '../services.ts'
import { parseDisabled, parseLaunchctlList } from './launchctl-output.ts'

const LAUNCHCTL = '/bin/launchctl'
const LOG = '/usr/bin/log'
const ENVIRONMENT = { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LANG: 'en_US.UTF-8' }
/** Labels as launchd's own; nothing of it ends a predicate's quotes or is a path. */
const LABEL = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}$/

/** Daemons of the system's domain of launchd. */
export class LaunchdServices implements Services {
  async list(): Promise<ServiceList> {
    const [list, disabled] = await Promise.all([
      run(LAUNCHCTL, ['list']),
      run(LAUNCHCTL, ['print-disabled', 'system']).catch(() => ''),
    ])
    const off = parseDisabled(disabled)
    const rows = parseLaunchctlList(list)
      .slice(0, SERVICES_MAX)
      .map(row => ({ ...row, enabled: off.has(row.unit) ? 'disabled' : 'enabled' }))
    return { rows, problem: null }
  }

  check(unit: string): void {
    requireName(LABEL, unit)
  }

  async act({ verb, unit }: ServiceAction): Promise<string> {
    this.check(unit)
    if (verb !== 'logs') return (await run(LAUNCHCTL, argsOf(verb, unit))).slice(-SERVICE_TEXT_MAX)
    const predicate = `subsystem == "${unit}" OR senderImagePath CONTAINS "${unit}"`
    return (await run(LOG, ['show', '--last', '1h', '--style', 'syslog', '--predicate', predicate])).slice(
      -SERVICE_TEXT_MAX,
    )
  }
}

export function argsOf(verb: Exclude<ServiceAction['verb'], 'logs'>, unit: string): string[] {
  const target = `system/${unit}`
  switch (verb) {
    case 'start':
      return ['kickstart', target]
    case 'stop':
      return ['kill', 'SIGTERM', target]
    case 'restart':
      return ['kickstart', '-k', target]
    case 'enable':
    case 'disable':
      return [verb, target]
  }
}

const run = (program: string, args: readonly string[]) => runProgram(program, args, ENVIRONMENT)
