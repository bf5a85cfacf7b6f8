import { newId } from '../../chance.ts'
import type { Group } from '../rules.ts'
import { type Draft, differ } from './draft.ts'

/** A group of the file, in its place in the tree that the file describes. */
export interface PlacedGroup extends Group {
  readonly path: string
  /** Where it stands in the file. */
  readonly index: number
}

/** Makes the tree what the file says; groups that aren't in it are left for `dropGroups`. */
export async function applyGroups(draft: Draft): Promise<PlacedGroup[]> {
  const { change } = draft
  const placed = placeGroups(draft)
  const changed = placed.filter(group => !isSame(group, change.before.group(group.id)))
  // Names and places may be swapped: first each steps aside, under a name that no file can have here.
  for (const { id } of changed) {
    const before = change.before.group(id)
    if (before) await change.tx.policy.updateGroup({ ...before, name: id })
    else await change.tx.policy.insertGroup(change.organisationId, { id, parentId: change.rootId, name: id })
  }
  for (const group of changed) await put(draft, group)
  return placed
}

/** Deletes what the file leaves out, from the bottom up. Refuses a group that still has devices. */
export async function dropGroups(draft: Draft, placed: readonly PlacedGroup[]): Promise<void> {
  const { change, parsed } = draft
  const kept = new Set(placed.map(({ id }) => id))
  const gone = change.before.rows.groups.filter(({ id }) => !kept.has(id))
  const depth = ({ id }: Group) => change.before.path(id).length
  for (const group of gone.sort((one, other) => depth(other) - depth(one))) {
    const path = change.before.pathText(group.id)
    if (await change.tx.policy.hasDevices(group.id))
      parsed.refuse(['groups'], `the group ${path} isn't in the file and still has devices. Move them first.`)
    await change.tx.policy.deleteGroup(group)
    differ(draft, `- group ${path}`, { action: 'group.deleted', subject: group.id, detail: { ...group } })
  }
}

function placeGroups(draft: Draft): PlacedGroup[] {
  const { change, parsed, chance } = draft
  const idByPath = new Map<string, string>()
  const groups = parsed.file.groups.map(({ path, id: ownId }, index) => {
    const id = ownId ?? presentAt(draft, path) ?? newId('group', chance)
    if (ownId && !change.before.group(ownId))
      parsed.refuse(['groups', index, 'id'], 'there is no such group in this organisation.')
    if (idByPath.has(path) || [...idByPath.values()].includes(id))
      parsed.refuse(['groups', index], `the group ${path} is here twice.`)
    if ((path === '/') !== (id === change.rootId))
      parsed.refuse(['groups', index], 'the topmost group, and no other, is /.')
    idByPath.set(path, id)
    return { id, path, index }
  })
  if (!idByPath.has('/')) parsed.refuse(['groups'], 'the topmost group / is missing.')
  return groups.map(group => ({ ...group, ...placeOf(draft, group, groups) }))
}

/** The group that has this path now, unless the file gives that group another one by its id. */
function presentAt({ change, parsed }: Draft, path: string): string | undefined {
  const present = change.before.rows.groups.find(({ id }) => change.before.pathText(id) === path)
  return parsed.file.groups.some(({ id }) => id !== undefined && id === present?.id) ? undefined : present?.id
}

interface FoundGroup {
  readonly id: string
  readonly path: string
  readonly index: number
}

function placeOf(draft: Draft, group: FoundGroup, found: readonly FoundGroup[]): Pick<Group, 'name' | 'parentId'> {
  const { change, parsed } = draft
  if (group.path === '/') return { name: change.before.group(change.rootId)?.name ?? '', parentId: null }
  const cut = group.path.lastIndexOf('/')
  const parentPath = group.path.slice(0, cut) || '/'
  const parent = found.find(({ path }) => path === parentPath)
  if (parent) return { name: group.path.slice(cut + 1), parentId: parent.id }
  const place = ['groups', group.index, 'path']
  const ring = ringOf(draft, group, parentPath, found)
  return ring
    ? parsed.refuse(place, `the group ${ring} would be beneath itself.`, 'group-cycle')
    : parsed.refuse(place, `the group above it, ${parentPath}, is not in the file.`)
}

/** A parent is missing from the file because the file puts it beneath its own child: its present path, else null. */
function ringOf({ change: { before } }: Draft, group: FoundGroup, parentPath: string, found: readonly FoundGroup[]) {
  const isBeneath = (path: string, top: string) => `${path}/`.startsWith(`${top}/`)
  const present = ({ id }: FoundGroup) => (before.group(id) ? before.pathText(id) : null)
  const moved = found.find(other => {
    const was = present(other)
    return was !== null && was !== '/' && isBeneath(parentPath, was) && isBeneath(other.path, group.path)
  })
  return moved ? present(moved) : null
}

async function put(draft: Draft, { id, parentId, name, path }: PlacedGroup): Promise<void> {
  const { change } = draft
  const before = change.before.group(id)
  await change.tx.policy.updateGroup({ id, parentId, name })
  if (!before) differ(draft, `+ group ${path}`, { action: 'group.created', subject: id, detail: { parentId, name } })
  else {
    const was = { name: before.name, parentId: before.parentId }
    const detail = { id, parentId, name, before: was }
    differ(draft, `~ group ${change.before.pathText(id)} -> ${path}`, { action: 'group.changed', subject: id, detail })
  }
}

const isSame = (one: Group, other: Group | undefined): boolean =>
  one.name === other?.name && one.parentId === other.parentId
