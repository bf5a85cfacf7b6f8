import { HandholdError } from '#protocol/errors.ts'
import type { GroupView } from '#protocol/policy/http.ts'
import { type Chance, newId } from '../chance.ts'
import type { Devices } from '../devices.ts'
import { authorityOf } from '../policy/authority.ts'
import { type Change, groupNotFound, type PolicyChanges } from '../policy/changes.ts'
import type { Policies } from '../policy/policies.ts'
import type { Group } from '../policy/rules.ts'
import { cycle, exceeds } from '../policy/safety.ts'
import type { PolicySnapshot } from '../policy/snapshot.ts'
import type { Principal } from '../principal.ts'

export interface GroupsParts {
  readonly chance: Chance
  readonly policies: Policies
  readonly changes: PolicyChanges
  readonly devices: Devices
}

/** The tree of device groups. A group is seen by who may connect to its devices or has a right of administration in it. */
export class Groups {
  readonly #parts: GroupsParts

  constructor(parts: GroupsParts) {
    this.#parts = parts
  }

  async list(principal: Principal): Promise<GroupView[]> {
    const policy = await this.#parts.policies.of(principal.organisation.id)
    const visible = policy.visible(principal.user.id)
    return policy.rows.groups.filter(({ id }) => visible.has(id)).map(group => viewOf(policy, visible, group))
  }

  /** Throws `name-taken`, and what `requireGroup` throws for the parent. */
  create(principal: Principal, { parentId, name }: { parentId: string; name: string }): Promise<{ id: string }> {
    return this.#parts.changes.apply({ kind: 'person', principal }, async change => {
      change.requireGroup(parentId)
      requireFreeName(change.before, parentId, name)
      const id = newId('group', this.#parts.chance)
      await change.tx.policy.insertGroup(change.organisationId, { id, parentId, name })
      change.note({ action: 'group.created', subject: id, detail: { parentId, name } })
      return { id }
    })
  }

  /** Renames, moves, or both; what is in the group inherits from its new place. Throws `group-cycle` or `name-taken` too. */
  update(principal: Principal, groupId: string, wish: { parentId?: string | undefined; name?: string | undefined }) {
    return this.#parts.changes.apply({ kind: 'person', principal }, async change => {
      const group = change.requireGroup(groupId)
      const next: Group = { ...group, name: wish.name ?? group.name, parentId: wish.parentId ?? group.parentId }
      if (next.parentId !== group.parentId) requireMovable(change, group, next.parentId)
      if (next.parentId !== null) requireFreeName(change.before, next.parentId, next.name, groupId)
      await change.tx.policy.updateGroup(next)
      const before = { name: group.name, parentId: group.parentId }
      change.note({ action: 'group.changed', subject: groupId, detail: { ...next, before } })
    })
  }

  /** Throws `group-in-use` while it has groups or devices: they would silently come under other rules. */
  remove(principal: Principal, groupId: string): Promise<void> {
    return this.#parts.changes.apply({ kind: 'person', principal }, async change => {
      const group = change.requireGroup(groupId)
      if (group.parentId === null) throw inUse('The topmost group stays as long as the organisation.')
      change.requireGroup(group.parentId)
      const hasGroups = change.before.rows.groups.some(({ parentId }) => parentId === groupId)
      if (hasGroups || (await change.tx.policy.hasDevices(groupId)))
        throw inUse('The group still has groups or devices. Move them first.')
      await change.tx.policy.deleteGroup(group)
      change.note({ action: 'group.deleted', subject: groupId, detail: { name: group.name, parentId: group.parentId } })
    })
  }

  /** The device inherits from its new group at once. It takes the right in both groups, and gives nobody what the mover doesn't have. */
  async moveDevice(principal: Principal, deviceId: string, groupId: string): Promise<void> {
    const { changes, devices } = this.#parts
    const device = await devices.require(principal, deviceId)
    const fromGroupId = await changes.apply({ kind: 'person', principal }, async change => {
      const present = await change.tx.device(device.id)
      if (!present) throw new HandholdError('not-found', 'The device was removed.')
      change.requireGroup(present.groupId, 'manage-devices')
      change.requireGroup(groupId, 'manage-devices')
      await requireNoGain(change, principal.user.id, present.groupId, groupId)
      await change.tx.policy.moveDevice(device.id, groupId)
      change.note({ action: 'device.moved', subject: device.id, detail: { from: present.groupId, to: groupId } })
      return present.groupId
    })
    await devices.announceMoved({ ...device, groupId }, fromGroupId)
  }
}

function viewOf(policy: PolicySnapshot, visible: ReadonlySet<string>, { id, parentId, name }: Group): GroupView {
  // A parent that the person may not know of is none.
  const isKnown = parentId !== null && visible.has(parentId)
  return { id, parentId: isKnown ? parentId : null, name, path: policy.pathText(id) }
}

function requireMovable(change: Change, group: Group, parentId: string | null): void {
  if (group.parentId === null || parentId === null) throw cycle(group.name)
  if (!change.before.group(parentId)) throw groupNotFound()
  if (change.before.path(parentId).some(({ id }) => id === group.id)) throw cycle(group.name)
  // Both places lose or gain a part.
  change.requireGroup(group.parentId)
  change.requireGroup(parentId)
}

function requireFreeName({ rows }: PolicySnapshot, parentId: string, name: string, ownId?: string): void {
  if (rows.groups.some(group => group.parentId === parentId && group.name === name && group.id !== ownId))
    throw new HandholdError('name-taken', `There is a group "${name}" here already. Choose another name.`)
}

async function requireNoGain({ tx, before, organisationId }: Change, moverId: string, from: string, to: string) {
  const authority = authorityOf(before, moverId, from)
  for (const { id } of await tx.policy.members(organisationId)) {
    const had = new Set(before.granted(id, from))
    const gained = before.granted(id, to).find(capability => !had.has(capability) && !authority.has(capability))
    if (gained) throw exceeds(gained, before.pathText(from))
  }
}

const inUse = (message: string) => new HandholdError('group-in-use', message)
