import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseXmlPlist } from '../config/plist-xml.ts'

const run = promisify(execFile)
const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))
const resource = (path: string) => fileURLToPath(new URL(`../../../resources/${path}`, import.meta.url))
const hasSystemd = existsSync('/usr/bin/systemctl') && existsSync('/usr/bin/systemd-analyze')
const TOKEN = 'hhe_an_enrolment_token'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'handhold-image-'))
  await mkdir(join(root, 'etc/systemd/system'), { recursive: true })
  await mkdir(join(root, 'var/lib'), { recursive: true })
  await mkdir(join(root, 'usr/local/share/applications'), { recursive: true })
  await writeFile(join(root, 'etc/passwd'), 'root:x:0:0::/root:/bin/sh\nkiosk:x:1000:1000::/home/kiosk:/bin/sh\n')
})
afterEach(() => rm(root, { recursive: true, force: true }))

const agent = (...args: string[]) => {
  const env = { ...process.env, HANDHOLD_AGENT_ENROLMENT_TOKEN: TOKEN }
  return run(process.execPath, [MAIN, ...args], { env }).then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    (thrown: { code: number; stderr: string }) => ({ code: thrown.code, said: thrown.stderr }),
  )
}
const install = (...more: string[]) =>
  agent('install', '--root', root, '--relay', 'https://relay.example.com', '--user', 'kiosk', ...more)
const everything = async () => (await readdir(root, { recursive: true })).sort()

describe.runIf(hasSystemd && process.getuid?.() === 0)('handhold-agent install', () => {
  it('A136 makes it a service, and uninstall leaves nothing of it: no unit, no link, no key, no state', async () => {
    const before = await everything()
    expect(await install()).toMatchObject({ code: 0 })
    const unit = join(root, 'etc/systemd/system/handhold-agent.service')
    const text = await readFile(unit, 'utf8')
    expect(text).toContain(`ExecStart=${process.execPath} ${MAIN}\nUser=kiosk\n`)
    expect(text).not.toMatch(/@[A-Z]+@/)
    expect(await everything()).toContain('etc/systemd/system/multi-user.target.wants/handhold-agent.service')
    const config = join(root, 'etc/handhold/agent.json')
    expect(JSON.parse(await readFile(config, 'utf8'))).toEqual({
      ...{ relayUrl: 'https://relay.example.com', displayAddress: ':0', enrolmentToken: TOKEN },
      stateDir: '/var/lib/handhold-agent',
    })
    for (const [name, verb] of [
      ['help', 'help --window'],
      ['history', 'history'],
    ]) {
      const launcher = await readFile(join(root, `usr/local/share/applications/handhold-${name}.desktop`), 'utf8')
      expect(launcher).toContain(`\nExec=${process.execPath} ${MAIN} ${verb}\n`)
      expect(launcher.match(/^Name(\[\w+\])?=.+$/gm)).toHaveLength(3)
    }
    const { mode, uid } = await stat(config)
    expect([mode & 0o777, uid]).toEqual([0o600, 1000])

    const state = join(root, 'var/lib/handhold-agent')
    await mkdir(join(state, 'recordings/elevated'), { recursive: true })
    await writeFile(join(state, 'identity.json'), '{}')
    expect(await install('--display', ':1')).toMatchObject({ code: 0 })
    expect(await readFile(unit, 'utf8')).toContain('PrivateTmp=no\n')
    expect(await install('--display', 'none')).toMatchObject({ code: 0 })
    expect(JSON.parse(await readFile(config, 'utf8'))).not.toHaveProperty('displayAddress')
    expect(await readFile(unit, 'utf8')).toContain('PrivateTmp=yes\n')
    expect(await agent('uninstall', '--root', root)).toMatchObject({ code: 0 })
    expect(await everything()).toEqual(before)
    expect(await agent('uninstall', '--root', root)).toMatchObject({ code: 0 })
  })

  it('A73 leaves no memory behind where it crashes', async () => {
    await install()
    expect(await readFile(join(root, 'etc/systemd/system/handhold-agent.service'), 'utf8')).toContain('\nLimitCORE=0\n')
  })

  it('has an exposure of at most 3.0 by the unit’s own settings', async () => {
    await install()
    const args = [
      'security',
      '--offline=true',
      `--root=${root}`,
      '--threshold=30',
      '--no-pager',
      'handhold-agent.service',
    ]
    const { stdout } = await run('/usr/bin/systemd-analyze', args)
    const exposure = Number(/Overall exposure level for handhold-agent.service: (\d+\.\d)/.exec(stdout)?.[1])
    expect(exposure).toBeLessThanOrEqual(3)
  })

  it('A83 says what is wrong with its arguments and writes nothing', async () => {
    const before = await everything()
    const wrong = [
      ['install', '--root', root, '--user', 'kiosk'],
      ['install', '--root', root, '--relay', 'https://relay.example.com', '--user', 'nobody-here'],
      ['install', '--root', root, '--relay', 'https://relay.example.com', '--user', 'kiosk\nExecStartPre=/bin/sh'],
      ['install', '--root', root, '--relay', 'https://r.example', '--user', 'kiosk', '--display', ':0\nUser=root'],
      ['install', '--root', root, '--token', 'hhe_on_the_command_line'],
      ['instal'],
    ]
    for (const args of wrong) {
      const { code, said } = await agent(...args)
      expect(code).toBe(2)
      expect(said).toContain('handhold-agent')
    }
    expect(await everything()).toEqual(before)
  })
})

it('the service of macOS is a property list that names the agent’s bundle', async () => {
  const text = await readFile(resource('mac/com.handhold.agent.plist'))
  expect(parseXmlPlist(text.toString('utf8'))).toMatchObject({
    Label: 'com.handhold.agent',
    ProgramArguments: [expect.any(String), expect.stringMatching(/dist\/agent\/service\.js$/)],
    // A crash writes down nothing of what was in memory.
    HardResourceLimits: { Core: 0 },
  })
})
