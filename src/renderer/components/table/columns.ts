import type { ReactNode } from 'react'

/** What a person who sorts by it wants to see first comes first: of numbers that is the biggest, which the arrow then has to say. */
export type Compare<Row> = ((a: Row, b: Row) => number) & { readonly isBiggestFirst?: true }

/** One column of a `DataTable`. */
export interface Column<Row> {
  readonly key: string
  readonly title: string
  /** The title is for those who don't see what is in the column. */
  readonly isTitleHidden?: boolean
  /** CSS pixels. Columns without one share what is left. */
  readonly width?: number
  readonly isRight?: boolean
  /** Left out where a drawer takes the room. */
  readonly isWide?: boolean
  readonly render: (row: Row) => ReactNode
  /** The whole text, for a cell that may be cut. */
  readonly hint?: (row: Row) => string
  /** A column with one can be sorted by. */
  readonly compare?: Compare<Row>
  /** Whoever gives the rows can sort by it. */
  readonly isSortable?: boolean
}

export interface TableOrder {
  readonly column: string
  readonly isDescending: boolean
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

/** Compares by a text as people sort it: `PC 9` before `PC 10`. */
export const byText =
  <Row>(text: (row: Row) => string) =>
  (a: Row, b: Row): number =>
    collator.compare(text(a), text(b))

/** Compares by a number; what has none comes last. */
export const byNumber = <Row>(number: (row: Row) => number | null): Compare<Row> =>
  Object.assign(
    (a: Row, b: Row) => (number(b) ?? Number.NEGATIVE_INFINITY) - (number(a) ?? Number.NEGATIVE_INFINITY) || 0,
    { isBiggestFirst: true } as const,
  )

/** The rows that hold every word of `query` in their text, in order. Equal ones keep their places, so that rows don't jump. */
export function arrangeRows<Row>(
  rows: readonly Row[],
  query: string,
  textOf: (row: Row) => string,
  columns: readonly Column<Row>[],
  order: TableOrder | null,
): readonly Row[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const found = words.length === 0 ? rows : rows.filter(row => hasAll(textOf(row).toLowerCase(), words))
  const compare = columns.find(({ key }) => key === order?.column)?.compare
  if (!compare) return found
  const direction = order?.isDescending ? -1 : 1
  return found.toSorted((a, b) => compare(a, b) * direction)
}

const hasAll = (text: string, words: readonly string[]) => words.every(word => text.includes(word))
