import { HandholdError } from '#protocol/errors.ts'
import type { RegistryAccess } from '#protocol/tools/registry.ts'

/** What a value holds. `type` is Windows' number; any number is one. */
export interface ValueData {
  readonly type: number
  readonly bytes: Uint8Array
}

export interface RegistryValue extends ValueData {
  /** Empty: the key's default value. */
  readonly name: string
}

export interface RegistryKey {
  /** In full, `HKEY_CURRENT_USER\Software`. */
  readonly path: string
  readonly values: readonly RegistryValue[]
  /** Names, not paths. */
  readonly subkeys: readonly string[]
}

/** A key and all beneath it, each before what is beneath it; the first is the key itself. */
export type Branch = readonly [RegistryKey, ...RegistryKey[]]

/** One change, with what it takes to go back. */
export type Step =
  | {
      readonly do: 'value'
      readonly path: string
      readonly name: string
      readonly before: ValueData | null
      readonly after: ValueData | null
    }
  | { readonly do: 'make'; readonly branch: Branch }
  | { readonly do: 'delete'; readonly branch: Branch }

/** A device's registry. Names are compared without their case; paths and names that come in are well-formed. */
export interface Registry {
  /** Undefined: there is no such key. Rejects with `tool-unavailable` or `forbidden`. */
  readKey(path: string): Promise<RegistryKey | undefined>
  /** Every key from this one down, each before its subkeys; nothing where there is none. Keys that may not be read are left out. */
  walk(path: string): AsyncGenerator<RegistryKey>
  /** The whole branch, at one moment where the system can do that. Rejects with `registry-too-large`, and with `registry-unreadable` where a part of it can't be kept. */
  readBranch(path: string): Promise<Branch | undefined>
  /** Does them in order. Where it rejects, some may be done. */
  apply(steps: readonly Step[]): Promise<void>
  access(path: string): Promise<RegistryAccess>
  /** What is read from now on is what is there now. */
  refresh(): void
  /** Ends what was started for it. Idempotent. */
  close(): void
}

/** Of a branch that is deleted, renamed or exported: more couldn't be kept for going back. */
export const BRANCH_MAX_KEYS = 50_000
export const BRANCH_MAX_BYTES = 16 * 1024 * 1024

export const tooLarge = () =>
  new HandholdError(
    'registry-too-large',
    'This key holds too much to be kept for undoing, so nothing was done. Take a smaller one beneath it.',
  )

export const sizeOf = ({ path, values }: RegistryKey): number =>
  values.reduce((sum, { name, bytes }) => sum + name.length * 2 + bytes.length + 16, path.length * 2)
