import { describe, expect, it } from 'vitest'
import { parseDisabled, parseLaunchctlList } from './launchctl-output.ts'
import { argsOf, LaunchdServices } from './launchd-services.ts'

describe('what launchctl prints', () => {
  it('says what runs, and how what doesn’t ended', () => {
    const text = 'PID\tStatus\tLabel\n357\t0\tcom.apple.cupsd\n-\t0\tcom.apple.apsd\n-\t-9\tcom.example.broken\n\n'
    expect(parseLaunchctlList(text).map(({ unit, active, sub }) => [unit, active, sub])).toEqual([
      ['com.apple.cupsd', 'active', 'running'],
      ['com.apple.apsd', 'inactive', 'stopped'],
      ['com.example.broken', 'failed', 'ended -9'],
    ])
  })

  it('says what is off, as newer and as older systems do', () => {
    const text =
      '\n\tdisabled services = {\n\t\t"com.a" => disabled\n\t\t"com.b" => enabled\n\t\t"com.c" => true\n\t\t"com.d" => false\n\t}\n'
    expect([...parseDisabled(text)]).toEqual(['com.a', 'com.c'])
  })

  it('is asked by arguments that each are one thing', () => {
    expect(argsOf('restart', 'com.apple.cupsd')).toEqual(['kickstart', '-k', 'system/com.apple.cupsd'])
    expect(argsOf('stop', 'com.apple.cupsd')).toEqual(['kill', 'SIGTERM', 'system/com.apple.cupsd'])
  })

  it.each(['../x', 'a b', '-x', 'a"b', 'system/x', ''])('A83 %j is the label of no daemon', label => {
    expect(() => new LaunchdServices().check(label)).toThrow(expect.objectContaining({ code: 'bad-request' }))
  })
})
