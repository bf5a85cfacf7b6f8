import { TOOLS_MESSAGE_MAX_BYTES } from '#protocol/tools/limits.ts'

/** Leaves room for what stands around the rows. */
const PART_BYTES = TOOLS_MESSAGE_MAX_BYTES - 1024

/** Rows in parts that each fit in a message, with whether it is the last; one empty part for no rows. */
export function inParts<Row>(rows: readonly Row[]): [part: Row[], isLast: boolean][] {
  const parts: Row[][] = [[]]
  let bytes = 0
  for (const row of rows) {
    const size = Buffer.byteLength(JSON.stringify(row)) + 1
    if (bytes + size > PART_BYTES && bytes > 0) {
      parts.push([])
      bytes = 0
    }
    parts.at(-1)?.push(row)
    bytes += size
  }
  return parts.map((part, index) => [part, index === parts.length - 1])
}
