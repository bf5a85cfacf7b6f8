import { appendFile, chmod, mkdir, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readStateFile, removeStateFile } from '../state/state-file.ts'
import { type ChatEntry, type ChatLine, entriesIn } from './chat-lines.ts'

const ENDING = '.chat.jsonl'
/** All chats together; a session's is some 4 MB at the very most. */
const ALL_BYTES_MAX = 32 * 1024 * 1024

/** Chats in the folder of the receipts, each beside its session's and by the same name. A line is written when it is said, so that an agent that dies loses none. */
export class ChatFiles {
  readonly #folder: string
  readonly #allBytesMax: number

  constructor(folder: string, allBytesMax = ALL_BYTES_MAX) {
    this.#folder = folder
    this.#allBytesMax = allBytesMax
  }

  async append(name: string, line: ChatLine): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    await chmod(this.#folder, 0o700)
    await appendFile(this.#path(name), `${JSON.stringify(line)}\n`, { mode: 0o600 })
  }

  /** Empty where nobody wrote. */
  async read(name: string): Promise<ChatEntry[]> {
    return entriesIn((await readStateFile(this.#path(name))) ?? '')
  }

  /** A chat goes with its session's receipts, and the oldest go where all of them are too much. `kept`: names of sessions. */
  async prune(kept: ReadonlySet<string>): Promise<void> {
    const files = await readdir(this.#folder).catch(() => [])
    const names = files.filter(file => file.endsWith(ENDING)).map(file => file.slice(0, -ENDING.length))
    let bytes = 0
    for (const name of names.toSorted().toReversed()) {
      if (kept.has(name)) bytes += await this.#sizeOf(name)
      if (!kept.has(name) || bytes > this.#allBytesMax) await removeStateFile(this.#path(name))
    }
  }

  async #sizeOf(name: string): Promise<number> {
    const { size } = await stat(this.#path(name)).catch(() => ({ size: 0 }))
    return size
  }

  #path(name: string): string {
    return join(this.#folder, `${name}${ENDING}`)
  }
}
