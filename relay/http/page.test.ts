import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { PagedList } from './page.ts'

const list = new PagedList('people', z.tuple([z.string(), z.number()]))
type Row = { name: string; id: number }
const keyOf = ({ name, id }: Row) => [name, id] as [string, number]
const rowsOf = fc.uniqueArray(fc.record({ name: fc.string({ maxLength: 3 }), id: fc.nat() }), {
  selector: row => row.id,
})

function walk(rows: readonly Row[], limit: number): Row[][] {
  const pages: Row[][] = []
  let cursor: string | undefined
  do {
    const page = list.ofAll(rows, { limit, cursor }, keyOf)
    pages.push(page.rows)
    cursor = page.nextCursor ?? undefined
  } while (cursor)
  return pages
}

describe('a list in pages', () => {
  it('gives each row once and in order, whatever the size of a page', () => {
    fc.assert(
      fc.property(rowsOf, fc.integer({ min: 1, max: 7 }), (rows, limit) => {
        const pages = walk(rows, limit)
        const [whole] = walk(rows, 1_000)
        expect(pages.flat()).toEqual(whole)
        expect(new Set(pages.flat())).toEqual(new Set(rows))
        for (const page of pages.slice(0, -1)) expect(page).toHaveLength(limit)
      }),
    )
  })

  it('goes on where it was when rows come and go', () => {
    const rows = ['ann', 'bob', 'cid', 'dan'].map((name, id) => ({ name, id }))
    const { nextCursor } = list.ofAll(rows, { limit: 2 }, keyOf)
    const changed = [{ name: 'abe', id: 9 }, ...rows.filter(({ name }) => name !== 'bob')]
    const next = list.ofAll(changed, { limit: 2, cursor: nextCursor ?? '' }, keyOf)
    expect(next.rows.map(({ name }) => name)).toEqual(['cid', 'dan'])
    expect(next.nextCursor).toBeNull()
  })

  it('refuses a cursor of another list and what is none', () => {
    const other = new PagedList('groups', z.tuple([z.string(), z.number()]))
    const { nextCursor } = other.ofAll(
      [
        { name: 'a', id: 1 },
        { name: 'b', id: 2 },
      ],
      { limit: 1 },
      keyOf,
    )
    const wrong = Buffer.from('{"list":"people","after":["a",{"$gt":0}]}').toString('base64url')
    for (const cursor of [nextCursor ?? '', wrong, 'x', 'bnVsbA', '{}', '\u0000'])
      expect(() => list.after({ limit: 1, cursor })).toThrow(expect.objectContaining({ code: 'bad-request' }))
  })
})
