import { HandholdError } from '#protocol/errors.ts'
import type { ScriptDefinition } from '#protocol/scripts/script.ts'
import { lineText } from '../policy/line-text.ts'
import type { PolicySnapshot } from '../policy/snapshot.ts'
import type { RunDeviceRecord, RunRecord } from './run-store.ts'

/** What of a script decides who may run it. */
export interface ScriptRights {
  readonly tool: ScriptDefinition['tool']
  readonly roleId: string | null
}

export interface RunPermit {
  /** What happens where somebody is signed in. */
  readonly person: 'ask' | 'tell'
  /** The group wants a second person for whatever is done without one, or for this tool. */
  readonly takesTwo: boolean
}

export const rightsOf = ({ definition, roleId }: Pick<RunRecord, 'definition' | 'roleId'>): ScriptRights => ({
  tool: definition.tool,
  roleId,
})

/** What holds at a device of the group when this person runs a script there now without a session. Throws `policy-denied` with the deciding line. */
export function permitRun(
  policy: PolicySnapshot,
  operatorId: string,
  groupId: string,
  rights: ScriptRights,
  nowMs: number,
): RunPermit {
  const { denied, settings } = policy.decide(operatorId, groupId, {
    capabilities: capabilitiesOf(rights),
    mode: 'unattended',
    nowMs,
    isApprovalApart: true,
  })
  const [first] = denied
  if (first)
    throw new HandholdError(
      'policy-denied',
      `You may not run scripts here without a session: ${lineText(policy, first.line)}.`,
    )
  requireRole(policy, operatorId, groupId, rights.roleId)
  const { value } = settings.scripts
  if (value === 'off')
    throw new HandholdError(
      'policy-denied',
      'The setting “scripts” of the device’s group lets none run without a session.',
    )
  const takesTwo = settings.approval.value === 'required' || settings.twoPersonTools.value.includes(rights.tool)
  return { person: value, takesTwo }
}

/** Throws `policy-denied` where the script takes a role that the person doesn't have there. */
export function requireRole(policy: PolicySnapshot, operatorId: string, groupId: string, roleId: string | null): void {
  if (roleId === null || policy.holds(operatorId, groupId, roleId)) return
  const role = policy.role(roleId)
  throw new HandholdError(
    'policy-denied',
    role ? `This script is for the role “${role.name}”.` : 'This script is for a role that was deleted.',
  )
}

/** What holds for a device of a run now: whether it still waits for a second person. Throws as `permitRun` does. */
export function permitRow(
  policy: PolicySnapshot,
  run: RunRecord,
  { approvedBy }: Pick<RunDeviceRecord, 'approvedBy'>,
  groupId: string,
  nowMs: number,
): Pick<RunPermit, 'person'> & { readonly waits: boolean } {
  const { person, takesTwo } = permitRun(policy, run.operator.id, groupId, rightsOf(run), nowMs)
  // Whoever agreed may have lost the right since.
  const isAgreed = approvedBy !== null && mayAnswer(policy, approvedBy.id, run, groupId)
  return { person, waits: takesTwo && !isAgreed }
}

/** The second person is somebody else, whose roles let them run the script there themselves. */
export const mayAnswer = (policy: PolicySnapshot, userId: string, run: RunRecord, groupId: string): boolean =>
  userId !== run.operator.id && hasRights(policy, userId, groupId, rightsOf(run))

/** What the roles alone say, whatever the settings of the devices. */
export function hasRights(policy: PolicySnapshot, userId: string, groupId: string, rights: ScriptRights): boolean {
  const ruling = policy.grants(userId, groupId)
  if (!capabilitiesOf(rights).every(capability => ruling(capability).allowed)) return false
  return rights.roleId === null || policy.holds(userId, groupId, rights.roleId)
}

/** Whether there is a group in which the person may run it, in a session at least. */
export const hasToolSomewhere = (policy: PolicySnapshot, userId: string, { tool, roleId }: ScriptRights): boolean =>
  policy
    .groupsOf(userId)
    .some(
      groupId =>
        policy.grants(userId, groupId)(tool).allowed && (roleId === null || policy.holds(userId, groupId, roleId)),
    )

const capabilitiesOf = ({ tool }: ScriptRights) => ['unattended', 'control', tool] as const
