import { expect, it } from 'vitest'
import { agoMs } from './server-time.ts'

it('tells how long ago something was by the server’s clock, beyond its 32 bits too', () => {
  expect(agoMs(5_000, 5_040)).toBe(40)
  expect(agoMs(2 ** 32 - 10, 2 ** 32 + 30)).toBe(40)
  expect(agoMs(10, 3 * 2 ** 32 + 50)).toBe(40)
})

it('takes a server that is a moment ahead for one that speaks of now', () => {
  expect(agoMs(5_004, 5_000)).toBe(0)
})

it('believes no clock that is another one', () => {
  expect(agoMs(1, 900_000)).toBe(500)
  expect(agoMs(900_000, 1)).toBe(500)
  expect(agoMs(undefined, 1)).toBe(500)
})
