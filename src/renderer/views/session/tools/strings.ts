import type { Tool, ToolLevel } from '#protocol/tools/tools.ts'

export const toolStrings = {
  menu: 'Tools',
  menuHint: 'What you may use beside the screen',
  names: {
    shell: 'Shell',
    'shell-user': 'Shell of the user',
    processes: 'Processes',
    'processes-user': 'Processes of the user',
    services: 'Services',
    registry: 'Registry',
  } satisfies Record<Tool, string>,
  notes: {
    shell: 'administrator',
    'shell-user': 'no administrator',
    processes: 'administrator',
    'processes-user': 'no administrator',
    services: 'administrator',
    registry: 'administrator',
  } satisfies Record<Tool, string>,
  /** Of shells, by their level. */
  recordings: { elevated: 'Recordings', user: 'Recordings of the user' } satisfies Record<ToolLevel, string>,
  close: 'Close the tools',
  larger: 'Larger',
  smaller: 'Smaller',
  runsAs: (user: string) => `runs as ${user}`,
  opening: 'Opening: your right is checked…',
  noChannel: 'The connection to the device has no tools yet.',
  again: 'Try again',
  watchedBy: (name: string) => `${name} watches.`,
  unwatched: 'Nobody watches: nothing is taken until a second operator looks again.',
  reconnecting: 'The tools are back when the connection is.',
} as const

/** As they call themselves. */
const SHELL_NAMES: Readonly<Record<string, string>> = { cmd: 'CMD', powershell: 'PowerShell' }
const shellName = (shell: string): string => SHELL_NAMES[shell] ?? shell

export const shellStrings = {
  new: 'New shell',
  split: 'Split',
  splitHint: 'Another shell beside this one',
  empty: 'No shell is open.',
  emptyHint: 'What is typed and shown is recorded on the device.',
  open: (shell: string) => `Open ${shellName(shell)}`,
  tab: (number: number, shell: string) => `${shellName(shell)} ${number}`,
  closeTab: (name: string) => `End ${name}`,
  copy: 'Copy',
  /** The page may not read the clipboard: only the person's own keys bring it. */
  pasteHint: 'Ctrl+Shift+V pastes',
  find: 'Find',
  findNext: 'Next',
  findPrevious: 'Previous',
  findMissing: 'It isn’t here.',
  findClose: 'Close the search',
  region: (name: string) => `Terminal ${name}`,
  ended: (name: string, code: number | null) => (code === null ? `${name} was ended.` : `${name} ended with ${code}.`),
  pasteTitle: (lines: number) => `Paste ${lines} lines?`,
  pasteText: 'Each line is a command that runs as soon as it is pasted.',
  pasteSubmit: 'Paste all',
  cancel: 'Cancel',
  recordings: 'Recordings',
  recordingsHint: 'Shells that were recorded on this device',
} as const

export const processStrings = {
  table: 'Processes',
  search: 'Find a process',
  keys: 'Arrow keys move, Enter shows what can be done.',
  columns: {
    name: 'Name',
    pid: 'PID',
    user: 'User',
    cpu: 'CPU',
    trend: 'Last minute',
    memory: 'Memory',
    started: 'Started',
    command: 'Command',
  },
  tree: 'Tree',
  treeHint: 'Each process under the one that started it',
  list: 'List',
  count: (shown: number, all: number) => (shown === all ? `${all} processes` : `${shown} of ${all} processes`),
  reading: 'Reading the processes…',
  cpu: 'Processors',
  memory: 'Memory',
  load: 'Load',
  up: 'Up',
  end: 'End',
  forceEnd: 'Force end',
  endTree: 'End tree',
  suspend: 'Suspend',
  resume: 'Resume',
  shellHere: 'Open in shell',
  shellHereHint: 'A shell in the folder where this process works',
  priority: 'Priority',
  priorities: { '-10': 'High', '0': 'Normal', '10': 'Low' } as Readonly<Record<string, string>>,
  protected: 'Keeps the device or this session running: left alone',
  suspended: 'suspended',
  confirm: (verb: string, name: string, pid: number) => `${verb}: ${name} (${pid})?`,
  confirmText: 'What it hasn’t saved is lost.',
  confirmTree: (count: number) => `It and the ${count} processes that it started. What they haven’t saved is lost.`,
  cancel: 'Cancel',
  done: (verb: string, name: string) => `${verb}: ${name}. Done.`,
} as const

export const serviceStrings = {
  table: 'Services',
  search: 'Find a service',
  keys: 'Arrow keys move, Enter shows what can be done.',
  columns: { unit: 'Service', active: 'State', enabled: 'At start', description: 'What it is' },
  verbs: { start: 'Start', stop: 'Stop', restart: 'Restart', enable: 'Enable', disable: 'Disable', logs: 'Log' },
  reading: 'Reading the services…',
  count: (shown: number, all: number) => (shown === all ? `${all} services` : `${shown} of ${all} services`),
  confirm: (verb: string, unit: string) => `${verb} ${unit}?`,
  confirmText: 'Whoever uses it now is interrupted.',
  cancel: 'Cancel',
  log: (unit: string) => `Log of ${unit}`,
  noLog: 'Its log is empty.',
  refresh: 'Refresh',
  close: 'Close the log',
} as const

/** Windows' codes of 32 bits are known by their digits of 16: a program that was ended by Ctrl-C ends with 0xC000013A, with a sign or without. */
const exitText = (code: number): string =>
  Math.abs(code) < 2 ** 16 ? `${code}` : `0x${(code >>> 0).toString(16).toUpperCase()}`

export const recordingStrings = {
  title: 'Recordings of this device',
  reading: 'Reading the recordings…',
  none: 'Nothing is recorded yet.',
  ofSession: 'This session',
  ofBefore: 'Earlier sessions',
  choose: 'Choose a recording to play it.',
  commandCount: (count: number, failed: number) =>
    `${count === 1 ? '1 command' : `${count} commands`}${failed === 0 ? '' : `, ${failed} failed`}`,
  back: 'Back to the shells',
  play: 'Play',
  pause: 'Pause',
  speed: 'Speed',
  times: (speed: number) => `${speed}×`,
  find: 'Find in the recording',
  notFound: 'It isn’t in this recording.',
  commands: 'Commands',
  noCommands: 'No commands are known: only bash, zsh and PowerShell tell them.',
  exit: (code: number) => (code === 0 ? 'ok' : `exit ${exitText(code)}`),
  loading: (percent: number) => `Loading: ${percent} %`,
  position: 'Position',
} as const
