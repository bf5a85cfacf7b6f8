import { mkdir, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { ReceiptDocument } from '#protocol/trust/receipt.ts'

/** Writes the document into the person's own folder `Handhold` and returns its path. Saving it again replaces it. */
export async function saveReceipt(document: ReceiptDocument, home = homedir()): Promise<string> {
  const folder = join(home, 'Handhold')
  await mkdir(folder, { recursive: true })
  // The session's id is the only part of a name that no stranger chose.
  const path = join(folder, `receipt-${document.sessionId}.json`)
  await writeFile(path, `${JSON.stringify(document, null, 2)}\n`, { mode: 0o600 })
  return path
}
