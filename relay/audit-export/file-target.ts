import { type FileHandle, open } from 'node:fs/promises'
import { z } from 'zod'
import type { AuditTarget } from '../domain/operating/audit-export.ts'
import { jsonLine } from './lines.ts'

/** More than the longest row has. */
const TAIL_BYTES = 256 * 1024

const rowSchema = z.object({ sequence: z.number().int() })

/** Appends to a file, one row a line. The file itself says how far it got, so a crash between writing and noting doubles nothing. */
export const fileTarget = (path: string): AuditTarget => ({
  name: `file ${path}`,
  async newest() {
    const file = await open(path, 'a+', 0o600)
    try {
      return await lastSequence(file)
    } finally {
      await file.close()
    }
  },
  async send(rows) {
    const file = await open(path, 'a', 0o600)
    try {
      await file.writeFile(rows.map(row => `${jsonLine(row)}\n`).join(''))
      await file.sync()
    } finally {
      await file.close()
    }
  },
})

/** Cuts off a line that a crash left half: its row comes again. */
async function lastSequence(file: FileHandle): Promise<number | undefined> {
  const { size } = await file.stat()
  const start = Math.max(0, size - TAIL_BYTES)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(TAIL_BYTES), 0, TAIL_BYTES, start)
  const tail = buffer.subarray(0, bytesRead)
  const end = tail.lastIndexOf('\n') + 1
  if (end < bytesRead) await file.truncate(start + end)
  const line = tail.toString('utf8', 0, end).trimEnd().split('\n').at(-1)
  if (!line) return undefined
  return rowSchema.parse(JSON.parse(line)).sequence
}
