import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ManualClock } from '#testing/manual-clock.ts'
import { nodeChance } from '../../../keys/node-chance.ts'
import { SqliteStore } from '../../../store/store.ts'
import { newId } from '../../chance.ts'
import { rootGroupId } from '../built-in.ts'
import { type Author, PolicyChanges } from '../changes.ts'
import { Policies } from '../policies.ts'
import { PolicyFiles } from './policy-file.ts'

const organisation = { id: newId('organisation', nodeChance), name: 'Example' }
const rootId = rootGroupId(organisation.id)
const author: Author = { kind: 'console', organisationId: organisation.id, actor: { kind: 'console', account: 'root' } }
let folder: string
let store: SqliteStore
let files: PolicyFiles
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handhold-policy-file-'))
  store = new SqliteStore(join(folder, 'relay.db'))
  const policies = new Policies(store)
  const changes = new PolicyChanges({ store, clock: new ManualClock(), policies, settle: async () => undefined })
  files = new PolicyFiles({ store, chance: nodeChance, policies, changes })
  await store.write(async tx => {
    await tx.insertOrganisation(organisation, 1)
    for (const [email, role] of [
      ['ada@example.org', 'admin'],
      ['bob@example.org', 'operator'],
    ] as const) {
      const id = newId('user', nodeChance)
      await tx.insertUser({ id, organisationId: organisation.id, name: email, email, passwordHash: '', role, atMs: 1 })
    }
  })
})
afterEach(async () => {
  await store.close()
  await rm(folder, { recursive: true })
})

const apply = (text: string, dryRun = false) => files.apply(author, text, { dryRun })
const exported = () => files.export(organisation.id)
const audited = async () => (await store.read.auditRows(organisation.id, 1_000_000, 500)).map(({ action }) => action)

const ADMINISTRATOR = '    allow: [{ who: ada@example.org, role: Administrator }]'
const FILE = `version: 1
roles:
  - name: Technician
    capabilities: [view, control, chat]
  - name: Closed
    capabilities: [view, control]
groups:
  - path: /
    settings: { unattended: false, consentSeconds: 20 }
${ADMINISTRATOR}
  - path: /Branches
    allow: [{ who: Bob@example.org, role: Technician }]
  - path: /Branches/Finance
    settings:
      hours: { days: [mon, tue], from: "08:00", to: "18:00", timeZone: Europe/Berlin }
    deny: [{ who: everybody, role: Closed }]
`

describe('a policy file', () => {
  it('makes the policy what it says, shows the difference first, and says the same when it is written again', async () => {
    const before = await exported()
    const planned = await apply(FILE, true)
    expect(planned).toEqual([
      '+ role "Technician" [view, control, chat]',
      '+ role "Closed" [view, control]',
      '+ group /Branches',
      '+ group /Branches/Finance',
      '~ setting / unattended: inherited -> false',
      '~ setting / consentSeconds: inherited -> 20',
      '~ setting /Branches/Finance hours: inherited -> {"days":["mon","tue"],"from":"08:00","to":"18:00","timeZone":"Europe/Berlin"}',
      '+ allow "Technician" in /Branches to Bob@example.org',
      '+ deny "Closed" in /Branches/Finance to everybody',
      '- allow "Operator" in / to bob@example.org',
    ])
    expect(await exported()).toBe(before)
    expect(await audited()).toEqual([])
    expect(await apply(FILE)).toEqual(planned)
    expect(await audited()).toHaveLength(planned.length)
    expect(await apply(FILE)).toEqual([])
    const written = await exported()
    expect(await apply(written)).toEqual([])
    expect(await exported()).toBe(written)
  })

  it('renames and moves what it names by id, also where two change places', async () => {
    await apply(FILE)
    const text = (await exported())
      .replace('path: /Branches/Finance', 'path: /Money')
      .replace('name: Technician', 'name: Swap')
      .replace('name: Closed', 'name: Technician')
      .replace('name: Swap', 'name: Closed')
      .replaceAll('role: Technician', 'role: Swap')
      .replaceAll('role: Closed', 'role: Technician')
      .replaceAll('role: Swap', 'role: Closed')
    expect(await apply(text)).toEqual([
      expect.stringMatching(/^~ role "(Technician|Closed)"/),
      expect.stringMatching(/^~ role "(Technician|Closed)"/),
      '~ group /Branches/Finance -> /Money',
    ])
    const swapped = (await exported()).replace('path: /Money', 'path: /X').replace('path: /Branches', 'path: /Money')
    await apply(swapped.replace('path: /X', 'path: /Branches'))
    expect(await exported()).toContain('path: /Branches')
  })

  it('goes back to what was before it', async () => {
    const before = await exported()
    await apply(FILE)
    await apply(before)
    expect(await exported()).toBe(before)
  })

  const line = (text: string, part: string) => text.slice(0, text.indexOf(part)).split('\n').length
  const replaced = (part: string, by: string) => FILE.replace(part, by)

  it.each<[string, string, string, string]>([
    ['an unknown key at the top', `${FILE}owner: me\n`, 'owner: me', '"owner" is not a key'],
    ['an unknown key of a group', replaced('    deny:', '    dany:'), 'dany', '"dany" is not a key'],
    [
      'an unknown setting',
      replaced('unattended: false,', 'unatended: false,'),
      'settings: {',
      '"unatended" is not a key',
    ],
    ['a value out of range', replaced('consentSeconds: 20', 'consentSeconds: 99'), 'settings: {', 'consentSeconds'],
    ['an unknown capability', replaced('[view, control, chat]', '[view, fly]'), '[view, fly]', 'must be "view"'],
    ['an unknown role', replaced('role: Technician', 'role: Pilot'), 'role: Pilot', 'no role "Pilot"'],
    ['a stranger', replaced('Bob@example.org', 'eve@example.org'), 'eve@', 'nobody here has the address'],
    [
      'a group whose parent is missing',
      replaced('path: /Branches/Finance', 'path: /Nowhere/Finance'),
      '/Nowhere',
      '/Nowhere, is not in the file',
    ],
    [
      'a group that is there twice',
      replaced('path: /Branches/Finance', 'path: /Branches'),
      '',
      '/Branches is here twice',
    ],
    ['a role that is there twice', replaced('name: Closed', 'name: Technician'), '', '"Technician" is here twice'],
    [
      'a key that is there twice',
      replaced('version: 1', 'version: 1\nversion: 1'),
      'version: 1\nroles',
      'Map keys must be unique',
    ],
    [
      'everybody allowed',
      replaced('who: Bob@example.org', 'who: everybody'),
      'who: everybody, role: Technician',
      'mail',
    ],
    ['no topmost group', `version: 1\nroles: []\ngroups:\n  - path: /A\n`, 'groups:', '/ is missing'],
    ['broken YAML', `${FILE}  - [`, '  - [', ''],
    ['another version', replaced('version: 1', 'version: 2'), 'version: 2', 'must be 1'],
  ])('refuses %s with its line, and nothing of it is kept', async (_, text, part, reason) => {
    const before = await exported()
    const refusal = await apply(text).catch(error => error)
    expect(refusal).toMatchObject({ code: 'policy-invalid', message: expect.stringContaining(reason) })
    const said = Number(/^Line (\d+): /.exec(refusal.message)?.[1])
    if (part) expect([refusal.message, said]).toEqual([refusal.message, line(text, part)])
    expect([await exported(), await audited()]).toEqual([before, []])
  })

  it('refuses a ring of groups with its line, and nothing of it is kept', async () => {
    await apply(FILE)
    const before = await exported()
    const text = before.replace('path: /Branches\n', 'path: /Branches/Finance/Branches\n')
    const refusal = await apply(text).catch(error => error)
    expect(refusal).toMatchObject({
      code: 'group-cycle',
      message: expect.stringContaining('/Branches would be beneath itself'),
    })
    expect(refusal.message).toMatch(new RegExp(`^Line ${line(text, 'path: /Branches/Finance\n')}: `))
    expect(await exported()).toBe(before)
  })

  it('A52 refuses to leave nobody who may administer, with the line of the topmost group', async () => {
    const before = await exported()
    for (const text of [
      FILE.replace(ADMINISTRATOR, ''),
      FILE.replace(ADMINISTRATOR, `${ADMINISTRATOR}\n    deny: [{ who: everybody, role: Administrator }]`),
    ]) {
      const refusal = await apply(text, true).catch(error => error)
      expect(refusal).toMatchObject({ code: 'last-administrator', message: expect.stringMatching(/^Line 8: /) })
    }
    expect(await exported()).toBe(before)
  })

  it('refuses to grant more than its author has, with the line of the role or of who would get it, and nothing of it is kept', async () => {
    const lead = `version: 1
roles:
  - name: Lead
    capabilities: [view, manage-policy]
  - name: Technician
    capabilities: [view, shell]
groups:
  - path: /
    allow:
      - { who: ada@example.org, role: Administrator }
      - { who: bob@example.org, role: Lead }
  - path: /Branches
`
    await apply(lead)
    const before = [await exported(), await audited()]
    const [user] = (await store.read.policy.members(organisation.id)).filter(({ email }) => email === 'bob@example.org')
    if (!user) throw new Error('nobody')
    const bob: Author = { kind: 'person', principal: { user, organisation, role: 'operator' } }
    const own = '      - { who: bob@example.org, role: Technician }\n'
    for (const [text, line] of [
      [lead.replace('manage-policy]', 'manage-policy, shell]'), 4],
      [lead.replace('groups:', '  - name: Own\n    capabilities: [registry]\ngroups:'), 8],
      [lead.replace('  - path: /Branches', `${own}  - path: /Branches`), 12],
      [`${lead}    allow:\n${own}`, 14],
    ] as const)
      await expect(files.apply(bob, text, { dryRun: false })).rejects.toMatchObject({
        code: 'role-exceeds-author',
        message: expect.stringMatching(new RegExp(`^Line ${line}: `)),
      })
    expect([await exported(), await audited()]).toEqual(before)
  })

  it('refuses built-in roles, and to cut a group that has devices', async () => {
    const builtIn = FILE.replace('name: Closed', 'name: Administrator').replace('role: Closed', 'role: Technician')
    await expect(apply(builtIn)).rejects.toMatchObject({
      code: 'role-built-in',
      message: expect.stringMatching(/^Line 5: /),
    })
    await apply(FILE)
    await store.write(async tx => {
      const key = { kty: 'OKP' as const, crv: 'Ed25519' as const, x: 'x'.repeat(43) }
      const facts = { hostname: 'pc', platform: 'fake' as const, osName: '', agentVersion: '' }
      const groupId =
        (await tx.policy.rows(organisation.id)).groups.find(({ name }) => name === 'Finance')?.id ?? rootId
      const ids = { id: newId('device', nodeChance), organisationId: organisation.id, groupId }
      await tx.insertDevice({
        ...ids,
        name: 'pc',
        facts,
        key,
        keyThumbprint: 'k',
        enrolmentTokenHash: 't',
        enrolledAtMs: 1,
        status: 'active',
      })
    })
    const cut = FILE.slice(0, FILE.indexOf('  - path: /Branches/Finance'))
    await expect(apply(cut)).rejects.toThrow("/Branches/Finance isn't in the file and still has devices")
  })

  it('A146 refuses aliases that would grow without end, and a file without end', async () => {
    const bomb = [
      'a: &a [x, x, x, x, x, x, x, x, x]',
      ...'bcdefgh'.split('').map((name, index) => {
        const before = 'abcdefg'[index]
        return `${name}: &${name} [${Array(9).fill(`*${before}`).join(', ')}]`
      }),
    ].join('\n')
    await expect(apply(bomb)).rejects.toMatchObject({ code: 'policy-invalid' })
    await expect(apply('version: 1\nroles: &r []\ngroups: *r\n')).rejects.toMatchObject({ code: 'policy-invalid' })
    await expect(apply(`# ${'x'.repeat(5 * 1024 * 1024)}`)).rejects.toThrow('larger than 4 MiB')
    for (const text of ['', '[]', 'null', '"text"', '{__proto__: {x: 1}}'])
      await expect(apply(text)).rejects.toMatchObject({ code: 'policy-invalid' })
    expect('x' in {}).toBe(false)
  })
})
