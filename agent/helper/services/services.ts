import { HandholdError } from '#protocol/errors.ts'
import type { ServiceRow, ToolAction } from '#protocol/tools/messages.ts'

export type ServiceAction = Extract<ToolAction, { unit: string }>

export interface ServiceList {
  readonly rows: ServiceRow[]
  /** In words, why there are none. */
  readonly problem: string | null
}

/** The services of a device, by its system's own programs: absolute paths, arguments that are never put together to a line, no shell. */
export interface Services {
  list(): Promise<ServiceList>
  /** Throws `bad-request` for what can't be the name of a service here. Comes before anything is reported or done. */
  check(unit: string): void
  /** Resolves with what the system said, or the last lines of the service's log. */
  act(action: ServiceAction): Promise<string>
}

/** What an answer may hold. */
export const SERVICE_TEXT_MAX = 11_000

export function requireName(pattern: RegExp, unit: string): void {
  if (!pattern.test(unit)) throw new HandholdError('bad-request', 'This system has no service of such a name.')
}
