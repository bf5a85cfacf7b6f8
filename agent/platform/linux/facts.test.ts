import { expect, test } from 'vitest'
import { parsePrettyName } from './facts.ts'

test.each([
  ['NAME=x\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian', 'Debian GNU/Linux 12 (bookworm)'],
  ["PRETTY_NAME='Arch Linux'", 'Arch Linux'],
  ['PRETTY_NAME=Alpine', 'Alpine'],
  ['PRETTY_NAME="a \\"b\\" \\$c"', 'a "b" $c'],
  ['PRETTY_NAME=""', undefined],
  ['NAME=x', undefined],
  ['', undefined],
])('the name in %j', (osRelease, name) => {
  expect(parsePrettyName(osRelease)).toBe(name)
})
