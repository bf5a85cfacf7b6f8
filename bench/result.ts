export type Row = Readonly<Record<string, string | number>>

/** One measured thing: prints a table of `rows` (and `more` tables) and returns what the JSON line holds. */
export interface BenchResult {
  readonly rows: readonly Row[]
  readonly more?: ReadonlyArray<readonly Row[]>
  readonly json: unknown
}
