import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { expect, it } from 'vitest'
import { confined } from './confined.ts'

const command = ['/usr/bin/grep', '-E', 'CapEff|CapBnd|NoNewPrivs', '/proc/self/status']
const canConfine = process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/setpriv')

it.runIf(canConfine)('takes all of root’s capabilities away but those that read others’ files', () => {
  const [program = '', ...args] = confined({ command, isRoot: true, platform: 'linux' })
  const status = execFileSync(program, args, { encoding: 'utf8' })
  // Bits 1 and 2: CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH.
  expect(status).toMatch(/CapEff:\s+0000000000000006\n/)
  expect(status).toMatch(/CapBnd:\s+0000000000000006\n/)
  expect(status).toMatch(/NoNewPrivs:\s+1\n/)
})

it('leaves other users’ and other systems’ commands as they are', () => {
  expect(confined({ command, isRoot: false, platform: 'linux' })).toEqual(command)
  expect(confined({ command, isRoot: true, platform: 'win32' })).toEqual(command)
})
