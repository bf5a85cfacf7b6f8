import type { Capability } from '#protocol/policy/capabilities.ts'

/** Each right in words. */
export const CAPABILITY_WORDS: Readonly<Record<Capability, string>> = {
  view: 'See the screen',
  control: 'Use mouse and keyboard',
  annotate: 'Draw on the screen',
  chat: 'Chat',
  record: 'Record the session',
  'clipboard-in': 'Clipboard: paste to the device',
  'clipboard-out': 'Clipboard: copy from the device',
  'files-in': 'Files: send to the device',
  'files-out': 'Files: fetch from the device',
  shell: 'Command line, as the system',
  'shell-user': 'Command line, as the person',
  processes: 'Processes, as the system',
  'processes-user': 'Processes, as the person',
  services: 'Services',
  registry: 'Registry',
  restart: 'Restart the device',
  unattended: 'Sessions with nobody there',
  'skip-consent': 'Sessions without asking',
  'manage-devices': 'Devices: enrol, move, quarantine, delete',
  'manage-policy': 'Groups, settings and roles',
  'read-audit': 'Read the audit',
}

/** The rights by what they are about, in the order in which an editor shows them. */
export const CAPABILITY_SECTIONS: readonly { readonly title: string; readonly capabilities: readonly Capability[] }[] =
  [
    { title: 'Screen', capabilities: ['view', 'control', 'chat'] },
    { title: 'Tools', capabilities: ['shell-user', 'shell', 'processes-user', 'processes', 'services', 'registry'] },
    { title: 'Without the person', capabilities: ['unattended', 'skip-consent'] },
    { title: 'Administration', capabilities: ['manage-devices', 'manage-policy', 'read-audit'] },
    {
      title: 'For later: sessions don’t have these yet',
      capabilities: ['annotate', 'record', 'clipboard-in', 'clipboard-out', 'files-in', 'files-out', 'restart'],
    },
  ]
