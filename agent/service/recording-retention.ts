import { lstat, readdir, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../links/clock.ts'
import type { Logger } from './log.ts'

const DAY_MS = 24 * 60 * 60_000
const KEPT = /\.(cast|jsonl)$/

export interface RecordingRetentionOptions {
  /** With a folder for each level and user, as the helpers get them. */
  readonly folder: string
  readonly clock: Clock
  readonly log: Logger
}

/** Deletes recordings of terminals and journals of registries that are older than the organisation keeps them: at each welcome and once a day. */
export class RecordingRetention {
  readonly #options: RecordingRetentionOptions
  #cancelTimer: (() => void) | undefined
  #days: number | null = null
  #isStopped = false

  constructor(options: RecordingRetentionOptions) {
    this.#options = options
  }

  /** Null keeps them. */
  handleWelcome(days: number | null): void {
    this.#days = days
    this.#cancelTimer?.()
    void this.#run()
  }

  /** Idempotent. */
  stop(): void {
    this.#isStopped = true
    this.#cancelTimer?.()
  }

  async #run(): Promise<void> {
    const { folder, clock, log } = this.#options
    if (this.#isStopped || this.#days === null) return
    try {
      const deleted = await deleteOlder(folder, clock.wallMs() - this.#days * DAY_MS)
      if (deleted > 0) log.info({ deleted, days: this.#days }, 'recordings were too old and are deleted')
    } catch (thrown) {
      log.warn({ problem: String(thrown) }, 'recordings that are too old could not be deleted')
    }
    this.#cancelTimer?.()
    if (!this.#isStopped) this.#cancelTimer = clock.setTimer(() => void this.#run(), DAY_MS)
  }
}

/** By when they were last written, so that one that runs stays. A link goes, never what it leads to. */
async function deleteOlder(folder: string, beforeMs: number): Promise<number> {
  let deleted = 0
  for (const level of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    if (!level.isDirectory()) continue
    for (const name of await readdir(join(folder, level.name))) {
      const path = join(folder, level.name, name)
      if (!KEPT.test(name) || (await lstat(path)).mtimeMs >= beforeMs) continue
      await unlink(path)
      deleted++
    }
  }
  return deleted
}
