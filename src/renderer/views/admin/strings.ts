import type { AdminPage } from '../../stores/admin/pages.ts'

export const strings = {
  title: 'Administration',
  pages: {
    people: 'People',
    roles: 'Roles',
    trust: 'Trust',
    groups: 'Groups and settings',
    file: 'Policy file',
    explain: 'Explain access',
    devices: 'Devices',
    enrolment: 'Enrolment',
    sessions: 'Sessions',
    reports: 'Reports',
    audit: 'Audit',
    keys: 'API keys',
    webhooks: 'Webhooks',
  } satisfies Record<AdminPage, string>,
  sections: { people: 'People', devices: 'Devices', activity: 'Activity', programs: 'Programs' },
  goTo: (page: string) => `Administration: ${page}`,
  none: 'You don’t administer anything here. Ask an administrator for a role that does.',
  keysHint: 'Arrow keys move, Enter opens, / searches',
  keysHintSelect: 'Arrow keys move, Enter opens, Space selects, / searches',
  close: 'Close',
  cancel: 'Cancel',
  done: 'Done',
  refresh: 'Refresh the list',
  never: 'Never',
  andMore: ' and more',
  more: 'Load more',
  loadingMore: 'Loading more…',
  copy: 'Copy',
  copied: 'Copied',
  copyByHand: 'Selected: press Ctrl + C',
}

export const stepUpStrings = {
  title: 'Confirm that it is you',
  text: 'This changes who may do what. Your last proof is older than five minutes.',
  password: 'Password',
  code: 'Code of your authenticator app',
  codeHint: 'Six digits',
  submit: 'Confirm',
  busy: 'Checking…',
  noPassword:
    'You sign in with your organisation’s account, so there is no password here. Sign out, sign in again, and repeat this within five minutes.',
}
