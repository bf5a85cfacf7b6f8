import { HandholdError } from '#protocol/errors.ts'
import type { Chance } from '../../chance.ts'
import type { Store } from '../../store.ts'
import type { Author, Change, PolicyChanges } from '../changes.ts'
import type { Policies } from '../policies.ts'
import { applyGroups, dropGroups } from './apply-groups.ts'
import { applyRoles } from './apply-roles.ts'
import { applyAssignments, applySettings } from './apply-rows.ts'
import { blameOf } from './blame.ts'
import type { Draft } from './draft.ts'
import { type ParsedPolicy, parsePolicy } from './parse.ts'
import { writePolicy } from './write.ts'

export interface PolicyFilesParts {
  readonly store: Store
  readonly chance: Chance
  readonly policies: Policies
  readonly changes: PolicyChanges
}

/** An organisation's policy as one document. */
export class PolicyFiles {
  readonly #parts: PolicyFilesParts

  constructor(parts: PolicyFilesParts) {
    this.#parts = parts
  }

  async export(organisationId: string): Promise<string> {
    const { store, policies } = this.#parts
    return writePolicy(await policies.of(organisationId), await store.read.policy.members(organisationId))
  }

  /**
   * Makes the policy what the document says, all of it or nothing, and returns the differences, one line each. A dry run goes through every check and
   * keeps nothing. Throws `policy-invalid`, `group-cycle`, `role-built-in`, `role-exceeds-author` or `last-administrator`, with the line.
   */
  async apply(author: Author, text: string, { dryRun }: { dryRun: boolean }): Promise<string[]> {
    const { changes, chance } = this.#parts
    const parsed = parsePolicy(text)
    const work = (change: Change) => applyPolicy(change, parsed, chance)
    try {
      return await (dryRun ? changes.rehearse(author, work) : changes.apply(author, work))
    } catch (thrown) {
      throw withLine(thrown, parsed)
    }
  }
}

async function applyPolicy(change: Change, parsed: ParsedPolicy, chance: Chance): Promise<string[]> {
  // A document says everything about every group, so it takes the right in each.
  for (const { id } of change.before.rows.groups) change.requireGroup(id)
  const members = await change.tx.policy.members(change.organisationId)
  const draft: Draft = { change, parsed, chance, members, differences: [] }
  const roles = await applyRoles(draft)
  const placed = await applyGroups(draft)
  await applySettings(draft, placed)
  await applyAssignments(draft, placed, roles)
  await dropGroups(draft, placed)
  return draft.differences
}

function withLine(thrown: unknown, { file, lineOf }: ParsedPolicy): unknown {
  if (!(thrown instanceof HandholdError)) return thrown
  const place = blameOf(thrown, file)
  return place ? new HandholdError(thrown.code, `Line ${lineOf(place)}: ${thrown.message}`) : thrown
}
