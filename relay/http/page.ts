import { z } from 'zod'
import { HandholdError } from '#protocol/errors.ts'
import type { PageQuery } from '#protocol/page-http.ts'

type KeyPart = string | number
/** What the rows of a list are ordered by, all ascending; the last part tells any two rows apart. Newest first is the time with a minus. */
export type PageKey = readonly [KeyPart, ...KeyPart[]]

export interface Page<Row> {
  readonly rows: Row[]
  readonly nextCursor: string | null
}

/** A list that is read page by page. Pages are found by the key of the last row and not by a number, so rows that come and go move nothing. */
export class PagedList<Key extends PageKey> {
  readonly #name: string
  readonly #key: z.ZodType<Key>

  /** `name` keeps the cursor of one list out of another. */
  constructor(name: string, key: z.ZodType<Key>) {
    this.#name = name
    this.#key = key
  }

  /** The key after which the page begins; undefined for the first. Throws `bad-request` for a cursor that isn't this list's. */
  after({ cursor }: PageQuery): Key | undefined {
    if (cursor === undefined) return undefined
    const { success, data } = z.object({ list: z.literal(this.#name), after: this.#key }).safeParse(decode(cursor))
    if (success) return data.after
    throw new HandholdError('bad-request', 'query.cursor: not one of this list. Begin without a cursor.')
  }

  /** The page of rows that were asked for with one more than `limit`: that one shows that there is another page. */
  of<Row>(found: readonly Row[], { limit }: PageQuery, keyOf: (row: Row) => Key): Page<Row> {
    const rows = found.slice(0, limit)
    const last = rows.at(-1)
    return { rows, nextCursor: found.length > limit && last !== undefined ? this.#encode(keyOf(last)) : null }
  }

  /** The page of a list that is in memory anyway. */
  ofAll<Row>(all: readonly Row[], query: PageQuery, keyOf: (row: Row) => Key): Page<Row> {
    const after = this.after(query)
    const keyed = all.map(row => ({ row, key: keyOf(row) })).sort((one, other) => compare(one.key, other.key))
    const rest = after ? keyed.filter(({ key }) => compare(key, after) > 0) : keyed
    const rows = rest.slice(0, query.limit + 1).map(({ row }) => row)
    return this.of(rows, query, keyOf)
  }

  #encode(key: Key): string {
    return Buffer.from(JSON.stringify({ list: this.#name, after: key })).toString('base64url')
  }
}

function decode(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    return undefined
  }
}

/** By code units, as SQLite compares ASCII and everything that has to be the same on every machine. */
function compare(one: PageKey, other: PageKey): number {
  for (const [index, part] of one.entries()) {
    const against = other[index] ?? ''
    if (part !== against) return part < against ? -1 : 1
  }
  return 0
}
