import type { Database } from 'better-sqlite3'

export interface AskedQuestion {
  readonly sql: string
  readonly parameters: readonly unknown[]
}

/** How SQLite answers the question, step by step. */
export function planOf(database: Database, { sql, parameters }: AskedQuestion): string[] {
  const steps = database.prepare<unknown[], { detail: string }>(`explain query plan ${sql}`)
  return steps.all(...parameters).map(({ detail }) => detail)
}

/** Indexes that hold only what is open, waiting, given up or new: however large the table, they have few rows. */
const SMALL_INDEX =
  /INDEX (device_(unindexed|present)|session_unindexed|session_open\w*|script_run_device_(open|awaiting)|webhook_delivery_(due|dead))$/

/** What a question made itself: a list in it, a part of it that has a name, what a search's own index found. */
const NO_TABLE =
  /VIRTUAL TABLE|json_each|CONSTANT ROW|VALUES CLAUSE|\(subquery|^SCAN (found|kept|page|counts|counted|chains|receiver)( LEFT-JOIN)?$/

/** Reading a whole table. */
export const isScan = (step: string): boolean =>
  step.startsWith('SCAN ') && !NO_TABLE.test(step) && !SMALL_INDEX.test(step)
