import { expect, it } from 'vitest'
import { KeysRest } from './keys-rest.ts'

it('takes no key before a second without one, and every one after it', () => {
  const rest = new KeysRest(0)
  expect([400, 900, 1_500, 2_300].map(atMs => rest.takes(atMs))).toEqual([false, false, false, false])
  expect(rest.takes(3_300)).toBe(true)
  expect(rest.takes(3_310)).toBe(true)
})

it('is over by itself where no key comes', () => {
  const rest = new KeysRest(100)
  expect([rest.isOver(1_000), rest.isOver(1_100)]).toEqual([false, true])
})
