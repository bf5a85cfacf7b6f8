import { HandholdError } from '#protocol/errors.ts'
import type { ScriptDefinition } from '#protocol/scripts/script.ts'
import { lineText } from '../policy/line-text.ts'
import type { PolicySnapshot } from '../policy/snapshot.ts'

/**
 * What happens at a device of the group where somebody is signed in, when this person runs a script there now without a session. Throws `policy-denied` with
 * the deciding line, and `second-person-needed` for a tool that takes two: nobody could look.
 */
export function permitRun(
  policy: PolicySnapshot,
  operatorId: string,
  groupId: string,
  { tool }: Pick<ScriptDefinition, 'tool'>,
  nowMs: number,
): 'ask' | 'tell' {
  const { denied, settings } = policy.decide(operatorId, groupId, {
    capabilities: ['unattended', 'control', tool],
    mode: 'unattended',
    nowMs,
  })
  const [first] = denied
  if (first)
    throw new HandholdError(
      'policy-denied',
      `You may not run scripts here without a session: ${lineText(policy, first.line)}.`,
    )
  if (settings.twoPersonTools.value.includes(tool))
    throw new HandholdError('second-person-needed', 'This tool takes two people here. Run the script in a session.')
  const { value } = settings.scripts
  if (value === 'off')
    throw new HandholdError(
      'policy-denied',
      'The setting “scripts” of the device’s group lets none run without a session.',
    )
  return value
}
