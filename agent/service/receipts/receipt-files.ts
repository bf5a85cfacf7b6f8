import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { sessionIdSchema } from '#protocol/ids.ts'
import { ed25519PublicJwkSchema } from '#protocol/keys.ts'
import { RECEIPTS_PER_SESSION, receiptDocumentSchema } from '#protocol/trust/receipt.ts'
import { readStateFile, removeStateFile, removeTemporaries, writeStateFile } from '../state/state-file.ts'
import { ChatFiles } from './chat-files.ts'

/** Some 10 MiB at most. */
const SESSIONS_KEPT = 500
const ENDING = '.json'
const NAME = /^\d{14}-(ses_[0-9a-z]{26})\.json$/

/** The document that people can check, and how many of its receipts the relay has acknowledged. */
const keptSchema = receiptDocumentSchema.extend({
  sessionId: sessionIdSchema,
  deviceKey: ed25519PublicJwkSchema,
  startedAtMs: z.number().int().nonnegative(),
  delivered: z.number().int().min(0).max(RECEIPTS_PER_SESSION),
})
export type KeptReceipts = z.infer<typeof keptSchema>

/** `receipts/` of the state folder: one file a session, written as a whole, the newest sessions kept. Calls must follow one another. */
export class ReceiptFiles {
  readonly #folder: string
  /** What was written in these sessions. */
  readonly chats: ChatFiles

  constructor(stateDir: string) {
    this.#folder = join(stateDir, 'receipts')
    this.chats = new ChatFiles(this.#folder)
  }

  async write(kept: KeptReceipts): Promise<void> {
    await writeStateFile(this.#path(kept), JSON.stringify(kept))
  }

  /** For the start, before anything is written. */
  removeUnfinished(): Promise<void> {
    return removeTemporaries(this.#folder)
  }

  /** Oldest first. A file that can't be read is left where it is and isn't in the answer. */
  async all(): Promise<KeptReceipts[]> {
    const found: KeptReceipts[] = []
    for (const name of await this.#names()) {
      const kept = parse(await readStateFile(join(this.#folder, name)))
      if (kept) found.push(kept)
    }
    return found
  }

  /** Makes room for another session. */
  async prune(): Promise<void> {
    const names = await this.#names()
    for (const name of names.slice(0, Math.max(0, names.length - SESSIONS_KEPT)))
      await removeStateFile(join(this.#folder, name))
    await this.chats.prune(new Set(names.slice(-SESSIONS_KEPT).map(name => name.slice(0, -ENDING.length))))
  }

  async #names(): Promise<string[]> {
    const names = await readdir(this.#folder).catch(() => [])
    return names.filter(name => NAME.test(name)).sort()
  }

  #path(kept: KeptReceipts): string {
    return join(this.#folder, `${nameOf(kept)}${ENDING}`)
  }
}

/** What the files of a session are called. The time first: the order of names is the order of sessions. */
export const nameOf = ({ startedAtMs, sessionId }: Pick<KeptReceipts, 'startedAtMs' | 'sessionId'>) =>
  `${String(startedAtMs).padStart(14, '0')}-${sessionId}`

function parse(text: string | undefined): KeptReceipts | undefined {
  try {
    return keptSchema.parse(JSON.parse(text ?? ''))
  } catch {
    return undefined
  }
}
