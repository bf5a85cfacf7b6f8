import { z } from 'zod'

/** The hives that every registry begins with, as they are written in full. */
export const REGISTRY_ROOTS = [
  'HKEY_CLASSES_ROOT',
  'HKEY_CURRENT_USER',
  'HKEY_LOCAL_MACHINE',
  'HKEY_USERS',
  'HKEY_CURRENT_CONFIG',
] as const

/** Windows' own limits of a key's name and of how deep keys lie. */
const KEY_NAME_MAX = 255
const KEY_DEPTH_MAX = 512
/** Of a whole path, so that it fits into a message in any script. */
const PATH_MAX = 3_000
/** Windows allows 16,383 characters, and nobody uses them; longer ones are shown cut and are left alone. */
export const VALUE_NAME_MAX = 1_000
/** Of one value. Windows advises against more than a few KiB. */
export const VALUE_DATA_MAX_BYTES = 1024 * 1024
/** Of data that travels within its message; longer data is put first. */
export const INLINE_DATA_MAX_BYTES = 6 * 1024
/** Of a part of what is put: its base64 and what stands around it are one message. */
export const PUT_PART_BYTES = 9 * 1024
/** Of a `.reg` file that is imported or exported. */
export const REG_FILE_MAX_BYTES = 32 * 1024 * 1024
/** Of a value's text in a list. */
export const PREVIEW_MAX = 160
export const JOURNAL_MAX = 2_000
/** Keys or values of one key that can be gone through; the others are found by their names. */
export const REGISTRY_SHOWN_MAX = 1_000_000

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const KEY_NAME = /^[^\\\u0000-\u001f]{1,255}$/

export const isKeyName = (name: string): boolean => name.length <= KEY_NAME_MAX && KEY_NAME.test(name)

/** A key by its full path, `HKEY_CURRENT_USER\Software\Example`: a root, and names without backslashes and control characters. */
export function isRegistryPath(path: string): boolean {
  const [root, ...names] = path.split('\\')
  return (
    path.length <= PATH_MAX &&
    names.length <= KEY_DEPTH_MAX &&
    (REGISTRY_ROOTS as readonly string[]).includes(root ?? '') &&
    names.every(isKeyName)
  )
}

export const parentOf = (path: string): string | null => {
  const end = path.lastIndexOf('\\')
  return end < 0 ? null : path.slice(0, end)
}
export const nameOf = (path: string): string => path.slice(path.lastIndexOf('\\') + 1)
/** Names of keys and values that differ in case only are the same. */
export const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

const path = z.string().max(PATH_MAX).refine(isRegistryPath, 'not a registry key')
const keyName = z.string().refine(isKeyName, 'not a name of a key')
/** Empty: the key's default value. */
const valueName = z
  .string()
  .max(VALUE_NAME_MAX)
  .refine(name => !name.includes('\0'), 'a name without NUL')
const base64 = (maxBytes: number) => z.base64().max(Math.ceil(maxBytes / 3) * 4)
const offset = z.number().int().min(0).max(REG_FILE_MAX_BYTES)
const valueType = z
  .number()
  .int()
  .min(0)
  .max(2 ** 32 - 1)

/** A value's data: within the message, or what was put. */
const data = z.union([
  z.strictObject({ type: valueType, base64: base64(INLINE_DATA_MAX_BYTES) }),
  z.strictObject({ type: valueType, isPut: z.literal(true) }),
])

export const SEARCH_IN = ['keys', 'names', 'data'] as const

/** What is asked of a registry; nothing of it changes anything. */
export const registryQuerySchema = z.discriminatedUnion('ask', [
  /** Names of a key's subkeys, from one on; the roots where there is no path. */
  z.strictObject({ ask: z.literal('keys'), path: path.nullable(), offset }),
  /** A key's values, in the order of their names. */
  z.strictObject({ ask: z.literal('values'), path, offset, filter: z.string().max(200) }),
  z.strictObject({ ask: z.literal('value'), path, name: valueName, offset }),
  /** Begins a search beneath a key; `search-on` goes on with it. */
  z.strictObject({
    ask: z.literal('search'),
    path,
    text: z.string().min(1).max(200),
    in: z.array(z.enum(SEARCH_IN)).min(1).max(SEARCH_IN.length),
  }),
  z.strictObject({ ask: z.literal('search-on') }),
  /** Makes a `.reg` file of a key; `exported` reads on in it. */
  z.strictObject({ ask: z.literal('export'), path }),
  z.strictObject({ ask: z.literal('exported'), offset }),
  /** What was edited in this session, the newest first. */
  z.strictObject({ ask: z.literal('journal'), offset }),
  /** Before and after of an edit, as text. */
  z.strictObject({ ask: z.literal('edit'), edit: z.number().int().min(1), offset }),
  z.strictObject({ ask: z.literal('access'), path }),
  /** What was read before may have changed: everything is read anew. */
  z.strictObject({ ask: z.literal('refresh') }),
])
export type RegistryQuery = z.infer<typeof registryQuerySchema>

/** What may be done to a registry. */
export const registryEditSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('set'), path, name: valueName, data }),
  z.strictObject({ do: z.literal('unset'), path, name: valueName }),
  z.strictObject({ do: z.literal('rename-value'), path, name: valueName.min(1), to: valueName.min(1) }),
  z.strictObject({ do: z.literal('make'), path }),
  z.strictObject({ do: z.literal('rename'), path, to: keyName }),
  z.strictObject({ do: z.literal('delete'), path }),
  /** Lays down a part of a file or of long data, the first one at 0; it changes nothing by itself. */
  z.strictObject({ do: z.literal('put'), offset, base64: base64(PUT_PART_BYTES) }),
  /** Imports the `.reg` file that was put. */
  z.strictObject({ do: z.literal('import') }),
  z.strictObject({ do: z.literal('undo'), edit: z.number().int().min(1) }),
])
export type RegistryEdit = z.infer<typeof registryEditSchema>

const valueRow = z.object({
  name: z.string().max(VALUE_NAME_MAX),
  /** The name is longer than what is shown, and the value can't be edited here. */
  isCut: z.boolean(),
  type: valueType,
  size: z.number().int(),
  preview: z.string().max(PREVIEW_MAX),
})
export type RegistryValueRow = z.infer<typeof valueRow>

const hit = z.object({ path: z.string(), name: z.string().nullable(), preview: z.string().max(PREVIEW_MAX) })
export type RegistryHit = z.infer<typeof hit>

const journalRow = z.object({
  edit: z.number().int(),
  atMs: z.number(),
  operator: z.string().max(120),
  verb: z.string().max(40),
  object: z.string().max(240),
  undoes: z.number().int().nullable(),
  isUndone: z.boolean(),
})
export type RegistryJournalRow = z.infer<typeof journalRow>

export const REGISTRY_RIGHTS = ['read', 'set-values', 'make-keys', 'delete'] as const
const access = z.object({
  /** Who asks: everything here happens as them. */
  user: z.string().max(80),
  rights: z.array(z.enum(REGISTRY_RIGHTS)),
  /** Who owns it and who else may do what, where the system says so; one a line. */
  entries: z.array(z.string().max(200)).max(60),
})
export type RegistryAccess = z.infer<typeof access>

const count = z.number().int().min(0).max(REGISTRY_SHOWN_MAX)
const place = z.number().int().min(0)

/** The answer to a query. `total` is how many there are, from `offset` on are these. */
export const registryAnswerSchema = z.discriminatedUnion('of', [
  z.object({ of: z.literal('keys'), offset: place, total: count, keys: z.array(z.string()) }),
  z.object({ of: z.literal('values'), offset: place, total: count, values: z.array(valueRow) }),
  z.object({ of: z.literal('value'), type: valueType, size: z.number().int(), base64: z.string() }),
  /** `at` is where the search is; it goes on until `isDone`. */
  z.object({ of: z.literal('found'), hits: z.array(hit), at: z.string(), isDone: z.boolean() }),
  z.object({ of: z.literal('text'), text: z.string() }),
  z.object({ of: z.literal('journal'), total: count, rows: z.array(journalRow) }),
  z.object({ of: z.literal('access'), access }),
])
export type RegistryAnswer = z.infer<typeof registryAnswerSchema>
