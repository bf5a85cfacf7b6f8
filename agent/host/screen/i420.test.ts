import { describe, expect, it } from 'vitest'
import type { ScreenFrame } from '../../platform/platform.ts'
import { I420Converter } from './i420.ts'

/** A frame of one grey in a buffer that is larger than its picture. */
function greyFrame(width: number, height: number, grey: number, damage?: ScreenFrame['damage']): ScreenFrame {
  const strideBytes = width * 4 + 12
  const pixels = new Uint8Array(strideBytes * height + 64).fill(grey).subarray(32, 32 + strideBytes * height)
  const whole = [{ x: 0, y: 0, width, height }]
  return { width, height, strideBytes, pixels, damage: damage ?? whole, capturedAtMs: 0 }
}

describe('I420 conversion', () => {
  it('crops odd sides and skips the gaps between rows', () => {
    const picture = new I420Converter().convert(greyFrame(7, 5, 200))
    expect([picture.width, picture.height, picture.data.length]).toEqual([6, 4, 36])
    const luma = picture.data.subarray(0, 24)
    expect(new Set(luma).size).toBe(1)
    for (const chroma of picture.data.subarray(24)) expect(Math.abs(chroma - 128)).toBeLessThanOrEqual(1)
  })

  it('takes over the damaged rows only, and everything after a change of size', () => {
    const converter = new I420Converter()
    const before = Uint8Array.from(converter.convert(greyFrame(4, 4, 0)).data)
    const after = converter.convert(greyFrame(4, 4, 255, [{ x: 1, y: 2, width: 1, height: 2 }])).data
    expect(after.subarray(0, 8)).toEqual(before.subarray(0, 8))
    expect(after[8]).toBeGreaterThan(200)
    expect(converter.convert(greyFrame(6, 4, 255)).data[0]).toBeGreaterThan(200)
  })
})
