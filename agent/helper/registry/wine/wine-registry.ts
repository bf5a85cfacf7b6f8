import { userInfo } from 'node:os'
import type { RegistryAccess } from '#protocol/tools/registry.ts'
import { REGISTRY_RIGHTS } from '#protocol/tools/registry.ts'
import type { Clock } from '../../../links/clock.ts'
import { sectionsOf } from '../edits/steps.ts'
import { parseRegFile } from '../reg-file/parse.ts'
import { decodeRegFile, encodeRegFile, writeRegFile } from '../reg-file/write.ts'
import type { Branch, Registry, RegistryKey, Step } from '../registry.ts'
import type { PrefixOwner, RegExe } from './reg-exe.ts'
import { Snapshot } from './snapshot.ts'

/** What one export costs in time it may serve ten times over, within these bounds: who walks down a hive waits for it once. */
const LIFE_MIN_MS = 3_000
const LIFE_MAX_MS = 30_000
const SNAPSHOTS_MAX = 6

interface Kept {
  readonly snapshot: Snapshot
  readonly untilMs: number
}

export interface WineRegistryOptions {
  readonly reg: Pick<RegExe, 'export' | 'import' | 'close'>
  readonly prefix: string
  readonly owner: PrefixOwner
  readonly clock: Clock
}

/**
 * The registry of a Wine prefix, by Wine's own `reg.exe`: it is read by exporting and changed by importing, because what `reg.exe` prints of a value can't be told from what
 * another one holds. What a text holds after a NUL, and the last letter of one that no NUL ends, Wine's export leaves out.
 */
export class WineRegistry implements Registry {
  readonly #options: WineRegistryOptions
  #kept: readonly Kept[] = []
  #cancelExpiry: (() => void) | undefined

  constructor(options: WineRegistryOptions) {
    this.#options = options
  }

  async readKey(path: string): Promise<RegistryKey | undefined> {
    return (await this.#snapshotOf(path))?.key(path)
  }

  async *walk(path: string): AsyncGenerator<RegistryKey> {
    const snapshot = await this.#snapshotOf(path)
    if (snapshot) yield* snapshot.walk(path)
  }

  async readBranch(path: string): Promise<Branch | undefined> {
    return (await this.#snapshotOf(path))?.branch(path)
  }

  async apply(steps: readonly Step[]): Promise<void> {
    try {
      await this.#options.reg.import(encodeRegFile(writeRegFile(sectionsOf(steps))))
    } finally {
      this.refresh()
    }
  }

  /** Wine has no rights within a prefix: whoever may write its files may change everything. */
  async access(path: string): Promise<RegistryAccess> {
    const { prefix, owner } = this.#options
    const isThere = (await this.readKey(path)) !== undefined
    const user = nameOfUser(owner.uid)
    return {
      user,
      rights: isThere ? [...REGISTRY_RIGHTS] : [],
      entries: [`${prefix.slice(-120)} belongs to ${user}, who may change everything in it`],
    }
  }

  refresh(): void {
    this.#kept = []
    this.#cancelExpiry?.()
  }

  close(): void {
    this.refresh()
    this.#options.reg.close()
  }

  async #snapshotOf(path: string): Promise<Snapshot | undefined> {
    const { reg, clock } = this.#options
    const askedMs = clock.monotonicMs()
    const kept = this.#kept.find(({ snapshot, untilMs }) => untilMs > askedMs && snapshot.covers(path))
    if (kept) return kept.snapshot
    const bytes = await reg.export(path)
    if (!bytes) return undefined
    const snapshot = new Snapshot(path, parseRegFile(decodeRegFile(bytes)))
    const nowMs = clock.monotonicMs()
    const lifeMs = Math.min(LIFE_MAX_MS, Math.max(LIFE_MIN_MS, (nowMs - askedMs) * 10))
    this.#kept = [{ snapshot, untilMs: nowMs + lifeMs }, ...this.#kept].slice(0, SNAPSHOTS_MAX)
    this.#cancelExpiry?.()
    // A hive in memory is for whoever looks at it now.
    this.#cancelExpiry = clock.setTimer(() => this.refresh(), LIFE_MAX_MS)
    return snapshot
  }
}

function nameOfUser(uid: number): string {
  const own = userInfo()
  return own.uid === uid ? own.username : `user ${uid}`
}
