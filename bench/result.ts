/** One measured thing: prints a table of `rows` and returns what the JSON line holds. */
export interface BenchResult {
  readonly rows: ReadonlyArray<Readonly<Record<string, string | number>>>
  readonly json: unknown
}
