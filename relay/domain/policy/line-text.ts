import { assertNever } from '#protocol/assert-never.ts'
import type { DecidingLine } from './decide.ts'
import type { PolicySnapshot } from './snapshot.ts'

/** The deciding line in words, as it stands in the policy's file too. */
export function lineText(policy: PolicySnapshot, line: DecidingLine): string {
  switch (line.kind) {
    case 'assignment': {
      const { effect, userId } = line.assignment
      const whose = userId === null ? ' for everybody' : ''
      return `${effect} role "${line.role.name}" in ${policy.pathText(line.group.id)}${whose}`
    }
    case 'roles-without': {
      const names = line.roles.map(({ name }) => `"${name}"`).join(', ')
      return `not in role ${names}, held in ${policy.pathText(line.group.id)}`
    }
    case 'no-assignment':
      return 'no role here'
    case 'setting':
      return line.from
        ? `setting "${line.key}" of group ${policy.pathText(line.from.id)}`
        : `setting "${line.key}", by default`
    case 'unrecorded':
      return `setting "record" of group ${policy.pathText(line.from?.id ?? '')} is "always", and sessions can't be recorded yet`
    default:
      return assertNever(line)
  }
}
