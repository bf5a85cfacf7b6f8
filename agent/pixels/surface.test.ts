import { describe, expect, test } from 'vitest'
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
})
