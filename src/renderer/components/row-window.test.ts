import { expect, test } from 'vitest'
import { rowWindow } from './row-window.ts'

test('draws what is in sight and a few rows beyond, whatever the length', () => {
  expect(rowWindow(0, 400, 40, 10_000)).toEqual({ first: 0, end: 18 })
  expect(rowWindow(200_000, 400, 40, 10_000)).toEqual({ first: 4_992, end: 5_018 })
  expect(rowWindow(0, 400, 40, 3)).toEqual({ first: 0, end: 3 })
  expect(rowWindow(0, 400, 40, 0)).toEqual({ first: 0, end: 0 })
})

test('a list that became shorter than it is scrolled has no rows before its first', () => {
  expect(rowWindow(200_000, 400, 40, 5)).toEqual({ first: 5, end: 5 })
})
