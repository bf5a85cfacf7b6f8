import type { ProcessRow } from '#protocol/tools/messages.ts'

export interface TreeRow extends ProcessRow {
  readonly depth: number
}

/** Each process under the one that started it, in the order given. What was started by one that isn't here stands at the top. */
export function treeOf(rows: readonly ProcessRow[]): TreeRow[] {
  const here = new Map(rows.map(row => [row.pid, row]))
  const children = new Map<number, ProcessRow[]>()
  const tops: ProcessRow[] = []
  for (const row of rows) {
    // A number used again may make a circle: a child is never older than its parent.
    const parent = here.get(row.parent)
    if (!parent || parent.pid === row.pid || parent.startTicks > row.startTicks) tops.push(row)
    else if (!children.get(parent.pid)?.push(row)) children.set(parent.pid, [row])
  }
  const tree: TreeRow[] = []
  const waiting: TreeRow[] = tops.map(row => ({ ...row, depth: 0 })).toReversed()
  const seen = new Set<number>()
  for (let row = waiting.pop(); row; row = waiting.pop()) {
    if (seen.has(row.pid)) continue
    seen.add(row.pid)
    tree.push(row)
    for (const child of (children.get(row.pid) ?? []).toReversed()) waiting.push({ ...child, depth: row.depth + 1 })
  }
  return tree
}

/** How many processes go with this one. */
export function descendantsOf(rows: readonly ProcessRow[], pid: number): number {
  const tree = treeOf(rows)
  const at = tree.findIndex(row => row.pid === pid)
  if (at < 0) return 0
  const depth = tree[at]?.depth ?? 0
  let end = at + 1
  while ((tree[end]?.depth ?? 0) > depth) end++
  return end - at - 1
}
