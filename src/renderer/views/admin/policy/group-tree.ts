import type { GroupView } from '#protocol/policy/http.ts'

export interface TreeRow {
  readonly group: GroupView
  /** 1 for the topmost. */
  readonly level: number
  readonly hasChildren: boolean
  readonly isOpen: boolean
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

/**
 * The groups as the lines of a tree, without those beneath a closed one. A search opens the way to what it finds. A group whose parent the person
 * may not see stands at the top.
 */
export function treeRows(groups: readonly GroupView[], closed: ReadonlySet<string>, query: string): TreeRow[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const known = new Set(groups.map(({ id }) => id))
  const byParent = Map.groupBy(groups, ({ parentId }) => (parentId !== null && known.has(parentId) ? parentId : null))
  const wanted = words.length > 0 ? pathsTo(groups, words) : undefined
  const rows: TreeRow[] = []
  const add = (parentId: string | null, level: number) => {
    const children = (byParent.get(parentId) ?? []).toSorted((a, b) => collator.compare(a.name, b.name))
    for (const group of children) {
      if (wanted && !wanted.has(group.id)) continue
      const hasChildren = byParent.has(group.id)
      const isOpen = hasChildren && (wanted !== undefined || !closed.has(group.id))
      rows.push({ group, level, hasChildren, isOpen })
      if (isOpen) add(group.id, level + 1)
    }
  }
  add(null, 1)
  return rows
}

/** Those whose path has every word, with all that lead to them. */
function pathsTo(groups: readonly GroupView[], words: readonly string[]): Set<string> {
  const byId = new Map(groups.map(group => [group.id, group]))
  const wanted = new Set<string>()
  for (const found of groups.filter(({ path }) => words.every(word => path.toLowerCase().includes(word))))
    for (let group: GroupView | undefined = found; group; group = byId.get(group.parentId ?? '')) {
      if (wanted.has(group.id)) break
      wanted.add(group.id)
    }
  return wanted
}
