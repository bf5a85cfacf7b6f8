import { HandholdError } from '#protocol/errors.ts'
import { SERVICES_MAX } from '#protocol/tools/limits.ts'
import { runProgram } from '../run-program.ts'
import { requireName, SERVICE_TEXT_MAX, type ServiceAction, type ServiceList, type Services } from '../services.ts'
import { parseScQuery, parseScState, parseStarts } from './sc-output.ts'

const LOG_EVENTS = 50
const STOP_LOOKS = 60
const STOP_LOOK_MS = 500
const QUERY_BYTES = '262144'
/** What Windows lets a service be called, without what means something to its programs: quotes, `=`, `/`, `\` and `%`. */
const NAME = /^[A-Za-z0-9_$][A-Za-z0-9_$.@() -]{0,199}$/

/** Services of Windows, by `sc.exe`, `reg.exe` and `wevtutil.exe`. */
export class WindowsServices implements Services {
  readonly #root: string

  constructor(systemRoot = 'C:\\Windows') {
    this.#root = systemRoot
  }

  async list(): Promise<ServiceList> {
    const [services, starts] = await Promise.all([
      this.#run('sc.exe', ['query', 'type=', 'service', 'state=', 'all', 'bufsize=', QUERY_BYTES]),
      this.#run('reg.exe', ['query', 'HKLM\\SYSTEM\\CurrentControlSet\\Services', '/s', '/v', 'Start']).catch(() => ''),
    ])
    const enabled = parseStarts(starts)
    const rows = parseScQuery(services)
      .slice(0, SERVICES_MAX)
      .map(row => ({ ...row, enabled: enabled.get(row.unit.toLowerCase()) ?? '' }))
    return { rows, problem: null }
  }

  check(unit: string): void {
    requireName(NAME, unit)
  }

  async act({ verb, unit }: ServiceAction): Promise<string> {
    this.check(unit)
    return (await this.#act(verb, unit)).slice(0, SERVICE_TEXT_MAX)
  }

  async #act(verb: ServiceAction['verb'], unit: string): Promise<string> {
    switch (verb) {
      case 'start':
      case 'stop':
        return this.#run('sc.exe', [verb, unit])
      case 'restart':
        return this.#restart(unit)
      case 'enable':
        return this.#run('sc.exe', ['config', unit, 'start=', 'auto'])
      case 'disable':
        return this.#run('sc.exe', ['config', unit, 'start=', 'disabled'])
      case 'logs':
        return this.#logs(unit)
    }
  }

  /** `sc.exe` only asks it to stop. */
  async #restart(unit: string): Promise<string> {
    if ((await this.#state(unit)) !== 'stopped') await this.#run('sc.exe', ['stop', unit])
    for (let look = 0; (await this.#state(unit)) !== 'stopped'; look++) {
      if (look >= STOP_LOOKS)
        throw new HandholdError('tool-unavailable', 'The service doesn’t stop. It wasn’t started anew.')
      await new Promise(resolve => setTimeout(resolve, STOP_LOOK_MS))
    }
    return this.#run('sc.exe', ['start', unit])
  }

  async #state(unit: string): Promise<string | undefined> {
    return parseScState(await this.#run('sc.exe', ['query', unit]))
  }

  /** What it wrote itself, newest first. The name holds nothing that ends the quotes. */
  async #logs(unit: string): Promise<string> {
    const query = `*[System[Provider[@Name='${unit}']]]`
    const ask = (log: string) =>
      this.#run('wevtutil.exe', ['qe', log, `/q:${query}`, `/c:${LOG_EVENTS}`, '/rd:true', '/f:text'])
    const texts = await Promise.all(['System', 'Application'].map(log => ask(log).catch(() => '')))
    return texts.filter(text => text.trim() !== '').join('\n')
  }

  #run(program: string, args: readonly string[]): Promise<string> {
    const folder = `${this.#root}\\System32`
    return runProgram(`${folder}\\${program}`, args, { SystemRoot: this.#root, Path: folder })
  }
}
