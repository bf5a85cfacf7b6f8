import { z } from 'zod'

/** More rows than any list of an organisation has. */
export const LIST_MAX_ROWS = 100_000

/** A list that main has read to its end: the relay's own replies are pages of it. */
export const wholeList = <const Name extends string, Row extends z.ZodType>(name: Name, row: Row) =>
  z.object({ [name]: z.array(row).max(LIST_MAX_ROWS) } as { [K in Name]: z.ZodArray<Row> })
