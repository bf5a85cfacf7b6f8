import { expect, test } from 'vitest'
import { rgbaFromPremultipliedBgra } from './pixels.ts'

test('a premultiplied colour comes back, also where rounding went over', () => {
  const premultiplied = Uint8Array.of(64, 32, 128, 128, 0, 0, 0, 0, 255, 9, 9, 200, 1, 2, 3, 255)
  expect([...rgbaFromPremultipliedBgra(premultiplied)]).toEqual([
    ...[255, 64, 128, 128],
    ...[0, 0, 0, 0],
    ...[11, 11, 255, 200],
    ...[3, 2, 1, 255],
  ])
})
