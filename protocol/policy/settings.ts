import { z } from 'zod'
import { SESSION_DURATION_MS } from '../limits.ts'

const TOOLS = ['shell', 'shell-user', 'registry', 'processes', 'processes-user', 'services', 'restart'] as const
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

const toggle = z.boolean()
/** `off`: nothing of it is said. */
const asked = z.enum(['off', 'optional', 'required'])
export const askedWordsSchema = z.object({ reason: asked, ticket: asked })
export type AskedWords = z.infer<typeof askedWordsSchema>
const setOf = <const T extends readonly [string, ...string[]]>(names: T) =>
  z
    .array(z.enum(names))
    .max(names.length)
    .refine(list => new Set(list).size === list.length, 'a name stands twice')
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'write a time as 08:00')

/** When a device may be reached. `from` after `to` goes over midnight and belongs to the day on which it begins. */
export const hoursSchema = z.strictObject({
  days: setOf(WEEKDAYS).min(1),
  from: timeOfDay,
  to: timeOfDay,
  timeZone: z.string().max(64).refine(isTimeZone, 'not a time zone; write one as Europe/Berlin'),
})
export type Hours = z.infer<typeof hoursSchema>

/** What a group says about its devices. Every member may be absent: then the group above says it, and at the top the default. */
export const settingsSchema = z.strictObject({
  /** Sessions with a person at the device. */
  interactive: toggle,
  /** Sessions without one. */
  unattended: toggle,
  /** What an operator says before they ask for a session; the person reads it. */
  reason: asked,
  ticket: asked,
  /** How long the person has to answer. The agent never waits longer than 30 s. */
  consentSeconds: z.number().int().min(5).max(30),
  /** Sessions where nobody could answer or see them, and such whose operator needn't wait for an answer. The device's own configuration has to allow each too. */
  nobodySignedIn: z.enum(['deny', 'allow', 'login-screen']),
  screenLocked: z.enum(['deny', 'wait', 'allow']),
  skipConsent: toggle,
  tools: setOf(TOOLS),
  /** Tools that take nothing while no second operator looks. */
  twoPersonTools: setOf(TOOLS),
  clipboard: z.enum(['both', 'to-device', 'from-device', 'off']),
  record: z.enum(['off', 'allowed', 'always']),
  idleMinutes: z.number().int().min(1).max(480),
  lengthMinutes: z
    .number()
    .int()
    .min(1)
    .max(SESSION_DURATION_MS / 60_000),
  endLock: z.enum(['off', 'lock', 'sign-out']),
  hours: hoursSchema.nullable(),
  /** A third person has to agree to each unattended session. */
  approval: z.enum(['none', 'required']),
  otpDelivery: z.enum(['operator', 'kiosk']),
  /** While an unattended session is used: the device's own display says so and shows nothing else; its own mouse and keyboard do nothing. */
  maintenanceScreen: toggle,
  blockLocalInput: toggle,
  /** An unattended session gets a display of its own where the device has none. */
  virtualDisplay: toggle,
  /** Approved scripts without a session, for who may be there alone; and what happens where somebody is signed in: they are asked, or told. */
  scripts: z.enum(['off', 'ask', 'tell']),
  directPaths: toggle,
  /** No new session while signed heads of the audit can't be copied off the relay. */
  strictAudit: toggle,
})
export type Settings = z.infer<typeof settingsSchema>
export type SettingKey = keyof Settings
export const SETTING_KEYS = settingsSchema.keyof().options

export const SETTING_DEFAULTS: Settings = {
  interactive: true,
  unattended: false,
  reason: 'required',
  ticket: 'optional',
  consentSeconds: 30,
  nobodySignedIn: 'deny',
  screenLocked: 'deny',
  skipConsent: false,
  tools: [...TOOLS],
  twoPersonTools: [],
  clipboard: 'both',
  record: 'allowed',
  idleMinutes: 60,
  lengthMinutes: 480,
  endLock: 'off',
  hours: null,
  approval: 'none',
  otpDelivery: 'operator',
  maintenanceScreen: false,
  blockLocalInput: false,
  virtualDisplay: false,
  scripts: 'off',
  directPaths: true,
  strictAudit: false,
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
