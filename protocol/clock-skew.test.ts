import { expect, it } from 'vitest'
import { clockSkewWords } from './clock-skew.ts'

it('says by how much clocks differ, and which is ahead, from a minute on', () => {
  for (const skewMs of [-60_000, -1, 0, 60_000]) expect(clockSkewWords(1_000_000, 1_000_000 + skewMs)).toBeUndefined()
  expect(clockSkewWords(1_000_000, 1_060_501)).toContain('is 61 s ahead of the relay’s')
  expect(clockSkewWords(1_000_000, 879_000)).toContain('is 121 s behind the relay’s')
})
