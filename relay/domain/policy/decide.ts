import { type Capability, isAdministration } from '#protocol/policy/capabilities.ts'
import type { SettingKey } from '#protocol/policy/settings.ts'
import { type EffectiveSettings, effectiveSettings } from './effective-settings.ts'
import { type GrantInput, type Line, ruleGrants } from './grants.ts'
import { isWithinHours } from './hours.ts'
import type { Group, SettingRow } from './rules.ts'

export interface DecisionInput extends GrantInput {
  readonly settings: readonly SettingRow[]
  readonly request: {
    readonly capabilities: readonly Capability[]
    /** Whether a person at the device is asked. */
    readonly mode: 'interactive' | 'unattended'
    readonly nowMs: number
    /** The approval that a device wants is seen to apart from this. */
    readonly isApprovalApart?: boolean
  }
}

export type DecidingLine =
  | Line
  | { readonly kind: 'setting'; readonly key: SettingKey; readonly from: Group | null }
  /** Every session here has to be recorded, and no program records one. */
  | { readonly kind: 'unrecorded'; readonly from: Group | null }

export interface Decided {
  readonly capability: Capability
  readonly line: DecidingLine
}

export interface Decision {
  readonly allowed: readonly Decided[]
  readonly denied: readonly Decided[]
  readonly settings: EffectiveSettings
}

/**
 * The policy's whole answer for one operator and one device: what they may do of what they ask, and which line says so. Roles allow, then the
 * device's settings may still take away; nothing gives back.
 */
export function decide(input: DecisionInput): Decision {
  const { path, request } = input
  const settings = effectiveSettings(path, input.settings)
  const ruling = ruleGrants(input)
  const allowed: Decided[] = []
  const denied: Decided[] = []
  // Without a person there, every capability needs the right to be there without one.
  const alone = request.mode === 'unattended' ? ruling('unattended') : null
  for (const capability of new Set(request.capabilities)) {
    const own = ruling(capability)
    const { allowed: isGranted, line } = own.allowed && alone && !isAdministration(capability) ? alone : own
    const key = isGranted ? takenBy(capability, settings, request) : null
    if (key) denied.push({ capability, line: settingLine(key, settings) })
    else if (isGranted) allowed.push({ capability, line: own.line })
    else denied.push({ capability, line })
  }
  return { allowed, denied, settings }
}

export const isAllowed = ({ allowed }: Decision, capability: Capability): boolean =>
  allowed.some(decided => decided.capability === capability)

type Request = DecisionInput['request']

const settingLine = (key: SettingKey, settings: EffectiveSettings): DecidingLine =>
  key === 'record' && settings.record.value === 'always'
    ? { kind: 'unrecorded', from: settings.record.from }
    : { kind: 'setting', key, from: settings[key].from }

/** The setting that takes the capability away from everybody now, if one does. Administration is never taken by a device's settings. */
function takenBy(
  capability: Capability,
  settings: EffectiveSettings,
  { mode, nowMs, isApprovalApart }: Request,
): SettingKey | null {
  if (isAdministration(capability)) return null
  const { hours } = settings
  if (hours.value && !isWithinHours(hours.value, nowMs)) return 'hours'
  if (!settings[mode].value) return mode
  // A session that must be recorded and can't be doesn't open: what was wished isn't left out in silence.
  if (settings.record.value === 'always') return 'record'
  // Without somebody who sees to the approval, a device that wants one stays shut.
  if (isApprovalApart) return takenByOwn(capability, { ...settings, approval: { ...settings.approval, value: 'none' } })
  if (mode === 'unattended' && settings.approval.value === 'required') return 'approval'
  return takenByOwn(capability, settings)
}

function takenByOwn(capability: Capability, settings: EffectiveSettings): SettingKey | null {
  switch (capability) {
    case 'unattended':
      if (!settings.unattended.value) return 'unattended'
      return settings.approval.value === 'required' ? 'approval' : null
    case 'shell':
    case 'shell-user':
    case 'processes-user':
    case 'registry':
    case 'processes':
    case 'services':
    case 'restart':
      return settings.tools.value.includes(capability) ? null : 'tools'
    case 'clipboard-in':
      return isOneOf(settings.clipboard.value, ['both', 'to-device']) ? null : 'clipboard'
    case 'clipboard-out':
      return isOneOf(settings.clipboard.value, ['both', 'from-device']) ? null : 'clipboard'
    case 'skip-consent':
      return settings.skipConsent.value ? null : 'skipConsent'
    case 'record':
      return settings.record.value === 'off' ? 'record' : null
    default:
      return null
  }
}

const isOneOf = (value: string, values: readonly string[]): boolean => values.includes(value)
