import { existsSync } from 'node:fs'
import { z } from 'zod'
import { HandholdError } from '#protocol/errors.ts'
import { toDisplayLine } from '#protocol/text.ts'
import { SERVICES_MAX } from '#protocol/tools/limits.ts'
import { runProgram } from '../run-program.ts'
import { requireName, SERVICE_TEXT_MAX, type ServiceAction, type ServiceList, type Services } from '../services.ts'

const LOG_LINES = 100

export interface SystemdPaths {
  readonly systemctl: string
  readonly journalctl: string
  /** There when systemd is what runs the system. */
  readonly running: string
}

const PATHS: SystemdPaths = {
  systemctl: '/usr/bin/systemctl',
  journalctl: '/usr/bin/journalctl',
  running: '/run/systemd/system',
}
const ENVIRONMENT = { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' }

/** Characters of a unit that systemd knows; a leading dash would be read as an option. */
const UNIT = /^[A-Za-z0-9@_:][A-Za-z0-9@_.:\\-]{0,190}\.(service|timer|socket)$/

/** What a unit says of itself is cut: one with a long description mustn't cost the list of all. */
const line = (maxLength: number) => z.string().transform(text => toDisplayLine(text, maxLength))

const unitsSchema = z.array(z.object({ unit: z.string(), active: line(20), sub: line(20), description: line(200) }))
const filesSchema = z.array(z.object({ unit_file: z.string(), state: line(20) }))

/** Services of systemd. */
export class SystemdServices implements Services {
  readonly #paths: SystemdPaths

  constructor(paths: SystemdPaths = PATHS) {
    this.#paths = paths
  }

  async list(): Promise<ServiceList> {
    const problem = this.#absence()
    if (problem) return { rows: [], problem }
    const [units, files] = await Promise.all([
      this.#json(unitsSchema, ['list-units', '--type=service', '--all', '--output=json']),
      this.#json(filesSchema, ['list-unit-files', '--type=service', '--output=json']),
    ])
    const enabled = new Map(files.map(({ unit_file, state }) => [unit_file, state]))
    // One whose name can't be asked for is none that could be shown.
    const named = units.filter(({ unit }) => UNIT.test(unit))
    const rows = named.slice(0, SERVICES_MAX).map(unit => ({ ...unit, enabled: enabled.get(unit.unit) ?? '' }))
    return { rows, problem: null }
  }

  check(unit: string): void {
    requireName(UNIT, unit)
  }

  async act({ verb, unit }: ServiceAction): Promise<string> {
    this.check(unit)
    const problem = this.#absence()
    if (problem) throw new HandholdError('tool-unavailable', problem)
    const { journalctl, systemctl } = this.#paths
    const said =
      verb === 'logs'
        ? await run(journalctl, ['--no-pager', '--output=short-iso', `--lines=${LOG_LINES}`, `--unit=${unit}`])
        : await run(systemctl, ['--no-pager', '--no-ask-password', verb, '--', unit])
    return said.slice(-SERVICE_TEXT_MAX)
  }

  #absence(): string | null {
    const { systemctl, running } = this.#paths
    if (existsSync(systemctl) && existsSync(running)) return null
    return 'This device isn’t run by systemd, so there are no services to show.'
  }

  async #json<T>(schema: z.ZodType<T>, args: readonly string[]): Promise<T> {
    const text = await run(this.#paths.systemctl, ['--no-pager', '--no-ask-password', ...args])
    try {
      return schema.parse(JSON.parse(text))
    } catch (cause) {
      throw new HandholdError('tool-unavailable', 'systemd answered in a way that isn’t known here.', { cause })
    }
  }
}

const run = (program: string, args: readonly string[]) => runProgram(program, args, ENVIRONMENT)
