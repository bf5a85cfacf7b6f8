import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CommandMarks } from '../command-marks.ts'
import { descendantsIn } from './darwin.ts'
import { posixShells } from './posix.ts'
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

describe('shells of Unix', () => {
  it('A83 A125 inherit nothing, and what is said of them is one argument of the system’s own program', () => {
    const shells = posixShells('C.UTF-8', () => undefined)
    const root = { ...user, username: 'root', uid: 0, gid: 0, homedir: '/root' }
    const environment = shells.environment('sh', root, 'Ada "$(id)" <ada@example.org>')
    expect(environment).toEqual({
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      ...{ HOME: '/root', USER: 'root', LOGNAME: 'root', SHELL: '/bin/sh', LANG: 'C.UTF-8', TERM: 'xterm-256color' },
      HANDHOLD_OPERATOR: 'Ada "$(id)" <ada@example.org>',
    })
    expect(shells.logCommand('--tag "x"; id')).toEqual([
      ...['/usr/bin/logger', '-t', 'handhold', '-p', 'authpriv.notice', '--', '--tag "x"; id'],
    ])
  })
})

describe('zsh', () => {
  it('says by its own hooks how a command ended and what it was; nobody else can write them', () => {
    const { ZDOTDIR: folder = '' } = posixShells('C.UTF-8', () => undefined).environment('zsh', user, 'Ada')
    expect([statSync(folder).mode & 0o777, statSync(join(folder, '.zshenv')).mode & 0o777]).toEqual([0o700, 0o600])
    expect(readFileSync(join(folder, '.zshenv'), 'utf8')).toContain('precmd_functions+=(__handhold_tell)')
    // As zsh 5.9 prints it.
    const printed = "\u001b]697;7;'0  sh -c '\\''exit 7'\\'''\u0007"
    const marks = new CommandMarks()
    expect([...marks.push(printed.slice(0, 9)), ...marks.push(printed.slice(9))]).toEqual([
      { exitCode: 7, command: "sh -c 'exit 7'" },
    ])
  })
})

describe('the processes of a terminal on macOS', () => {
  it('are what came of its first one, the youngest first', () => {
    const text = '    1     0\n  400     1\n  401   400\n  402   401\n  403     1\n  404   400\nnonsense\n'
    expect(descendantsIn(text, 400)).toEqual([402, 404, 401, 400])
  })
})
