import type { CertifiedApp } from '#ipc/admin/trust.ts'

export const strings = {
  title: 'Trust',
  search: 'Search people, computers',
  loading: 'Loading the organisation’s key and certificates…',
  count: (shown: number, total: number) => (shown === total ? `${total} apps` : `${shown} of ${total} apps`),
  emptyTitle: 'Nobody’s app is known yet',
  emptyHint: 'An app makes its key known when its person signs in.',
  columns: { person: 'Person', computer: 'Computer', state: 'Certificate', may: 'May ask for', until: 'Until' },
  states: {
    none: 'Not certified',
    valid: 'Certified',
    expired: 'Run out',
    revoked: 'Revoked',
    invalid: 'Not by this key',
  } satisfies Record<CertifiedApp['state'], string>,
  thisApp: 'this app',
  screenOnly: 'Screen, mouse and keyboard',
  withTools: 'Everything, tools included',
  withUnattended: 'also with nobody at the device',
  key: 'Organisation key',
  notHere: 'Its private half is in another app.',
  notBackedUp: 'Not backed up. If this computer is lost, the key is lost with it.',
  backedUp: 'Backed up',
  strictOn: 'Only certified operators come in',
  strictOff: 'Everybody comes in whom the policy allows',
  strictUnknown: 'Nobody knows whether this key wanted certified operators only. Say it now.',
  validUntil: 'Devices believe this until',
  overdue: 'Devices take no session until this is renewed.',
  turnOn: 'Take certified operators only…',
  turnOff: 'Let everybody in…',
  renew: 'Renew…',
  restore: 'Restore it here…',
  more: 'Key',
  phrase: 'Recovery phrase…',
  backup: 'Save a backup…',
  configuration: 'For managed devices…',
  handOver: 'Hand over to a new key…',
  forget: 'The key is lost…',
  certify: 'Certify…',
  renewCertificate: 'Renew certificate…',
  revoke: 'Revoke…',
  registered: 'First seen',
}

export const questions = {
  turnOn: {
    title: 'Take certified operators only?',
    text: 'From now on every device of the organisation refuses operators whose app isn’t certified here, whatever the relay says. Only this key can take that back.',
    submit: 'Take certified operators only',
    busy: 'Signing…',
  },
  turnOff: {
    title: 'Let everybody in whom the policy allows?',
    text: 'Devices believe the relay again about who may come in.',
    submit: 'Let everybody in',
    busy: 'Signing…',
  },
  renew: {
    title: 'Renew what devices believe?',
    text: 'Says the newest order anew: it then lasts 30 days. A device that hears nothing for so long takes no session, so that nobody can keep a revocation from it for longer.',
    submit: 'Renew',
    busy: 'Signing…',
  },
  handOver: {
    title: 'Hand over to a new key?',
    text: 'Makes a new key in this app. The present one signs it, so that devices follow, and everybody who is certified now is certified anew. Save a backup of the new key afterwards: the old one is worth nothing then.',
    submit: 'Hand over',
    busy: 'Making the new key…',
  },
  forget: {
    title: 'Forget the organisation’s key?',
    text: 'Only when no backup and no recovery phrase is left. Relay and app forget the key. Each device goes on expecting it, and lets nobody in, until its administrator runs “handhold-agent organisation-key reset” there or its managed configuration names a new key.',
    submit: 'Forget the key',
    busy: 'Forgetting…',
  },
  revoke: (name: string) => ({
    title: `Revoke every certificate of ${name}?`,
    text: 'Devices that are connected end this person’s sessions at once. One that is kept from hearing it takes no session at all once its last order has run out.',
    submit: 'Revoke',
    busy: 'Signing…',
  }),
}

export const noKey = {
  title: 'The organisation has no key yet',
  text: 'With one, a device lets nobody in but operators whom the key certified, so that even a stolen relay can’t open a session. The key is made in this app and never given to the relay.',
  make: 'Make the organisation’s key',
  restore: 'Restore one…',
  making: 'Making…',
}

export const certify = {
  title: (name: string, computer: string) => `Certify ${name} on ${computer}`,
  words: 'The eight words',
  wordsHint:
    'Call the person. They read them from “Keys” in the menu of their name. The relay could show a wrong key; their screen doesn’t.',
  days: 'For how many days',
  tools: 'May ask for administrative tools',
  unattended: 'May ask for sessions with nobody at the device',
  submit: 'Certify',
  busy: 'Signing…',
}

export const phrase = {
  title: 'Recovery phrase',
  warning: 'Whoever has these 24 words has the organisation’s key. Print them, lock them away, show them to nobody.',
  print: 'Print',
  heading: (organisation: string) => `Handhold: recovery phrase of the organisation key of ${organisation}`,
}

export const backup = {
  title: 'Save a backup of the organisation’s key',
  text: 'The file is encrypted with the passphrase. Without it the file is worth nothing, to you too.',
  passphrase: 'Passphrase',
  passphraseHint: 'At least 12 characters',
  again: 'Once more',
  differ: 'The two differ.',
  submit: 'Save',
  busy: 'Encrypting…',
}

export const restore = {
  title: 'Restore the organisation’s key',
  from: 'From',
  fromPhrase: 'Recovery phrase',
  fromBackup: 'Backup file',
  phrase: 'The 24 words',
  file: 'File',
  passphrase: 'Passphrase',
  submit: 'Restore',
  busy: 'Checking…',
}

export const configuration = {
  title: 'For managed devices',
  warning:
    'Set this as organisationKey in the managed configuration: then a device takes the key from you and not from the relay.',
}
