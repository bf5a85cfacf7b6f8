import { assertNever } from '#protocol/assert-never.ts'
import type { Hours, SettingKey, Settings } from '#protocol/policy/settings.ts'

type Choice = {
  readonly kind: 'choice'
  readonly options: readonly { readonly value: string; readonly label: string }[]
}
type Several = { readonly kind: 'set'; readonly options: readonly { readonly value: string; readonly label: string }[] }
type Amount = { readonly kind: 'number'; readonly min: number; readonly max: number; readonly unit: 's' | 'min' }
type Toggle = { readonly kind: 'toggle' }
type HoursKind = { readonly kind: 'hours' }
export type SettingKind = Choice | Several | Amount | Toggle | HoursKind

export interface SettingWords {
  readonly label: string
  readonly hint: string
  readonly kind: SettingKind
}

const toggle: Toggle = { kind: 'toggle' }
const choice = (options: Readonly<Record<string, string>>): Choice => ({
  kind: 'choice',
  options: Object.entries(options).map(([value, label]) => ({ value, label })),
})

const asked = choice({ off: 'Not asked for', optional: 'May be said', required: 'Has to be said' })

const tools: Several = {
  kind: 'set',
  options: [
    { value: 'shell-user', label: 'Command line, as the person' },
    { value: 'shell', label: 'Command line, as the system' },
    { value: 'processes-user', label: 'Processes, as the person' },
    { value: 'processes', label: 'Processes, as the system' },
    { value: 'services', label: 'Services' },
    { value: 'registry', label: 'Registry' },
    { value: 'restart', label: 'Restart (not possible yet)' },
  ],
}

/** What a group can say about its devices, in words, in the order in which they are read. */
const KNOWN_SETTINGS: Readonly<Record<SettingKey, SettingWords>> = {
  interactive: {
    label: 'Sessions with the person',
    hint: 'Somebody at the device is asked and watches.',
    kind: toggle,
  },
  unattended: {
    label: 'Sessions with nobody there',
    hint: 'By one-time password, for kiosks and servers.',
    kind: toggle,
  },
  reason: {
    label: 'Reason',
    hint: 'Whether operators say why before they ask for a session; the person reads it.',
    kind: asked,
  },
  ticket: {
    label: 'Ticket',
    hint: 'The same for the number of a ticket.',
    kind: asked,
  },
  consentSeconds: {
    label: 'Time to answer',
    hint: 'How long the person has. No answer is a “no”.',
    kind: { kind: 'number', min: 5, max: 30, unit: 's' },
  },
  nobodySignedIn: {
    label: 'When nobody is signed in',
    hint: 'Nobody can be asked then. The device’s own configuration has to allow it too.',
    kind: choice({
      deny: 'Refuse',
      'login-screen': 'Begin, and end when somebody signs in',
      allow: 'Begin, and tell whoever signs in',
    }),
  },
  screenLocked: {
    label: 'When the screen is locked',
    hint: 'Nobody could see a question then. Beginning without one has to be allowed by the device’s own configuration too.',
    kind: choice({
      deny: 'Refuse, and pause a session',
      wait: 'Wait for the person to unlock it, and pause a session',
      allow: 'Begin, and go on',
    }),
  },
  skipConsent: {
    label: 'Sessions without asking',
    hint: 'The person is told and can end it, but isn’t asked. It takes a role with that right, and the device’s own configuration has to allow it too.',
    kind: toggle,
  },
  tools: {
    label: 'Tools',
    hint: 'What is off here is off for everybody, whatever their role.',
    kind: tools,
  },
  twoPersonTools: {
    label: 'Tools that take two',
    hint: 'They take nothing while no second operator with the right to them watches.',
    kind: tools,
  },
  clipboard: {
    label: 'Clipboard',
    hint: 'Which way text may go, once sessions have a clipboard.',
    kind: choice({ both: 'Both ways', 'to-device': 'To the device', 'from-device': 'From the device', off: 'Off' }),
  },
  record: {
    label: 'Recording',
    hint: 'Sessions can’t be recorded yet: none opens where each has to be.',
    kind: choice({ off: 'Never', allowed: 'When the operator starts it', always: 'Always: no session opens yet' }),
  },
  idleMinutes: {
    label: 'End when idle',
    hint: 'A session without input ends after this.',
    kind: { kind: 'number', min: 1, max: 480, unit: 'min' },
  },
  lengthMinutes: {
    label: 'Longest session',
    hint: 'A session ends after this, whoever is busy in it.',
    kind: { kind: 'number', min: 1, max: 480, unit: 'min' },
  },
  endLock: {
    label: 'At the end',
    hint: 'What the device does when a session is over.',
    kind: choice({ off: 'Nothing', lock: 'Lock the screen', 'sign-out': 'Sign the person out' }),
  },
  hours: { label: 'Hours', hint: 'When the devices may be reached.', kind: { kind: 'hours' } },
  approval: {
    label: 'Second approval',
    hint: 'Whether a third person has to agree to each session with nobody there.',
    kind: choice({ none: 'Not needed', required: 'Required' }),
  },
  otpDelivery: {
    label: 'One-time password',
    hint: 'Who gets it to see.',
    kind: choice({ operator: 'The operator', kiosk: 'The device’s own screen' }),
  },
  maintenanceScreen: {
    label: 'Maintenance screen',
    hint: 'While somebody works on a device with nobody there, its display only says who.',
    kind: toggle,
  },
  blockLocalInput: {
    label: 'Block local input',
    hint: 'Meanwhile the device’s own mouse and keyboard do nothing.',
    kind: toggle,
  },
  virtualDisplay: {
    label: 'Virtual display',
    hint: 'A device without a screen gets one for a session with nobody there, where Xvfb is installed.',
    kind: toggle,
  },
  scripts: {
    label: 'Scripts without a session',
    hint: 'Approved ones, by who may work with nobody there. What happens when somebody is signed in.',
    kind: choice({ off: 'Off', ask: 'Ask the person', tell: 'Tell the person' }),
  },
  directPaths: {
    label: 'Direct connections',
    hint: 'Off: pictures and input go through the relay, which can’t read them. Sessions with nobody there always do.',
    kind: toggle,
  },
  strictAudit: {
    label: 'Strict audit',
    hint: 'No new session, no command and no key in a shell while the relay can’t keep its signed audit.',
    kind: toggle,
  },
}

/** Words for a setting, also for one that a newer relay knows and this app doesn't. */
export const settingWords = (key: string): SettingWords | undefined =>
  Object.hasOwn(KNOWN_SETTINGS, key) ? KNOWN_SETTINGS[key as SettingKey] : undefined

export const settingLabel = (key: string): string => settingWords(key)?.label ?? key

/** A value as people say it; what has no words here is shown as it is written. */
export function settingText(key: string, value: unknown): string {
  const kind = settingWords(key)?.kind
  if (!kind) return JSON.stringify(value)
  switch (kind.kind) {
    case 'toggle':
      return value ? 'On' : 'Off'
    case 'number':
      return `${String(value)} ${kind.unit}`
    case 'choice':
      return kind.options.find(option => option.value === value)?.label ?? String(value)
    case 'set':
      return setText(kind, value)
    case 'hours':
      return hoursText(value as Settings['hours'])
    default:
      return assertNever(kind)
  }
}

function setText({ options }: Several, value: unknown): string {
  const chosen = Array.isArray(value) ? value : []
  if (chosen.length === 0) return 'None'
  if (options.every(option => chosen.includes(option.value))) return 'All'
  return options
    .filter(option => chosen.includes(option.value))
    .map(({ label }) => label)
    .join(', ')
}

export const DAY_NAMES: Readonly<Record<Hours['days'][number], string>> = {
  mon: 'Mon',
  tue: 'Tue',
  wed: 'Wed',
  thu: 'Thu',
  fri: 'Fri',
  sat: 'Sat',
  sun: 'Sun',
}

/** `Mon–Fri 08:00–18:00, Europe/Berlin`. */
function hoursText(hours: Hours | null): string {
  if (!hours) return 'At any time'
  return `${daysText(hours.days)} ${hours.from}–${hours.to}, ${hours.timeZone}`
}

function daysText(days: Hours['days']): string {
  const names = Object.keys(DAY_NAMES) as Hours['days']
  const chosen = names.filter(day => days.includes(day))
  const [first, last] = [chosen[0], chosen.at(-1)]
  const isRow = first && last && names.indexOf(last) - names.indexOf(first) === chosen.length - 1
  if (isRow && chosen.length > 2) return `${DAY_NAMES[first]}–${DAY_NAMES[last]}`
  return chosen.map(day => DAY_NAMES[day]).join(', ')
}
