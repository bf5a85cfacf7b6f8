import { expect, test } from 'vitest'
import { spokenSeconds } from './spoken-seconds.ts'

test('says the time at the start and at a few marks, not at every second', () => {
  const said: number[] = []
  let before: number | null = null
  for (let now = 27; now >= 0; now--) {
    const say = spokenSeconds(before, now)
    if (say !== null) said.push(say)
    before = now
  }
  expect(said).toEqual([27, 15, 10, 5])
})

test('a repeated second is silent, and a jump over a mark does not speak late', () => {
  expect(spokenSeconds(15, 15)).toBeNull()
  expect(spokenSeconds(16, 13)).toBeNull()
  expect(spokenSeconds(90, 60)).toBe(60)
})
