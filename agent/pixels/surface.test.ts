import { describe, expect, test } from 'vitest'
import { seededRandom } from '#testing/seeded-random.ts'
import { Surface } from './surface.ts'

describe('a surface', () => {
  const read = (bytes: Uint8Array) => (into: Uint8Array, offset: number) =>
    into.set(bytes.subarray(offset, offset + into.length))

  test('tells only the parts of a rectangle that differ, apart when they are far apart', () => {
    const surface = new Surface(40, 60)
    const bytes = new Uint8Array(40 * 60 * 4)
    surface.update({ x: 0, y: 0, width: 40, height: 60 }, read(bytes))
    bytes[(2 * 40 + 4) * 4] = 9
    bytes[(50 * 40 + 33) * 4] = 9
    expect(surface.update({ x: 0, y: 0, width: 40, height: 60 }, read(bytes))).toEqual([
      { x: 4, y: 2, width: 4, height: 1 },
      { x: 32, y: 50, width: 4, height: 1 },
    ])
  })

  test('works for surfaces narrower than a SIMD block', () => {
    const surface = new Surface(3, 2)
    const bytes = Uint8Array.from({ length: 24 }, (_, at) => at)
    expect(surface.update({ x: 0, y: 0, width: 3, height: 2 }, read(bytes))).toEqual([
      { x: 0, y: 0, width: 3, height: 2 },
    ])
    expect([...surface.pixels.subarray(0, 8)]).toEqual([2, 1, 0, 255, 6, 5, 4, 255])
  })

  test('has what is on the screen, and tells where it changed to within a block, at any width', () => {
    const random = seededRandom(11)
    const below = (limit: number) => Math.floor(random() * limit)
    for (let width = 1; width <= 75; width++) {
      const surface = new Surface(width, 1)
      const row = { x: 0, y: 0, width, height: 1 }
      const bytes = new Uint8Array(width * 4)
      surface.update(row, read(bytes))
      surface.kernel.copyRect(surface.layout.current, surface.layout.known, surface.strideBytes, width, 1)
      for (let round = 0; round < 12; round++) {
        const places = Array.from({ length: 1 + below(3) }, () => below(width))
        for (const at of places) bytes[at * 4 + below(3)] = 1 + round
        const [first, last] = [Math.min(...places), Math.max(...places)]
        for (const told of [surface.update(row, read(bytes)), surface.differences(row)]) {
          expect(told).toHaveLength(1)
          const { x, width: changed } = told[0] ?? row
          expect([x <= first, x > first - 4, x + changed > last, x + changed <= last + 4]).toEqual(Array(4).fill(true))
        }
        surface.kernel.copyRect(surface.layout.current, surface.layout.known, surface.strideBytes, width, 1)
        const shown = Array.from(bytes, (_, at) =>
          at % 4 === 3 ? 255 : (bytes[at - (at % 4) + 2 - (at % 4)] as number),
        )
        expect([...surface.pixels]).toEqual(shown)
        expect(surface.update(row, read(bytes))).toEqual([])
        expect(surface.differences(row)).toEqual([])
      }
    }
  })
})
