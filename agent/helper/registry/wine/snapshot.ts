import { HandholdError } from '#protocol/errors.ts'
import { nameOf, parentOf } from '#protocol/tools/registry.ts'
import type { RegFile } from '../reg-file/parse.ts'
import { BRANCH_MAX_BYTES, BRANCH_MAX_KEYS, type Branch, type RegistryKey, sizeOf, tooLarge } from '../registry.ts'

interface Node {
  readonly key: RegistryKey
  readonly subkeys: string[]
}

/** What an export said of a key and all beneath it. */
export class Snapshot {
  readonly path: string
  readonly #nodes = new Map<string, Node>()
  readonly #isWhole: boolean

  constructor(path: string, file: RegFile) {
    this.path = path
    this.#isWhole = file.problems.length === 0
    const root = path.toLowerCase()
    for (const { path: at, values, isDeleted } of file.sections) {
      const id = at.toLowerCase()
      const parent = this.#nodes.get((parentOf(at) ?? '').toLowerCase())
      // Whoever writes names of keys into a registry can't make other keys out of them.
      if (isDeleted || this.#nodes.has(id) || (id !== root && !parent)) continue
      const subkeys: string[] = []
      const known = values.flatMap(({ name, data }) => (data ? [{ name, ...data }] : []))
      this.#nodes.set(id, { key: { path: at, values: known, subkeys }, subkeys })
      parent?.subkeys.push(nameOf(at))
    }
  }

  covers(path: string): boolean {
    const [own, asked] = [this.path.toLowerCase(), path.toLowerCase()]
    return asked === own || asked.startsWith(`${own}\\`)
  }

  key(path: string): RegistryKey | undefined {
    return this.#nodes.get(path.toLowerCase())?.key
  }

  *walk(path: string): Generator<RegistryKey> {
    const waiting = [path]
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      const key = this.key(at)
      if (!key) continue
      yield key
      for (const name of key.subkeys.toReversed()) waiting.push(`${key.path}\\${name}`)
    }
  }

  /** Throws `registry-unreadable` where the export had lines that mean nothing: what can't be read couldn't be put back. */
  branch(path: string): Branch | undefined {
    if (!this.#isWhole && this.key(path))
      throw new HandholdError(
        'registry-unreadable',
        'A part of this key can’t be read, so it couldn’t be put back, and nothing was done.',
      )
    const keys: RegistryKey[] = []
    let bytes = 0
    for (const key of this.walk(path)) {
      keys.push(key)
      bytes += sizeOf(key)
      if (keys.length > BRANCH_MAX_KEYS || bytes > BRANCH_MAX_BYTES) throw tooLarge()
    }
    const [first, ...rest] = keys
    return first ? [first, ...rest] : undefined
  }
}
