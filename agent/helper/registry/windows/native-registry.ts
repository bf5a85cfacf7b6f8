import { userInfo } from 'node:os'
import { setImmediate } from 'node:timers/promises'
import type * as NativeReg from 'native-reg'
import { HandholdError } from '#protocol/errors.ts'
import { nameOf, parentOf, type REGISTRY_RIGHTS, type RegistryAccess } from '#protocol/tools/registry.ts'
import {
  BRANCH_MAX_BYTES,
  BRANCH_MAX_KEYS,
  type Branch,
  type Registry,
  type RegistryKey,
  type RegistryValue,
  type Step,
  sizeOf,
  tooLarge,
} from '../registry.ts'
import { readAccess } from './key-access.ts'

export type NativeRegModule = typeof NativeReg
type Handle = NativeReg.HKEY

const HIVES: Readonly<Record<string, number>> = {
  HKEY_CLASSES_ROOT: 0x80000000,
  HKEY_CURRENT_USER: 0x80000001,
  HKEY_LOCAL_MACHINE: 0x80000002,
  HKEY_USERS: 0x80000003,
  HKEY_CURRENT_CONFIG: 0x80000005,
}
/** Of the 64-bit view, whatever this program is. */
const VIEW_64 = 0x0100
const READ = 0x20019
const WRITE = 0x20006
const DELETE = 0x10000
const RIGHTS: readonly [right: (typeof REGISTRY_RIGHTS)[number], access: number][] = [
  ['read', READ],
  ['set-values', 0x0002],
  ['make-keys', 0x0004],
  ['delete', DELETE],
]

/** The registry of Windows, in this process. Keys that may not be read are left out of walks; everything else that Windows refuses is `forbidden`. */
export class NativeRegistry implements Registry {
  readonly #reg: NativeRegModule

  constructor(reg: NativeRegModule) {
    this.#reg = reg
  }

  async readKey(path: string): Promise<RegistryKey | undefined> {
    return this.#with(path, READ, handle => this.#read(path, handle))
  }

  async *walk(path: string): AsyncGenerator<RegistryKey> {
    const waiting = [path]
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      // Other commands have their turn in between.
      await setImmediate()
      const key = await this.readKey(at).catch(thrown => {
        if (at === path) throw thrown
        return undefined
      })
      if (!key) continue
      yield key
      for (const name of key.subkeys.toReversed()) waiting.push(`${at}\\${name}`)
    }
  }

  async readBranch(path: string): Promise<Branch | undefined> {
    const keys: RegistryKey[] = []
    let bytes = 0
    const waiting = [path]
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      // What may not be read couldn't be put back: here it is a refusal.
      const key = await this.readKey(at)
      if (!key) continue
      keys.push(key)
      bytes += sizeOf(key)
      if (keys.length > BRANCH_MAX_KEYS || bytes > BRANCH_MAX_BYTES) throw tooLarge()
      for (const name of key.subkeys.toReversed()) waiting.push(`${at}\\${name}`)
    }
    const [first, ...rest] = keys
    return first ? [first, ...rest] : undefined
  }

  async apply(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      if (step.do === 'value') this.#setValue(step)
      else if (step.do === 'make') for (const key of step.branch) this.#make(key)
      else this.#delete(step.branch[0].path)
    }
  }

  async access(path: string): Promise<RegistryAccess> {
    const rights = RIGHTS.filter(([, access]) => {
      try {
        return this.#with(path, access, () => true) ?? false
      } catch {
        return false
      }
    }).map(([right]) => right)
    return { user: userInfo().username.slice(0, 80), rights, entries: await readAccess(path) }
  }

  refresh(): void {
    // Nothing is kept between two reads.
  }

  close(): void {
    // Every handle is closed by whoever opened it.
  }

  #read(path: string, handle: Handle): RegistryKey {
    const values: RegistryValue[] = []
    for (const name of this.#reg.enumValueNames(handle)) {
      const value = this.#reg.queryValueRaw(handle, name)
      // A plain array of bytes: Node's own writes itself into JSON.
      if (value) values.push({ name, type: value.type, bytes: Uint8Array.from(value) })
    }
    return { path, values, subkeys: this.#reg.enumKeyNames(handle) }
  }

  #setValue({ path, name, after }: Extract<Step, { do: 'value' }>): void {
    const isDone = this.#with(path, WRITE, handle => {
      if (after) this.#reg.setValueRaw(handle, name, after.type, Buffer.from(after.bytes))
      else this.#reg.deleteValue(handle, name)
      return true
    })
    if (!isDone) throw new HandholdError('registry-changed', 'The key is gone. Nothing was done.')
  }

  #make({ path, values }: RegistryKey): void {
    const [hive, beneath] = split(path)
    const handle = attempt(() => this.#reg.createKey(hive, beneath, READ | WRITE | VIEW_64))
    try {
      for (const { name, type, bytes } of values)
        attempt(() => this.#reg.setValueRaw(handle, name, type, Buffer.from(bytes)))
    } finally {
      this.#reg.closeKey(handle)
    }
  }

  #delete(path: string): void {
    this.#with(parentOf(path) ?? path, READ | WRITE | DELETE, parent => this.#reg.deleteTree(parent, nameOf(path)))
  }

  /** Undefined where there is no such key. */
  #with<T>(path: string, access: number, run: (handle: Handle) => T): T | undefined {
    const [hive, beneath] = split(path)
    const handle = attempt(() => this.#reg.openKey(hive, beneath, access | VIEW_64))
    if (handle === null) return undefined
    try {
      return attempt(() => run(handle))
    } finally {
      this.#reg.closeKey(handle)
    }
  }
}

function split(path: string): [hive: Handle, beneath: string] {
  const [root = '', ...names] = path.split('\\')
  return [(HIVES[root] ?? 0) as Handle, names.join('\\')]
}

function attempt<T>(run: () => T): T {
  try {
    return run()
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split('\n')[0]?.trim().slice(0, 120) : ''
    throw new HandholdError('forbidden', `Windows refused it: ${why || 'it didn’t say why'}`, { cause })
  }
}
