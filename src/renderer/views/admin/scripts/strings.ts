import type { RunResult } from '#protocol/scripts/run-result.ts'
import type { RunState } from '#protocol/scripts/runs-http.ts'
import type { ScriptParameter } from '#protocol/scripts/script.ts'

export const TOOL_WORDS = { shell: 'The system, with every right', 'shell-user': 'The desktop’s user' } as const
export const KIND_WORDS: Readonly<Record<ScriptParameter['kind']['type'], string>> = {
  text: 'Text',
  number: 'Number',
  choice: 'One of a list',
}

export const libraryStrings = {
  title: 'Scripts',
  search: 'Search by name or text',
  loading: 'Loading the scripts…',
  count: (shown: number, total: number) =>
    shown === total ? `${total} ${total === 1 ? 'script' : 'scripts'}` : `${shown} of ${total} scripts`,
  columns: {
    name: 'Name',
    version: 'Version',
    runsAs: 'Runs as',
    state: 'State',
    author: 'Written by',
    made: 'Written',
    digest: 'SHA-256',
  },
  emptyTitle: 'No script yet',
  emptyHint:
    'One administrator writes a script, another one reads and approves it. Then it runs in sessions and on devices.',
  emptyHintOperator:
    'Administrators write scripts and approve each other’s. Those that your roles let you run show here.',
  create: 'New script…',
  createTitle: 'New script',
  versionTitle: (name: string) => `New version of “${name}”`,
  name: 'Name',
  nameHint: 'For example: Restart the print queue',
  description: 'What it does',
  runsAs: 'Runs as',
  program: 'Program',
  role: 'Who may run it',
  anyRole: 'Whoever has the right to its shell',
  goneRole: 'A role that was deleted: nobody',
  text: 'Script',
  textHint: 'Values come as environment variables: "$PRINTER". They never become a part of the script.',
  submit: 'Save for approval',
  busy: 'Saving…',
  approved: 'Approved',
  waiting: 'Waits for approval',
  approvedBy: 'Approved by',
  nobody: 'Nobody yet',
  approve: 'Approve',
  approving: 'Approving…',
  ownNote: 'Somebody else than its author has to approve it.',
  readFirst: 'Read it first: whoever may run scripts runs exactly this on every device that they reach.',
  newVersion: 'New version…',
  run: 'Run on devices…',
  remove: 'Delete…',
  removal: (name: string) => ({
    title: `Delete the script “${name}”?`,
    text: 'Nobody can run it any more. What it did stays in the audit, and its runs in their list.',
    submit: 'Delete',
    busy: 'Deleting…',
  }),
  parameters: 'Parameters',
  noParameters: 'None',
  addParameter: 'Add a parameter',
  removeParameter: (name: string) => `Remove ${name || 'this parameter'}`,
  parameterName: 'Variable',
  parameterLabel: 'Words for it',
  parameterKind: 'Kind',
  choices: 'Choices, one a line',
  atLeast: 'At least',
  atMost: 'At most',
  length: 'Longest',
}

export const runStrings = {
  title: (name: string) => `Run “${name}” on devices`,
  values: 'Values',
  devices: 'Devices',
  group: 'Group',
  allGroups: 'All groups',
  find: 'Find devices',
  chosen: (count: number) => (count === 1 ? '1 device chosen' : `${count} devices chosen`),
  chooseShown: 'Choose all shown',
  clear: 'Clear',
  none: 'No device fits.',
  loading: 'Loading the devices…',
  offline: 'offline',
  reason: 'Reason',
  reasonHint: 'Stands in the audit, and is read by whoever has to agree or is asked at the device.',
  timeLimit: 'Time limit in seconds',
  wait: 'Wait for devices that are offline',
  waits: { '3600000': 'One hour', '86400000': 'One day', '604800000': 'One week' },
  submit: (count: number) => (count === 1 ? 'Run on 1 device' : `Run on ${count} devices`),
  busy: 'Starting…',
  tooMany: (max: number) => `At most ${max} devices at a time.`,
  cancel: 'Cancel',
}

export const runsStrings = {
  title: 'Script runs',
  search: 'Search by script or person',
  loading: 'Loading the runs…',
  count: (shown: number, total: number) =>
    shown === total ? `${total} ${total === 1 ? 'run' : 'runs'}` : `${shown} of ${total} runs`,
  columns: { script: 'Script', by: 'Started by', at: 'Started', state: 'State', devices: 'Devices' },
  emptyTitle: 'No run yet',
  emptyHint: 'Open an approved script and run it on devices. What becomes of it on each of them shows here.',
  live: 'Running',
  over: 'Over',
  back: 'All runs',
  cancel: 'Cancel the run…',
  cancellation: (name: string) => ({
    title: `Cancel “${name}”?`,
    text: 'Devices that wait won’t run it; those that run it stop now, wherever the script is.',
    submit: 'Cancel the run',
    busy: 'Cancelling…',
  }),
  again: (count: number) => (count === 1 ? 'Run again on 1 device…' : `Run again on ${count} devices…`),
  save: 'Save as CSV…',
  saved: (name: string) => `Saved as ${name}`,
  table: { device: 'Device', state: 'State', code: 'Exit code', duration: 'Took', output: 'Output', ended: 'Ended' },
  searchDevices: 'Search by device or state',
  deviceCount: (shown: number, total: number) =>
    shown === total ? `${total} devices` : `${shown} of ${total} devices`,
  bytes: (bytes: number, isCut: boolean) =>
    `${bytes < 1024 ? `${bytes} B` : `${Math.round(bytes / 1024)} KiB`}${isCut ? ', cut' : ''}`,
  output: 'Output',
  outputLoading: 'Opening what it printed…',
  outputNone: 'It printed nothing.',
  outputCut: 'It printed more: only the first 256 KiB are kept.',
  outputLive: 'As it comes. The device signs for it at the end.',
  outputNothingYet: 'Nothing yet.',
  why: 'Why',
  how: 'It ended',
  values: 'Values',
  by: (name: string, reason: string) => `Started by ${name}: ${reason}`,
  approvedBy: 'Agreed to by',
  wants: (name: string, devices: number) =>
    `${name} wants to run this on ${devices === 1 ? '1 device' : `${devices} devices`} where it takes a second person.`,
  answerHint:
    'Agree only if you know why it is needed and what it does: your first answer counts, and the audit names you.',
  agree: 'Agree',
  refuse: 'Refuse',
  waits: 'Waits for your agreement',
  reason: 'Reason',
  until: 'Waits until',
}

export const END_WORDS: Readonly<Record<RunResult['how'], string>> = {
  exited: 'By itself',
  'time-limit': 'At its time limit',
  stopped: 'Because it was stopped',
  failed: 'Because of a problem on the device',
}

export const STATE_WORDS: Readonly<Record<RunState | 'offline', string>> = {
  awaiting: 'Awaiting approval',
  queued: 'Queued',
  offline: 'Offline',
  sent: 'On the device',
  running: 'Running',
  done: 'Done',
  failed: 'Failed',
  refused: 'Refused',
  cancelled: 'Cancelled',
  expired: 'Expired',
}
