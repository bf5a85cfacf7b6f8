import { DEVICE_COUNT_MAX } from '#protocol/records-http.ts'
import type { Tool } from '#protocol/tools/tools.ts'

/** More than these the relay doesn't count one by one. */
export const countText = (total: number): string =>
  total > DEVICE_COUNT_MAX ? `More than ${DEVICE_COUNT_MAX} devices` : `${total} ${total === 1 ? 'device' : 'devices'}`

export const strings = {
  title: 'Devices',
  search: 'Search names, people, tags',
  refresh: 'Refresh the list',
  columns: { status: 'Status', name: 'Name', system: 'System', lastSeen: 'Last seen', action: 'Action' },
  status: { online: 'Online', offline: 'Offline', busy: 'In session' },
  neverSeen: 'Never',
  connect: 'Connect',
  join: 'Join',
  open: 'Open session',
  connectTo: (name: string) => `Connect to ${name}`,
  joinFor: (name: string) => `Join the session with ${name}`,
  openFor: (name: string) => `Open the session with ${name}`,
  loading: 'Loading the devices of your organisation…',
  count: countText,
  keysHint: 'Arrow keys move, Enter connects, / searches',
  noMatchHint: 'Search looks at names, host names, people, systems and tags.',
  all: 'All',
  onlineOnly: 'Online',
  which: 'Which devices',
  noneOnline: 'No device is online',
  noneOnlineHint: 'A request for one that is offline waits up to ten minutes for it to come back.',
  showAll: 'Show all devices',
  emptyTitle: 'No devices yet',
  emptyLead: 'A device appears here as soon as its agent has enrolled. On the device that you want to help:',
  emptySteps: {
    token: 'Ask your administrator for an enrolment token. It is shown once, when it is made.',
    install: 'Install Handhold Agent on the device.',
    run: 'Start it once with the relay’s address and the token:',
    after: 'The device then keeps its own key, and the token is no longer needed.',
  },
  tokenPlaceholder: 'your-token',
  copy: 'Copy',
  copied: 'Copied',
  copyByHand: 'Selected: press Ctrl + C',
}

const TOOL_NAMES: Record<Tool, string> = {
  shell: 'Shell',
  'shell-user': 'the user’s shell',
  processes: 'processes',
  'processes-user': 'the user’s processes',
  services: 'services',
  registry: 'the registry',
}

export const connectStrings = {
  title: (name: string) => `Connect to ${name}`,
  reason: 'Reason',
  reasonHint: 'The person at the device reads this before they decide.',
  reasonHintSkip: 'Stays in the audit and in the device’s own history.',
  reasonPlaceholder: 'For example: help with the printer',
  ticket: 'Ticket',
  optional: 'optional',
  scope: 'You will be able to',
  control: 'See and control',
  controlHint: 'See the screen, use mouse and keyboard',
  view: 'See only',
  viewHint: 'See the screen, nothing else',
  tools: 'Ask for tools too',
  toolsHint: (tools: readonly Tool[]) =>
    `${tools.map(tool => TOOL_NAMES[tool]).join(', ')}. The person is asked about them.`,
  skip: 'Tell the person, don’t ask them',
  skipHint:
    'They see your name at once and can end it. A device that doesn’t allow this asks them all the same. The audit says so.',
  offline: 'This device is offline. The request waits up to 10 minutes for it to come back.',
  busy: 'Somebody is in a session with this device. The person there is asked whether you may join; mouse and keyboard stay with whoever is there until they hand them over.',
  joinTitle: (name: string) => `Join the session with ${name}`,
  join: 'Ask to join',
  gone: 'This device is no longer in your organisation.',
  submit: 'Ask to connect',
  submitSkip: 'Connect without asking',
  submitting: 'Asking…',
  cancel: 'Cancel',
}
