import { expect, test } from 'vitest'
import { groupedCode } from './grouped-code.ts'
import { helpCodeBodySchema } from './http.ts'
import { helpWishSchema } from './wire.ts'

test('a code is read out in groups and taken as it was heard', () => {
  expect(groupedCode('012345678')).toBe('012 345 678')
  for (const heard of ['012345678', ' 012 345 678 ', '012-345-678'])
    expect(helpCodeBodySchema.parse({ code: heard })).toEqual({ code: '012345678' })
  for (const wrong of ['12345678', '0123456789', '01234567x', '٠١٢٣٤٥٦٧٨', '0'.repeat(31)])
    expect(helpCodeBodySchema.safeParse({ code: wrong }).success).toBe(false)
})

test('A110 what somebody says of their trouble is one honest line', () => {
  const said = { way: 'queue', words: 'Printer\u202e\n<b>gpj.exe</b>', who: 'ada\u0000' }
  expect(helpWishSchema.parse(said)).toEqual({ way: 'queue', words: 'Printer <b>gpj.exe</b>', who: 'ada' })
  expect(helpWishSchema.safeParse({ ...said, words: 'x'.repeat(10_000) }).success).toBe(false)
})
