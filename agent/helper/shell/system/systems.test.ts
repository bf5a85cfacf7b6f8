import { describe, expect, it } from 'vitest'
import { descendantsIn } from './darwin.ts'
import { windowsShells } from './win32.ts'

const user = {
  username: 'SYSTEM',
  uid: -1,
  gid: -1,
  homedir: 'C:\\Windows\\system32\\config\\systemprofile',
  shell: null,
}

describe('shells of Windows', () => {
  const shells = windowsShells('D:\\Windows', path => !path.includes('v1.0'))

  it('are those that are there, by their absolute paths, and no other system’s', () => {
    expect(shells.installed()).toEqual(['cmd'])
    expect(shells.pathOf('cmd')).toBe('D:\\Windows\\System32\\cmd.exe')
    expect(shells.pathOf('bash')).toBeUndefined()
    expect(windowsShells('C:\\Windows', () => true).installed()).toEqual(['powershell', 'cmd'])
  })

  it('A83 inherit nothing, and what is said of them is one argument', () => {
    const environment = shells.environment('cmd', user, 'Ada "& calc" <ada@example.org>')
    expect(environment.HANDHOLD_OPERATOR).toBe('Ada "& calc" <ada@example.org>')
    expect(Object.keys(environment)).not.toContain('NODE_OPTIONS')
    expect(shells.logCommand('a "b" & calc').at(-1)).toBe('a "b" & calc')
  })
})

describe('the processes of a terminal on macOS', () => {
  it('are what came of its first one, the youngest first', () => {
    const text = '    1     0\n  400     1\n  401   400\n  402   401\n  403     1\n  404   400\nnonsense\n'
    expect(descendantsIn(text, 400)).toEqual([402, 404, 401, 400])
  })
})
