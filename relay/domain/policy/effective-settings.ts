import { SETTING_DEFAULTS, type SettingKey, type Settings } from '#protocol/policy/settings.ts'
import type { Group, SettingRow } from './rules.ts'

/** A value and the group that set it; null where none did and the default holds. */
export interface Effective<Value> {
  readonly value: Value
  readonly from: Group | null
}

export type EffectiveSettings = { readonly [Key in SettingKey]: Effective<Settings[Key]> }

/** The value of the most specific group on the path for each setting. `path` goes from the root to the device's own group. */
export function effectiveSettings(path: readonly Group[], rows: readonly SettingRow[]): EffectiveSettings {
  const pick = <Key extends SettingKey>(key: Key): Effective<Settings[Key]> => {
    for (const group of path.toReversed()) {
      const row = rows.find(
        (candidate): candidate is SettingRow & { key: Key; value: Settings[Key] } =>
          candidate.groupId === group.id && candidate.key === key,
      )
      if (row) return { value: row.value, from: group }
    }
    return { value: SETTING_DEFAULTS[key], from: null }
  }
  return {
    interactive: pick('interactive'),
    unattended: pick('unattended'),
    reason: pick('reason'),
    ticket: pick('ticket'),
    consentSeconds: pick('consentSeconds'),
    nobodySignedIn: pick('nobodySignedIn'),
    screenLocked: pick('screenLocked'),
    skipConsent: pick('skipConsent'),
    tools: pick('tools'),
    twoPersonTools: pick('twoPersonTools'),
    clipboard: pick('clipboard'),
    record: pick('record'),
    idleMinutes: pick('idleMinutes'),
    lengthMinutes: pick('lengthMinutes'),
    endLock: pick('endLock'),
    hours: pick('hours'),
    approval: pick('approval'),
    otpDelivery: pick('otpDelivery'),
    maintenanceScreen: pick('maintenanceScreen'),
    blockLocalInput: pick('blockLocalInput'),
    virtualDisplay: pick('virtualDisplay'),
    scripts: pick('scripts'),
    directPaths: pick('directPaths'),
    strictAudit: pick('strictAudit'),
  }
}
