import { describe, expect, it } from 'vitest'
import { cellCentre, readStamp, STAMP_CELLS, stampRow } from '#protocol/peer/tiles/stamp.ts'
import { Surface } from '../../pixels/surface.ts'
import { wrtc } from '../peer/native.ts'
import { MotionPicture } from './motion-picture.ts'

function paint(surface: Surface, colourAt: (x: number, y: number) => readonly [number, number, number]): void {
  const { width, height } = surface
  surface.update({ x: 0, y: 0, width, height }, (into, offsetBytes) => {
    for (let at = 0; at < into.length; at += 4) {
      const pixel = (offsetBytes + at) / 4
      const [red, green, blue] = colourAt(pixel % width, Math.floor(pixel / width))
      into.set([blue, green, red, 0], at)
    }
  })
}

describe('the picture for the encoder', () => {
  it('has the colours that libwebrtc’s own conversion gives, with odd sides cropped', () => {
    const surface = new Surface(203, 41)
    paint(surface, (x, y) => [(x * 37 + y * 11) & 255, (x * 5 + y * 71) & 255, (x * 13) & 255])
    const frame = new MotionPicture(surface, 0).stamped({ epoch: 1, frameNumber: 1 })
    expect([frame.width, frame.height]).toEqual([202, 56])
    const [width, height] = [202, 40]
    const packed = new Uint8Array(width * height * 4)
    for (let y = 0; y < height; y++) packed.set(surface.pixels.subarray(y * 812, y * 812 + width * 4), y * width * 4)
    const wanted = new Uint8Array((width * height * 3) / 2)
    wrtc.nonstandard.rgbaToI420({ width, height, data: packed }, { width, height, data: wanted })
    expect(mostDifferent(frame.data.subarray(0, width * height), wanted)).toBeLessThanOrEqual(1)
    const chroma = frame.data.subarray(202 * 56, 202 * 56 + (width * height) / 4)
    expect(mostDifferent(chroma, wanted.subarray(width * height))).toBeLessThanOrEqual(2)
    const second = frame.data.subarray((202 * 56 * 5) / 4, (202 * 56 * 5) / 4 + (width * height) / 4)
    expect(mostDifferent(second, wanted.subarray((width * height * 5) / 4))).toBeLessThanOrEqual(2)
  })

  it('takes over damaged rows only', () => {
    const surface = new Surface(120, 40)
    const picture = new MotionPicture(surface, 0)
    const black = picture.stamped({ epoch: 1, frameNumber: 1 }).data[0]
    paint(surface, () => [255, 255, 255])
    picture.update([{ x: 5, y: 21, width: 1, height: 1 }])
    const { data } = picture.stamped({ epoch: 1, frameNumber: 1 })
    expect(data[0]).toBe(black)
    expect(data[20 * 120]).toBeGreaterThan(200)
    expect(data[22 * 120]).toBe(black)
  })

  it.each([
    { halvings: 1, width: 960, height: 540 + 8 },
    { halvings: 2, width: 480, height: 270 + 4 },
  ] as const)('is made smaller $halvings times with its colours, places and stamp', ({ halvings, width, height }) => {
    const surface = new Surface(1920, 1080)
    paint(surface, (x, y) => (x < 960 ? [200, 100, 50] : y < 540 ? [0, 0, 0] : [255, 255, 255]))
    const frame = new MotionPicture(surface, halvings).stamped({ epoch: 200, frameNumber: 1 })
    expect([frame.width, frame.height]).toEqual([width, height])
    const luma = (x: number, y: number) => frame.data[y * width + x] ?? 0
    const middle = 540 >> halvings
    expect(Math.abs(luma(10, 10) - 123)).toBeLessThanOrEqual(2)
    expect([luma(width - 5, middle - 3), luma(width - 5, middle + 3)]).toEqual([16, 235])
    const row = stampRow(height, 1080)
    const cells = Array.from({ length: STAMP_CELLS }, (_, cell) => luma(cellCentre(cell, width), row) > 128)
    expect(readStamp(cells)).toEqual({ epoch: 200, frameNumber: 1 })
  })

  it('carries a stamp that can be read below the picture, another for each frame', () => {
    const picture = new MotionPicture(new Surface(1366, 768), 0)
    const read = (frameNumber: number) => {
      const { width, height, data } = picture.stamped({ epoch: 7, frameNumber })
      const row = stampRow(height, 768) * width
      return readStamp(
        Array.from({ length: STAMP_CELLS }, (_, cell) => (data[row + cellCentre(cell, width)] ?? 0) > 128),
      )
    }
    for (const frameNumber of [1, 2, 65_535]) expect(read(frameNumber)).toEqual({ epoch: 7, frameNumber })
  })
})

const mostDifferent = (a: Uint8Array, b: Uint8Array): number =>
  a.reduce((most, value, at) => Math.max(most, Math.abs(value - (b[at] as number))), 0)
