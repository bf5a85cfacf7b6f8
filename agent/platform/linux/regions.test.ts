import fc from 'fast-check'
import { expect, test } from 'vitest'
import { areaOf } from '../../pixels/rect.ts'
import type { Rect } from '../platform.ts'
import { planReads } from './regions.ts'

const anyRect: fc.Arbitrary<Rect> = fc.record({
  x: fc.integer({ min: -50, max: 500 }),
  y: fc.integer({ min: -50, max: 400 }),
  width: fc.integer({ min: 0, max: 200 }),
  height: fc.integer({ min: 0, max: 200 }),
})
const anyBounds: fc.Arbitrary<Rect> = fc.record({
  x: fc.integer({ min: 0, max: 100 }),
  y: fc.integer({ min: 0, max: 100 }),
  width: fc.integer({ min: 1, max: 400 }),
  height: fc.integer({ min: 1, max: 300 }),
})

function contains(outer: Rect, x: number, y: number): boolean {
  return x >= outer.x && y >= outer.y && x < outer.x + outer.width && y < outer.y + outer.height
}

test('reads cover all damage, stay inside and never add up to more than the display', () => {
  fc.assert(
    fc.property(fc.array(anyRect, { maxLength: 200 }), anyBounds, (damaged, bounds) => {
      const reads = planReads(damaged, bounds)
      expect(reads.reduce((sum, read) => sum + areaOf(read), 0)).toBeLessThanOrEqual(areaOf(bounds))
      for (const read of reads) {
        expect(contains(bounds, read.x, read.y)).toBe(true)
        expect(contains(bounds, read.x + read.width - 1, read.y + read.height - 1)).toBe(true)
        expect(read.width).toBeGreaterThanOrEqual(Math.min(4, bounds.width))
      }
      for (const { x, y, width, height } of damaged) {
        for (const [cornerX, cornerY] of [
          [x, y],
          [x + width - 1, y + height - 1],
        ] as const) {
          if (width === 0 || height === 0 || !contains(bounds, cornerX, cornerY)) continue
          expect(reads.some(read => contains(read, cornerX, cornerY))).toBe(true)
        }
      }
    }),
  )
})

test('small damages far apart stay apart, near ones become one', () => {
  const bounds = { x: 0, y: 0, width: 1920, height: 1080 }
  const dot = (x: number, y: number) => ({ x, y, width: 8, height: 16 })
  expect(planReads([dot(0, 0), dot(1800, 1000)], bounds).length).toBe(2)
  expect(planReads([dot(0, 0), dot(16, 0), dot(32, 8)], bounds)).toEqual([{ x: 0, y: 0, width: 40, height: 24 }])
})
