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

describe('PowerShell', () => {
  const args = windowsShells().argsOf('powershell')
  const hook = args.at(-1) ?? ''

  it('A83 is given its prompt as one argument that means the same to every reader of a command line', () => {
    expect(args.slice(0, -1)).toEqual(['-NoLogo', '-NoExit', '-Command'])
    // What can be printed, without a double quote; a backslash at the end would escape the one that is put after it.
    expect(hook).toMatch(/^[ !#-~]+[^\\]$/)
    expect(windowsShells().argsOf('cmd')).toEqual([])
  })

  it('closes every quote and bracket that it opens', () => {
    expect(unclosedIn(hook)).toEqual([])
    expect(unclosedIn("{ 'it''s }")).toEqual(['{', "'"])
    expect(unclosedIn("{ 'it")).toEqual(['{', "'"])
  })

  it('asks whether the command worked before anything changes that, and for its program’s code only where it failed', () => {
    const body = hook.slice(hook.indexOf('function global:prompt {'))
    const begin = 'function global:prompt { $worked = $?; Set-StrictMode -Off; $code = $global:LASTEXITCODE; '
    expect(body.slice(0, begin.length)).toBe(begin)
    expect(body.match(/\$\?/g)).toHaveLength(1)
    // The code of a program that failed earlier is not a cmdlet's.
    expect(body).toContain('if ($worked) { $code = 0 } elseif (-not $code -or (')
    expect(body).toContain('.InvocationInfo.HistoryId -eq $entry.Id)) { $code = 1 }')
    // An operator who asks for it next reads what it was.
    expect(hook).not.toMatch(/LASTEXITCODE\s*=/)
  })

  it.each([
    ['Get-Item a', 0, 'Get-Item a'],
    ["cmd /c 'exit 7'", 7, "cmd /c 'exit 7'"],
    ['a\u0007b\u001b]697;0;\r\nc\u009c', 1, 'a b ]697;0;  c '],
    ['{0} $1 %PATH% $&', -1073741510, '{0} $1 %PATH% $&'],
    ['x'.repeat(400), 3221225786, 'x'.repeat(300)],
    ["'".repeat(400), 1, "'".repeat(300)],
  ])('says %j with its code %d in a mark that is read as that', (command, code, read) => {
    const marks = new CommandMarks().push(`PS C:\\> ${printedBy(hook, command, code)}PS C:\\> `)
    expect(marks).toEqual([{ exitCode: code, command: read }])
  })
})

/** What PowerShell's operators make of the hook's own literals: `-replace` and `-f` as .NET has them. */
function printedBy(hook: string, command: string, code: number): string {
  const literal = (quoted: string) => quoted.slice(1, -1).replaceAll("''", "'")
  const replaces = [...hook.matchAll(/-replace ('(?:[^']|'')*'), ('(?:[^']|'')*')/g)]
  expect(replaces).toHaveLength(3)
  const text = replaces.reduce(
    (before, [, pattern = '', put = '']) => before.replace(new RegExp(literal(pattern), 'g'), literal(put)),
    command,
  )
  const format = /\$mark = ('(?:[^']|'')*') -f \[char\]27, \$code, \$text, \[char\]7/.exec(hook)?.[1] ?? ''
  const values = ['\u001b', `${code}`, text, '\u0007']
  return literal(format).replaceAll(/\{(\d)\}/g, (_, index) => values[Number(index)] ?? '')
}

/** `''` within quotes ends them and begins them again, which comes to the same. */
function unclosedIn(text: string): string[] {
  const open: string[] = []
  for (const character of text.replaceAll("''", '')) {
    const last = open.at(-1)
    if (last === "'") {
      if (character === "'") open.pop()
    } else if ("'({[".includes(character)) open.push(character)
    else if (')}]'.includes(character) && last === '({['[')}]'.indexOf(character)]) open.pop()
    else if (')}]'.includes(character)) open.push(character)
  }
  return open
}

describe('the processes of a terminal on macOS', () => {
  it('are what came of its first one, the youngest first', () => {
    const text = '    1     0\n  400     1\n  401   400\n  402   401\n  403     1\n  404   400\nnonsense\n'
    expect(descendantsIn(text, 400)).toEqual([402, 404, 401, 400])
  })
})
