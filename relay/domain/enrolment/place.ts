import type { PolicySnapshot } from '../policy/snapshot.ts'

/** The group for a device: the token's own, or the one that the device asks for (a path or an id) where that lies beneath it. Null: none. */
export function placeOf(policy: PolicySnapshot, tokenGroupId: string, wanted: string | undefined): string | null {
  if (!policy.group(tokenGroupId)) return null
  if (wanted === undefined || wanted === '') return tokenGroupId
  const path = `/${wanted.replace(/^\/+|\/+$/g, '')}`
  const found = policy.group(wanted) ?? policy.rows.groups.find(({ id }) => policy.pathText(id) === path)
  return found && policy.path(found.id).some(({ id }) => id === tokenGroupId) ? found.id : null
}
