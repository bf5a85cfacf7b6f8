/// <reference path="./webassembly.d.ts" />
import { describe, expect, test } from 'vitest'
import { Picture } from './picture.ts'
import { instantiateRowFunction } from './pixel-kernel.ts'
import { convertRowInJavaScript, rgbaFromBgrx, rgbaFromPremultipliedBgra } from './pixels.ts'

const PIXELS = 64

test('colours keep their meaning and become opaque', () => {
  const bytes = Uint8Array.of(0x33, 0x22, 0x11, 0x00)
  const pixel = rgbaFromBgrx(new DataView(bytes.buffer).getUint32(0, true))
  expect(pixel).toBe(0xff332211)
})

test('a premultiplied colour comes back, also where rounding went over', () => {
  const premultiplied = Uint8Array.of(64, 32, 128, 128, 0, 0, 0, 0, 255, 9, 9, 200, 1, 2, 3, 255)
  expect([...rgbaFromPremultipliedBgra(premultiplied)]).toEqual([
    ...[255, 64, 128, 128],
    ...[0, 0, 0, 0],
    ...[11, 11, 255, 200],
    ...[3, 2, 1, 255],
  ])
})

describe.each([4, 5, 6, 7, 8, 13, 63])('the SIMD row function on %i pixels', width => {
  function run(make: (memory: WebAssembly.Memory) => (source: number, target: number, width: number) => number) {
    const memory = new WebAssembly.Memory({ initial: 1 })
    const bytes = new Uint8Array(memory.buffer)
    for (let at = 0; at < PIXELS * 4; at++) bytes[at] = (at * 37) & 0xff
    const row = make(memory)
    const target = PIXELS * 4
    const first = row(0, target, width)
    const unchanged = row(0, target, width)
    bytes[(width - 2) * 4] = 0x77
    const oneChanged = row(0, target, width)
    return { first, unchanged, oneChanged, result: [...bytes.subarray(target, target + PIXELS * 4)] }
  }

  test('converts as plain JavaScript does', () => {
    const simd = run(instantiateRowFunction)
    const plain = run(convertRowInJavaScript)
    expect(simd.result).toEqual(plain.result)
    expect(simd.first).toBe(plain.first)
    expect(simd.unchanged).toBeLessThan(0)
    expect(plain.unchanged).toBeLessThan(0)
    expect(plain.oneChanged).toBe(((width - 2) << 16) | (width - 1))
    const [start, end] = [simd.oneChanged >>> 16, simd.oneChanged & 0xffff]
    expect(start).toBeLessThanOrEqual(width - 2)
    expect(end).toBeGreaterThanOrEqual(width - 1)
    expect(end).toBeLessThanOrEqual(width)
  })
})

describe('a picture', () => {
  const read = (bytes: Uint8Array) => (into: Uint8Array, offset: number) =>
    into.set(bytes.subarray(offset, offset + into.length))

  test('tells only the parts of a rectangle that differ, apart when they are far apart', () => {
    const picture = new Picture(40, 60)
    const bytes = new Uint8Array(40 * 60 * 4)
    picture.update({ x: 0, y: 0, width: 40, height: 60 }, read(bytes))
    bytes[(2 * 40 + 4) * 4] = 9
    bytes[(50 * 40 + 33) * 4] = 9
    expect(picture.update({ x: 0, y: 0, width: 40, height: 60 }, read(bytes))).toEqual([
      { x: 4, y: 2, width: 4, height: 1 },
      { x: 32, y: 50, width: 4, height: 1 },
    ])
  })

  test('works for pictures narrower than a SIMD block', () => {
    const picture = new Picture(3, 2)
    const bytes = Uint8Array.from({ length: 24 }, (_, at) => at)
    expect(picture.update({ x: 0, y: 0, width: 3, height: 2 }, read(bytes))).toEqual([
      { x: 0, y: 0, width: 3, height: 2 },
    ])
    expect([...picture.pixels.subarray(0, 8)]).toEqual([2, 1, 0, 255, 6, 5, 4, 255])
  })
})
