import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CAPABILITIES, type Capability, isAdministration, SESSION_CAPABILITIES } from '#protocol/policy/capabilities.ts'
import type { Settings } from '#protocol/policy/settings.ts'
import { type DecisionInput, decide, isAllowed } from './decide.ts'
import type { Assignment, Group, RoleRule, SettingRow } from './rules.ts'

const OPERATOR = 'usr_operator'
const DEPTH = 5
const path: Group[] = Array.from({ length: DEPTH }, (_, depth) => ({
  id: `grp_${depth}`,
  parentId: depth === 0 ? null : `grp_${depth - 1}`,
  name: `Group ${depth}`,
}))
const otherPath: Group[] = path.map((group, depth) =>
  depth === 0 ? group : { ...group, id: `grp_other_${depth}`, parentId: path[0]?.id ?? null },
)

const capability = fc.constantFrom(...CAPABILITIES)
const role = (id: string): fc.Arbitrary<RoleRule> =>
  fc.record({ id: fc.constant(id), name: fc.constant(id), capabilities: fc.uniqueArray(capability, { maxLength: 8 }) })
const roles = fc.tuple(role('rol_a'), role('rol_b'), role('rol_c'))
const assignment = fc.record({
  userId: fc.constantFrom(OPERATOR, OPERATOR, 'usr_other', null),
  roleId: fc.constantFrom('rol_a', 'rol_b', 'rol_c', 'rol_unknown'),
  groupId: fc.constantFrom(...path.map(({ id }) => id), ...otherPath.slice(1).map(({ id }) => id)),
  effect: fc.constantFrom('allow' as const, 'allow' as const, 'deny' as const),
})
const assignments = fc
  .array(assignment, { maxLength: 10 })
  .map(list => list.map((row, index): Assignment => ({ ...row, id: `asg_${index}` })))
const consentRow = fc.record({
  groupId: fc.constantFrom(...path.map(({ id }) => id)),
  key: fc.constant('consentSeconds' as const),
  value: fc.integer({ min: 5, max: 30 }),
})
const toggleRow = fc.record({
  groupId: fc.constantFrom(...path.map(({ id }) => id)),
  key: fc.constantFrom('interactive' as const, 'unattended' as const),
  value: fc.boolean(),
})
const settings: fc.Arbitrary<SettingRow[]> = fc.uniqueArray(fc.oneof(consentRow, toggleRow), {
  maxLength: 8,
  selector: ({ groupId, key }) => `${groupId} ${key}`,
})
const mode = fc.constantFrom('interactive' as const, 'unattended' as const)
const input: fc.Arbitrary<DecisionInput> = fc
  .record({ roles, assignments, settings, mode })
  .map(({ mode: asked, ...rest }) => ({
    ...rest,
    operatorId: OPERATOR,
    path,
    request: { capabilities: CAPABILITIES, mode: asked, nowMs: 0 },
  }))

const allowedOf = (given: DecisionInput) => decide(given).allowed.map(({ capability: name }) => name)
const isSubset = (part: readonly Capability[], whole: readonly Capability[]) => part.every(name => whole.includes(name))
const without = (given: DecisionInput, isOut: (row: Assignment) => boolean): DecisionInput => ({
  ...given,
  assignments: given.assignments.filter(row => !isOut(row)),
})
const depthOf = ({ groupId }: Assignment) => path.findIndex(({ id }) => id === groupId)

describe('decide', () => {
  it('answers every capability once, with the line that decided', () => {
    fc.assert(
      fc.property(input, given => {
        const { allowed, denied } = decide(given)
        const answered = [...allowed, ...denied].map(({ capability: name }) => name)
        expect([...answered].sort()).toEqual([...CAPABILITIES].sort())
        for (const { line } of allowed)
          expect(line).toMatchObject({ kind: 'assignment', assignment: { effect: 'allow', userId: OPERATOR } })
      }),
    )
  })

  it('gives no capability without a grant', () => {
    fc.assert(
      fc.property(input, given => {
        const bare = without(given, row => row.effect === 'allow' && row.userId === OPERATOR)
        expect(allowedOf(bare)).toEqual([])
        for (const name of allowedOf(given)) {
          const granting = given.roles.filter(({ capabilities }) => capabilities.includes(name)).map(({ id }) => id)
          const isGrant = (row: Assignment) =>
            row.effect === 'allow' && row.userId === OPERATOR && granting.includes(row.roleId) && depthOf(row) >= 0
          expect(given.assignments.some(isGrant)).toBe(true)
        }
      }),
    )
  })

  it('takes a denial as final, wherever on the path and whatever is added to it', () => {
    const denial = fc.record({
      depth: fc.nat(DEPTH - 1),
      roleId: fc.constantFrom('rol_a', 'rol_b', 'rol_c'),
      own: fc.boolean(),
    })
    fc.assert(
      fc.property(input, denial, assignments, (given, { depth, roleId, own }, more) => {
        const row: Assignment = {
          id: 'asg_denial',
          userId: own ? OPERATOR : null,
          roleId,
          groupId: `grp_${depth}`,
          effect: 'deny',
        }
        const added = more.map(added => ({ ...added, id: `${added.id}_more` }))
        const decision = decide({ ...given, assignments: [...given.assignments, row, ...added] })
        const forbidden = given.roles.find(({ id }) => id === roleId)?.capabilities ?? []
        for (const name of forbidden) expect(isAllowed(decision, name)).toBe(false)
      }),
    )
  })

  it('lets the most specific group with roles decide what may be done on a device', () => {
    fc.assert(
      fc.property(input, roles, fc.constantFrom('rol_a', 'rol_b', 'rol_c'), (given, theirs, roleId) => {
        const open: DecisionInput = {
          ...given,
          roles: theirs,
          settings: [],
          request: { ...given.request, mode: 'interactive' },
        }
        const deepest: Assignment = {
          id: 'asg_deep',
          userId: OPERATOR,
          roleId,
          groupId: `grp_${DEPTH - 1}`,
          effect: 'allow',
        }
        const narrow = without(open, row => row.effect === 'deny' || row.groupId === deepest.groupId)
        const names = allowedOf({ ...narrow, assignments: [...narrow.assignments, deepest] })
        const granted = theirs.find(({ id }) => id === roleId)?.capabilities ?? []
        const isTaken = (name: Capability) => name === 'unattended' || name === 'skip-consent'
        expect(names.filter(name => !isAdministration(name)).sort()).toEqual(
          granted.filter(name => !isAdministration(name) && !isTaken(name)).sort(),
        )
        expect(isSubset(granted.filter(isAdministration), names)).toBe(true)
      }),
    )
  })

  it('takes the most specific value of a setting and names its group', () => {
    fc.assert(
      fc.property(input, given => {
        const decision = decide(given)
        const rows = given.settings.filter(({ key }) => key === 'consentSeconds')
        const deepest = path.findLast(({ id }) => rows.some(({ groupId }) => groupId === id)) ?? null
        const row = rows.find(({ groupId }) => groupId === deepest?.id)
        expect(decision.settings.consentSeconds).toEqual({ value: row?.value ?? 30, from: deepest })
      }),
    )
  })

  it('grows with what a role may do and shrinks with denials', () => {
    fc.assert(
      fc.property(input, capability, assignment, (given, name, row) => {
        const before = allowedOf(given)
        const wider = given.roles.map(one => {
          const isHeldOnly = !given.assignments.some(({ roleId, effect }) => roleId === one.id && effect === 'deny')
          return isHeldOnly ? { ...one, capabilities: [...new Set([...one.capabilities, name])] } : one
        })
        expect(isSubset(before, allowedOf({ ...given, roles: wider }))).toBe(true)
        const denial: Assignment = { ...row, id: 'asg_new', effect: 'deny' }
        expect(isSubset(allowedOf({ ...given, assignments: [...given.assignments, denial] }), before)).toBe(true)
      }),
    )
  })

  it('grows with a further role in the group that decides already', () => {
    fc.assert(
      fc.property(input, fc.constantFrom('rol_a', 'rol_b', 'rol_c'), (given, roleId) => {
        const own = given.assignments.filter(row => row.effect === 'allow' && row.userId === OPERATOR)
        const known = own.filter(row => given.roles.some(({ id }) => id === row.roleId))
        const depth = Math.max(0, ...known.map(depthOf))
        const further: Assignment = {
          id: 'asg_new',
          userId: OPERATOR,
          roleId,
          groupId: `grp_${depth}`,
          effect: 'allow',
        }
        expect(isSubset(allowedOf(given), allowedOf({ ...given, assignments: [...given.assignments, further] }))).toBe(
          true,
        )
      }),
    )
  })

  it('does not care in which order the rows come', () => {
    const shuffled = input.chain(given =>
      fc
        .record({
          roles: fc.shuffledSubarray([...given.roles], { minLength: given.roles.length }),
          assignments: fc.shuffledSubarray([...given.assignments], { minLength: given.assignments.length }),
          settings: fc.shuffledSubarray([...given.settings], { minLength: given.settings.length }),
        })
        .map(rows => [given, { ...given, ...rows }] as const),
    )
    fc.assert(
      fc.property(shuffled, ([given, other]) => {
        expect(decide(other)).toEqual(decide(given))
      }),
    )
  })

  it('knows nothing of where a moved group was: only its new path counts', () => {
    fc.assert(
      fc.property(input, given => {
        const moved = { ...given, path: otherPath }
        const isThere = ({ groupId }: { groupId: string }) => otherPath.some(({ id }) => id === groupId)
        const fresh = {
          ...moved,
          assignments: given.assignments.filter(isThere),
          settings: given.settings.filter(isThere),
        }
        expect(decide(moved)).toEqual(decide(fresh))
      }),
    )
  })

  it('gives nothing back that a setting takes, whatever the roles', () => {
    fc.assert(
      fc.property(input, given => {
        const off: SettingRow[] = [{ groupId: `grp_${DEPTH - 1}`, key: given.request.mode, value: false }]
        expect(allowedOf({ ...given, settings: off }).every(isAdministration)).toBe(true)
      }),
    )
  })
})

describe('the settings of a device', () => {
  const roleOfAll: RoleRule = { id: 'rol_all', name: 'All', capabilities: CAPABILITIES }
  const holder: Assignment = { id: 'asg_1', userId: OPERATOR, roleId: 'rol_all', groupId: 'grp_0', effect: 'allow' }
  const denials = (own: Partial<Settings>, asked: 'interactive' | 'unattended' = 'interactive', nowMs = 0) => {
    const rows = Object.entries({ skipConsent: true, ...own }).map(
      ([key, value]) => ({ groupId: 'grp_1', key, value }) as SettingRow,
    )
    const request = { capabilities: CAPABILITIES, mode: asked, nowMs }
    const { denied } = decide({
      operatorId: OPERATOR,
      roles: [roleOfAll],
      assignments: [holder],
      path,
      settings: rows,
      request,
    })
    return denied.map(({ capability: name, line }) => `${name}: ${line.kind === 'setting' ? line.key : line.kind}`)
  }

  it.each([
    [{ unattended: true }, []],
    [{}, ['unattended: unattended']],
    [{ unattended: true, approval: 'required' }, ['unattended: approval']],
    [
      { unattended: true, tools: ['shell', 'restart'] },
      ['shell-user: tools', 'registry: tools', 'processes: tools', 'processes-user: tools', 'services: tools'],
    ],
    [{ unattended: true, clipboard: 'to-device' }, ['clipboard-out: clipboard']],
    [{ unattended: true, clipboard: 'from-device' }, ['clipboard-in: clipboard']],
    [{ unattended: true, clipboard: 'off' }, ['clipboard-in: clipboard', 'clipboard-out: clipboard']],
    [{ unattended: true, record: 'off' }, ['record: record']],
    [{ unattended: true, record: 'always' }, SESSION_CAPABILITIES.map(name => `${name}: unrecorded`)],
    [{ unattended: true, skipConsent: false }, ['skip-consent: skipConsent']],
  ] satisfies [Partial<Settings>, string[]][])('%o', (own, expected) => expect(denials(own)).toEqual(expected))

  it('A77 shut a device that wants an approval, or whose hours are over', () => {
    expect(denials({ unattended: true, approval: 'required' }, 'unattended')).toContain('view: approval')
    const hours = { days: ['mon' as const], from: '22:00', to: '06:00', timeZone: 'Europe/Berlin' }
    const at = (text: string) => denials({ unattended: true, hours }, 'interactive', Date.parse(text))
    expect(at('2026-03-02T21:30:00Z')).toEqual([])
    expect(at('2026-03-03T04:59:00Z')).toEqual([])
    expect(at('2026-03-03T05:00:00Z')).toContain('view: hours')
    expect(at('2026-03-02T04:00:00Z')).toContain('view: hours')
    expect(at('2026-03-03T21:30:00Z')).toContain('view: hours')
  })
})
