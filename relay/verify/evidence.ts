import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { StoredRow } from '../domain/audit/chain.ts'
import { VerifyError } from './verify-error.ts'

/** What lies in a database or an export: nothing of it is believed yet. */
export interface RawEvidence {
  rows(): Iterable<StoredRow>
  readonly heads: readonly string[]
  readonly tombstones: readonly string[]
  close(): void
}

const rowSchema = z.object({
  type: z.literal('row'),
  sequence: z.number(),
  organisationId: z.string().nullable(),
  chain: z.string(),
  position: z.number(),
  atMs: z.number(),
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  detail: z.record(z.string(), z.unknown()),
  hash: z.string(),
})
const lineSchema = z.discriminatedUnion('type', [
  rowSchema,
  z.object({ type: z.literal('head'), statement: z.string() }),
  z.object({ type: z.literal('tombstone'), statement: z.string() }),
])
export type ExportLine = z.infer<typeof lineSchema>

/** The lines that `handhold-relay audit export` writes. */
export function readExport(file: string): RawEvidence {
  const rows: StoredRow[] = []
  const heads: string[] = []
  const tombstones: string[] = []
  for (const [index, text] of readLines(file).entries()) {
    const line = parseLine(text, index + 1, file)
    if (line.type === 'row') rows.push({ ...line, detail: JSON.stringify(line.detail) })
    else if (line.type === 'head') heads.push(line.statement)
    else tombstones.push(line.statement)
  }
  // Lines may come in any order; where a row stands is what the row itself says.
  rows.sort((a, b) => (a.chain === b.chain ? a.position - b.position : a.chain < b.chain ? -1 : 1))
  return { rows: () => rows, heads, tombstones, close: () => undefined }
}

/** One signed head a line, as they were copied off the relay, whatever a log server put before it. A last line without its end was being written. */
export const readHeads = (file: string): string[] =>
  readText(file)
    .split('\n')
    .slice(0, -1)
    .filter(line => line.trim() !== '')
    .map(line => line.trim().replace(/^.*\s/, ''))

function parseLine(text: string, number: number, file: string): ExportLine {
  try {
    return lineSchema.parse(JSON.parse(text))
  } catch {
    throw new VerifyError(`Line ${number} of ${file} is none of an exported audit.`)
  }
}

function readLines(file: string): string[] {
  return readText(file)
    .split('\n')
    .filter(line => line.trim() !== '')
}

export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (thrown) {
    throw new VerifyError(`${file} can't be read (${thrown instanceof Error && 'code' in thrown ? thrown.code : '?'}).`)
  }
}
