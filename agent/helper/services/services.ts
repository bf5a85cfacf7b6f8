import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { z } from 'zod'
import { HandholdError } from '#protocol/errors.ts'
import { displayLine } from '#protocol/text.ts'
import { SERVICES_MAX } from '#protocol/tools/limits.ts'
import type { ServiceRow, ToolAction } from '#protocol/tools/messages.ts'

const OUTPUT_MAX_BYTES = 8 * 1024 * 1024
const WITHIN_MS = 20_000
const LOG_LINES = 100
const TEXT_MAX = 11_000

type ServiceAction = Extract<ToolAction, { unit: string }>

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

const unitsSchema = z.array(
  z.object({ unit: displayLine(200), active: displayLine(20), sub: displayLine(20), description: displayLine(200) }),
)
const filesSchema = z.array(z.object({ unit_file: displayLine(200), state: displayLine(20) }))

/** Services of systemd, by its own programs: absolute paths, arguments that are never put together to a line, no shell. */
export class Services {
  readonly #paths: SystemdPaths

  constructor(paths: SystemdPaths = PATHS) {
    this.#paths = paths
  }

  /** `problem` says in words why there are none. */
  async list(): Promise<{ rows: ServiceRow[]; problem: string | null }> {
    const problem = this.#absence()
    if (problem) return { rows: [], problem }
    const [units, files] = await Promise.all([
      this.#json(unitsSchema, ['list-units', '--type=service', '--all', '--output=json']),
      this.#json(filesSchema, ['list-unit-files', '--type=service', '--output=json']),
    ])
    const enabled = new Map(files.map(({ unit_file, state }) => [unit_file, state]))
    const rows = units.slice(0, SERVICES_MAX).map(unit => ({ ...unit, enabled: enabled.get(unit.unit) ?? '' }))
    return { rows, problem: null }
  }

  /** What the system said, or the last lines of the unit's log. */
  async act({ verb, unit }: ServiceAction): Promise<string> {
    const problem = this.#absence()
    if (problem) throw new HandholdError('tool-unavailable', problem)
    if (verb === 'logs') {
      const { journalctl } = this.#paths
      const text = await run(journalctl, ['--no-pager', '--output=short-iso', `--lines=${LOG_LINES}`, `--unit=${unit}`])
      return text.slice(-TEXT_MAX)
    }
    return (await run(this.#paths.systemctl, ['--no-pager', '--no-ask-password', verb, '--', unit])).slice(-TEXT_MAX)
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

function run(program: string, args: readonly string[]): Promise<string> {
  const options = { env: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' }, timeout: WITHIN_MS, maxBuffer: OUTPUT_MAX_BYTES }
  return new Promise((resolve, reject) => {
    execFile(program, [...args], options, (error, stdout, stderr) => {
      if (!error) return resolve(stdout + stderr)
      const said = stderr.trim().split('\n')[0]?.slice(0, 200)
      reject(new HandholdError('tool-unavailable', said || 'systemd didn’t answer.', { cause: error }))
    })
  })
}
