import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SERVICE_VERBS } from '#protocol/tools/messages.ts'
import { type SystemdPaths, SystemdServices } from './systemd-services.ts'

let folder: string
let paths: SystemdPaths
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handhold-services-'))
  paths = { systemctl: join(folder, 'systemctl'), journalctl: join(folder, 'journalctl'), running: folder }
})
afterEach(() => rm(folder, { recursive: true }))

const UNITS = [
  { unit: 'cups.service', load: 'loaded', active: 'active', sub: 'running', description: 'CUPS \u001b[31mScheduler' },
  {
    unit: 'ssh.service',
    load: 'loaded',
    active: 'inactive',
    sub: 'dead',
    description: `OpenBSD ${'Secure Shell '.repeat(2000)}`,
  },
]
const FILES = [{ unit_file: 'cups.service', state: 'enabled', preset: 'enabled' }]

/** A program in the place of systemd's: writes down what it was given, one argument a line, and answers. */
async function standIn(path: string, cases: string): Promise<void> {
  const text = `#!/bin/sh\nprintf '%s\\n' "$@" >> "${folder}/said"\nenv > "${folder}/env"\ncase "$*" in\n${cases}\nesac\n`
  await writeFile(path, text, { mode: 0o700 })
}

const said = async () => (await readFile(join(folder, 'said'), 'utf8')).trim().split('\n')

describe('services', () => {
  it('are listed with how they start, in text that draws nothing', async () => {
    await standIn(
      paths.systemctl,
      `*list-units*) echo '${JSON.stringify(UNITS)}' ;;\n*list-unit-files*) echo '${JSON.stringify(FILES)}' ;;`,
    )
    const { rows, problem } = await new SystemdServices(paths).list()
    expect(problem).toBeNull()
    expect(rows.map(({ unit, active, enabled }) => [unit, active, enabled])).toEqual([
      ['cups.service', 'active', 'enabled'],
      ['ssh.service', 'inactive', ''],
    ])
    expect(rows[0]?.description).not.toContain('\u001b')
    expect(rows[1]?.description).toMatch(/^OpenBSD Secure Shell .{178}…$/)
  })

  it.each(SERVICE_VERBS)(
    'A83 %s by an argument vector, behind the end of options, with two names of environment',
    async verb => {
      await standIn(paths.systemctl, '*) echo done ;;')
      expect(await new SystemdServices(paths).act({ verb, unit: 'cups.service' })).toBe('done\n')
      expect(await said()).toEqual(['--no-pager', '--no-ask-password', verb, '--', 'cups.service'])
      const names = (await readFile(join(folder, 'env'), 'utf8')).split('\n').map(line => line.split('=')[0])
      expect(names.filter(name => name && !['PATH', 'LANG', 'PWD', '_', 'SHLVL', 'OLDPWD'].includes(name))).toEqual([])
    },
  )

  it('give the last lines of a log, and say in systemd’s own words what it refused', async () => {
    await standIn(paths.systemctl, '*) echo "Unit cups.service is masked." >&2; exit 1 ;;')
    await standIn(paths.journalctl, '*) echo "10:00 started" ;;')
    expect(await new SystemdServices(paths).act({ verb: 'logs', unit: 'cups.service' })).toBe('10:00 started\n')
    expect(await said()).toEqual(['--no-pager', '--output=short-iso', '--lines=100', '--unit=cups.service'])
    const refused = new SystemdServices(paths).act({ verb: 'start', unit: 'cups.service' })
    await expect(refused).rejects.toMatchObject({ code: 'tool-unavailable', message: 'Unit cups.service is masked.' })
  })

  it('are absent, with the reason, where systemd doesn’t run the system', async () => {
    const { rows, problem } = await new SystemdServices({ ...paths, running: join(folder, 'nothing') }).list()
    expect([rows, problem]).toEqual([[], expect.stringContaining('isn’t run by systemd')])
  })
})
