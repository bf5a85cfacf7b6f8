import { expect, test } from 'vitest'
import { isPowerDown } from './power.ts'

test.each([
  ['on', 0, 1, false],
  ['standby', 1, 1, true],
  ['suspend', 2, 1, true],
  ['off', 3, 1, true],
  ['off, and DPMS was switched off since', 3, 0, false],
])('a monitor that is %s', (_name, level, isEnabled, isDown) => {
  expect(isPowerDown([level, isEnabled])).toBe(isDown)
})
