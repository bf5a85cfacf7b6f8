import fc from 'fast-check'
import { expect, it } from 'vitest'
import { displayLine, toDisplayLine } from './text.ts'

it('keeps ordinary text in any script', () => {
  for (const text of ['Ada Brandt', 'Zoë Müller', '山田太郎', 'محمد']) expect(toDisplayLine(text, 80)).toBe(text)
})

it('takes out what reorders, hides or breaks a line', () => {
  expect(toDisplayLine('evil\u202Egpj.exe', 80)).toBe('evilgpj.exe')
  expect(toDisplayLine('a\u0000b\u200Bc\uFEFFd', 80)).toBe('abcd')
  expect(toDisplayLine('one\r\ntwo\u2028three', 80)).toBe('one two three')
})

it('cuts with an ellipsis and never splits a character', () => {
  expect(toDisplayLine('😀'.repeat(100), 10)).toBe(`${'😀'.repeat(9)}…`)
})

it('refuses a 10 KB name and makes shorter ones honest', () => {
  expect(displayLine(80).safeParse('x'.repeat(10_000)).success).toBe(false)
  expect(displayLine(80).parse('<b>Ada</b>\u202E')).toBe('<b>Ada</b>')
})

it('never gives more than the limit or a second line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 500 }), text => {
      const line = toDisplayLine(text, 40)
      expect(Array.from(line).length).toBeLessThanOrEqual(40)
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u)
    }),
  )
})
