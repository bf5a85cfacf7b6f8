import type { UserView } from '#protocol/wire/views.ts'
import type { Chance } from '../../chance.ts'
import type { AuditNote, Change } from '../changes.ts'
import type { ParsedPolicy } from './parse.ts'

/** A file on its way into the database: what it finds there, and the differences as lines for people. */
export interface Draft {
  readonly change: Change
  readonly parsed: ParsedPolicy
  readonly chance: Chance
  readonly members: readonly UserView[]
  readonly differences: string[]
}

/** One difference: its line for people and its row for the audit. */
export function differ({ change, differences }: Draft, line: string, note: AuditNote): void {
  differences.push(line)
  change.note(note)
}
