import { genesisOf, holds, type StoredRow } from './chain.ts'

/** Where the row at this place would hold, if that is anywhere else. */
export function findPlace(
  at: { readonly chain: string; readonly position: number },
  { rows }: { rows(): Iterable<StoredRow> },
): { readonly chain: string; readonly position: number } | undefined {
  let wanted: StoredRow | undefined
  for (const row of rows()) if (row.chain === at.chain && row.position === at.position) wanted = row
  if (!wanted) return undefined
  let before: StoredRow | undefined
  for (const row of rows()) {
    const previous = before?.chain === row.chain ? before.hash : genesisOf(row.chain)
    before = row
    if (row.chain === at.chain && row.position === at.position) continue
    const { chain, position } = row
    if (holds(previous, { ...wanted, chain, position }, row.hash)) return { chain, position }
  }
  return undefined
}
