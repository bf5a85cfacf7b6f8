import type { ApiScope } from '#protocol/api-scopes.ts'

export const SCOPE_WORDS: Readonly<Record<ApiScope, string>> = {
  'devices:read': 'Read devices, groups and decisions',
  'devices:write': 'Move, quarantine and delete devices',
  'sessions:read': 'Read sessions',
  'sessions:write': 'Start and end sessions',
  'audit:read': 'Read the audit',
  'people:read': 'Read the list of people',
}

export const strings = {
  title: 'API keys',
  search: 'Search by name or person',
  loading: 'Loading the API keys…',
  count: (shown: number, total: number) =>
    shown === total ? `${total} ${total === 1 ? 'key' : 'keys'}` : `${shown} of ${total} keys`,
  columns: { name: 'Name', key: 'Key', may: 'May', by: 'Made by', used: 'Last used', until: 'Valid until' },
  emptyTitle: 'No API key yet',
  emptyHint: 'A key lets a program use the relay’s API. It never reaches credentials, roles or keys.',
  create: 'New key…',
  createTitle: 'New API key',
  name: 'Name',
  nameHint: 'For example: Ticket system',
  scopes: 'May',
  days: 'Valid for days',
  submit: 'Make the key',
  busy: 'Making the key…',
  madeTitle: (name: string) => `The key “${name}”`,
  warning: 'Shown only now. Keep it where the program keeps its secrets.',
  use: 'A program sends it as',
  made: 'Made',
  revoke: 'Revoke…',
  revocation: (name: string) => ({
    title: `Revoke the key “${name}”?`,
    text: 'Programs that use it are refused at once.',
    submit: 'Revoke',
    busy: 'Revoking…',
  }),
}
