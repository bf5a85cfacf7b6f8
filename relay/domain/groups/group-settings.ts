import type { GroupSettingsReply } from '#protocol/policy/http.ts'
import { SETTING_KEYS, type SettingKey, type Settings } from '#protocol/policy/settings.ts'
import { type Change, groupNotFound, type PolicyChanges } from '../policy/changes.ts'
import { effectiveSettings } from '../policy/effective-settings.ts'
import type { Policies } from '../policy/policies.ts'
import type { Principal } from '../principal.ts'

/** New values; null takes a setting back to what the group above says. `hours` null is a value: always. */
type SettingsWish = { readonly [Key in SettingKey]?: Settings[Key] | undefined }

export interface GroupSettingsParts {
  readonly policies: Policies
  readonly changes: PolicyChanges
}

/** What groups say about their devices. */
export class GroupSettings {
  readonly #parts: GroupSettingsParts

  constructor(parts: GroupSettingsParts) {
    this.#parts = parts
  }

  /** What the group says itself, and what holds in it and where that comes from. */
  async of(principal: Principal, groupId: string): Promise<GroupSettingsReply> {
    const policy = await this.#parts.policies.of(principal.organisation.id)
    if (!policy.visible(principal.user.id).has(groupId)) throw groupNotFound()
    const effective = effectiveSettings(policy.path(groupId), policy.rows.settings)
    return {
      settings: SETTING_KEYS.map(key => {
        const { value, from } = effective[key]
        return { key, value, fromGroupId: from?.id ?? null, isOwn: from?.id === groupId }
      }),
    }
  }

  /** Sets some and takes others back, at once. */
  change(principal: Principal, groupId: string, set: SettingsWish, inherit: readonly SettingKey[]): Promise<void> {
    return this.#parts.changes.apply({ kind: 'person', principal }, async change => {
      change.requireGroup(groupId)
      for (const key of SETTING_KEYS) {
        const value = set[key]
        if (value !== undefined) await setOne(change, groupId, key, value)
        else if (inherit.includes(key)) await setOne(change, groupId, key, undefined)
      }
    })
  }
}

/** One value with its audit; nothing where it is so already. */
async function setOne<Key extends SettingKey>(
  { tx, before, organisationId, note }: Change,
  groupId: string,
  key: Key,
  value: Settings[Key] | undefined,
): Promise<void> {
  const present = before.rows.settings.find(row => row.groupId === groupId && row.key === key)?.value
  if (JSON.stringify(present) === JSON.stringify(value)) return
  await tx.policy.setSetting(organisationId, groupId, key, value)
  note({ action: 'group.setting-changed', subject: groupId, detail: { key, before: present, value } })
}
