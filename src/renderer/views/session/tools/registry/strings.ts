import type { REGISTRY_RIGHTS, SEARCH_IN } from '#protocol/tools/registry.ts'

type Right = (typeof REGISTRY_RIGHTS)[number]

export const registryStrings = {
  tree: 'Keys',
  values: 'Values',
  valueKeys: 'Arrow keys move, Enter edits, F2 renames, Delete deletes.',
  open: (name: string) => `Open ${name}`,
  shut: (name: string) => `Shut ${name}`,
  path: 'Key',
  pathWrong: 'That is no key. Write it in full: HKEY_CURRENT_USER\\Software',
  go: 'Go',
  filter: 'Find in this key',
  default: '(default)',
  reading: 'Reading the registry…',
  noKey: 'Choose a key.',
  noValues: 'This key has no values. New adds one.',
  noMatch: 'No value of this key matches.',
  count: (count: number) => `${count.toLocaleString()} ${count === 1 ? 'value' : 'values'}`,
  columns: { name: 'Name', type: 'Type', data: 'Data', size: 'Bytes' },
  new: 'New',
  kinds: {
    key: 'Key',
    string: 'String',
    expandable: 'Expandable string',
    multi: 'Several strings',
    dword: 'Number, 32 bits',
    qword: 'Number, 64 bits',
    binary: 'Bytes',
  },
  edit: 'Edit',
  rename: 'Rename',
  delete: 'Delete',
  import: 'Import…',
  export: 'Export…',
  search: 'Search…',
  journal: 'Journal…',
  favourites: 'Favourites',
  addFavourite: 'Keep this key',
  dropFavourite: 'Drop this key',
  noFavourites: 'None yet',
  refresh: 'Read anew',
  cancel: 'Cancel',
  close: 'Close',
  done: 'Done. The journal can undo it.',
  exported: (name: string) => `Saved as ${name}.`,
  exporting: (count: number) => `Exporting: ${Math.round(count / 1024)} KiB…`,
  rights: (user: string, rights: readonly Right[]) =>
    rights.length === 0
      ? `${user} may do nothing here`
      : `${user} may ${rights.map(right => RIGHTS[right]).join(', ')}`,
} as const

export const accessStrings = {
  title: 'Permissions of this key',
  hint: 'Who may do what with this key',
  unsaid: 'The device doesn’t say who else may do what.',
} as const

const RIGHTS: Record<Right, string> = {
  read: 'read',
  'set-values': 'change values',
  'make-keys': 'make keys',
  delete: 'delete',
}

/** What a new value may be. */
export type ValueKind = Exclude<keyof (typeof registryStrings)['kinds'], 'key'>

export const valueStrings = {
  edit: (name: string) => `Edit ${name}`,
  add: (kind: string) => `New: ${kind}`,
  name: 'Name',
  nameHint: 'Empty: the key’s default value',
  text: 'Text',
  lines: 'One text a line',
  number: 'Number',
  base: 'Base',
  decimal: 'Decimal',
  hexadecimal: 'Hexadecimal',
  bytes: 'Bytes, in hexadecimal',
  bytesHint: (count: number) => `${count} bytes`,
  odd: 'It isn’t well-formed for its type, so it is shown as the bytes that it is.',
  wrongNumber: (bits: number) => `That is no number of ${bits} bits.`,
  wrongBytes: 'Write two digits of 0–9 and a–f for each byte.',
  wrongLines: 'A list can’t hold an empty text.',
  reading: 'Reading the value…',
  save: 'Save',
  saving: 'Saving…',
} as const

export const keyStrings = {
  make: (path: string) => `New key in ${path}`,
  renameKey: (name: string) => `Rename the key ${name}`,
  renameValue: (name: string) => `Rename the value ${name}`,
  name: 'Name',
  wrongName: 'A name has 1 to 255 characters and no backslash.',
  submit: { make: 'Make', rename: 'Rename' },
  busy: 'Working…',
  deleteKey: (name: string) => `Delete the key ${name}?`,
  deleteKeyText: 'With all its values and all keys beneath it. Programs that need them may fail.',
  deleteValue: (name: string) => `Delete the value ${name}?`,
  deleteValueText: 'A program that needs it may fail.',
  delete: (name: string) => `Delete ${name}`,
  importTitle: (file: string) => `Import ${file}?`,
  importText: 'What stands in it is made, changed and deleted in this device’s registry. The journal can undo it.',
  importSubmit: 'Import',
  large: 'The file is longer than 32 MiB.',
} as const

export const searchStrings = {
  title: (path: string) => `Search beneath ${path}`,
  text: 'Text',
  places: { keys: 'Names of keys', names: 'Names of values', data: 'Data' } satisfies Record<
    (typeof SEARCH_IN)[number],
    string
  >,
  submit: 'Search',
  stop: 'Stop',
  at: (path: string) => `Looking in ${path}`,
  done: (count: number) => (count === 0 ? 'Nothing was found.' : `${count} found.`),
  more: (count: number) => `${count} found. Search more narrowly to see the others.`,
  keys: 'Enter goes there.',
  key: 'Key',
  value: 'Value',
} as const

export const journalStrings = {
  title: 'What was edited in this session',
  none: 'Nothing yet.',
  reading: 'Reading the journal…',
  undo: 'Undo',
  undone: 'undone',
  undoes: (edit: number) => `undoes ${edit}`,
  show: 'Before and after',
  kept: 'Kept on the device; each edit is in the audit.',
  verbs: {
    'registry-set': 'Set',
    'registry-unset': 'Deleted value',
    'registry-rename-value': 'Renamed value',
    'registry-make-key': 'Made key',
    'registry-rename-key': 'Renamed key',
    'registry-delete-key': 'Deleted key',
    'registry-import': 'Imported',
    'registry-undo': 'Undid',
  } as Readonly<Record<string, string>>,
} as const
