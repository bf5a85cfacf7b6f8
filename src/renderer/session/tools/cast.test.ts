import { describe, expect, it } from 'vitest'
import { commandsOf, parseCast } from './cast.ts'
import { CastSearch } from './cast-search.ts'

const file = (...events: unknown[]) =>
  [{ version: 2, width: 100, height: 30 }, ...events].map(line => JSON.stringify(line)).join('\n')
const cast = (...events: unknown[]) => {
  const parsed = parseCast(file(...events))
  if (!parsed) throw new Error('it is no recording')
  return parsed
}

describe('a recording', () => {
  it('is read up to where it was cut off', () => {
    const parsed = parseCast(`${file([0.1, 'o', 'a'], [2, 'r', '80x24'])}\n[2.5,"o","b`)
    expect(parsed).toEqual({
      ...{ columns: 100, rows: 30, lengthS: 2 },
      events: [
        { atS: 0.1, kind: 'o', data: 'a' },
        { atS: 2, kind: 'r', data: '80x24' },
      ],
    })
    expect(parseCast('no recording')).toBeUndefined()
  })

  it('A86 of a hostile device has no moment that isn’t one, no time that runs backwards and no size that no terminal has', () => {
    const hostile =
      '{"version":2,"width":80.5,"height":1e9}\n[1,"o","a"]\n[1e999,"o","b"]\n[-5,"o","c"]\n[0.5,"o","d"]\n[9e12,"o","e"]\n[null,"o","f"]\n{"a":1}\n[2,"o"]'
    const parsed = parseCast(hostile)
    expect(parsed?.events.map(({ atS, data }) => [atS, data])).toEqual([
      [1, 'a'],
      [1, 'd'],
    ])
    expect(parsed).toMatchObject({ columns: 80, rows: 80, lengthS: 1 })
  })
})

describe('the commands of a recording', () => {
  it('are all of them, with codes of a sign or of 32 bits, and nothing that only looks like one', () => {
    const many = Array.from({ length: 100 }, (_, index) => [index, 'm', `0 ls ${index}`])
    const all = cast(
      [0, 'o', '0 ls'],
      ...many,
      [200, 'm', '-1073741510 ping'],
      [201, 'm', '3221225786 a\nb'],
      [202, 'm', 'x 1'],
    )
    expect(commandsOf(all)).toHaveLength(102)
    expect(commandsOf(all).slice(-2)).toEqual([
      { atS: 200, command: 'ping', exitCode: -1073741510 },
      { atS: 201, command: 'a\nb', exitCode: 3221225786 },
    ])
  })
})

describe('a search in a recording', () => {
  it('finds what was printed, whatever colours and events it came in, and begins anew at the end', () => {
    const search = new CastSearch(
      cast(
        [1, 'o', 'ls\r\n\u001b[34mDesk'],
        [2, 'm', '0 ls'],
        [3, 'o', 'top\u001b[0m \u001b]0;title\u0007'],
        [4, 'o', '\u001b[1m'],
        [5, 'o', 'DESKTOP'],
      ),
    )
    expect(search.next('desktop', 0)).toBe(3)
    expect(search.next('desktop', 3)).toBe(5)
    expect(search.next('Desktop', 5)).toBe(3)
    expect(search.next('desk', 0)).toBe(1)
    expect(search.next('title', 0)).toBeUndefined()
    expect(search.next('', 0)).toBeUndefined()
  })
})
