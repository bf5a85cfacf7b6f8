import fc from 'fast-check'
import { expect, it } from 'vitest'
import { cellCentre, readStamp, STAMP_CELLS, stampCells, stampRow, videoHeightOf } from './stamp.ts'

const stamp = fc.record({ epoch: fc.nat(255), frameNumber: fc.nat(65_535) })

it('a stamp is read as it was written', () => {
  fc.assert(
    fc.property(stamp, written => {
      expect(readStamp(stampCells(written))).toEqual(written)
    }),
  )
  expect(stampCells({ epoch: 0x81, frameNumber: 0x0203 }).map(Number).join('')).toBe(
    // 8 ^ 1 ^ 0 ^ 2 ^ 0 ^ 3 = 8
    '1000000100000010000000111000',
  )
})

it('a cell that was read wrong is noticed', () => {
  fc.assert(
    fc.property(stamp, fc.nat(STAMP_CELLS - 1), (written, wrong) => {
      const cells = stampCells(written).map((cell, index) => (index === wrong ? !cell : cell))
      expect(readStamp(cells)).toBeUndefined()
    }),
  )
  expect(readStamp([])).toBeUndefined()
})

it('cells are found in a video of any scale', () => {
  expect(videoHeightOf(1080)).toBe(1096)
  expect(videoHeightOf(769)).toBe(784)
  expect(stampRow(1096, 1080)).toBe(1088)
  expect(stampRow(548, 1080)).toBe(544)
  expect(stampRow(1, 1080)).toBe(0)
  expect([0, 27].map(index => cellCentre(index, 1920))).toEqual([34, 1870])
  for (const width of [28, 100, 640, 1366]) expect(cellCentre(STAMP_CELLS - 1, width)).toBeLessThan(width)
})
