import { type FileHandle, open } from 'node:fs/promises'
import type { HeadTarget } from '../domain/audit/copies.ts'

const LINE_MAX_BYTES = 20_000

/** Appends to a file, for a mounted share, a write-once disk or a log shipper. One head a line. */
export const fileTarget = (path: string): HeadTarget => ({
  name: `file ${path}`,
  async send(heads) {
    const file = await open(path, 'a+', 0o600)
    try {
      await dropTornLine(file)
      await file.writeFile(heads.map(head => `${head}\n`).join(''))
      await file.sync()
    } finally {
      await file.close()
    }
  },
})

/** A line that a crash cut off: it was never acknowledged, so it is among those that come now. */
async function dropTornLine(file: FileHandle): Promise<void> {
  const { size } = await file.stat()
  const start = Math.max(0, size - LINE_MAX_BYTES)
  const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(LINE_MAX_BYTES), position: start })
  const end = buffer.subarray(0, bytesRead).lastIndexOf('\n') + 1
  if (end < bytesRead) await file.truncate(start + end)
}
