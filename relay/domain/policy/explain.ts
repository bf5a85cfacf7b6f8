import { CAPABILITIES } from '#protocol/policy/capabilities.ts'
import type { Explanation } from '#protocol/policy/http.ts'
import { SETTING_KEYS } from '#protocol/policy/settings.ts'
import type { Clock } from '../clock.ts'
import type { Devices } from '../devices.ts'
import type { Principal } from '../principal.ts'
import type { DeviceRecord } from '../store.ts'
import { lineText } from './line-text.ts'
import type { Policies } from './policies.ts'
import type { PolicySnapshot } from './snapshot.ts'

export interface ExplanationsParts {
  readonly clock: Clock
  readonly policies: Policies
  readonly devices: Devices
}

/** Why somebody may or may not do something on a device. */
export class Explanations {
  readonly #parts: ExplanationsParts

  constructor(parts: ExplanationsParts) {
    this.#parts = parts
  }

  /** Everybody may ask about themselves; about others, who may change the policy of the device's group. Throws `not-found` or `forbidden`. */
  async explain(principal: Principal, operatorId: string, deviceId: string): Promise<Explanation> {
    const { clock, policies, devices } = this.#parts
    const device = await devices.require(principal, deviceId)
    await policies.requireAskable(principal, operatorId, device.groupId)
    return explanationOf(await policies.of(device.organisationId), operatorId, device, clock.nowMs())
  }
}

/** The whole decision in words, for a session with a person at the device. */
export function explanationOf(
  policy: PolicySnapshot,
  operatorId: string,
  { id, groupId }: Pick<DeviceRecord, 'id' | 'groupId'>,
  nowMs: number,
): Explanation {
  const request = { capabilities: CAPABILITIES, mode: 'interactive' as const, nowMs }
  const { allowed, denied, settings } = policy.decide(operatorId, groupId, request)
  const lines = new Map([...allowed, ...denied].map(({ capability, line }) => [capability, line]))
  const isAllowed = new Set(allowed.map(({ capability }) => capability))
  return {
    operatorId,
    deviceId: id,
    groupPath: policy.pathText(groupId),
    capabilities: CAPABILITIES.flatMap(capability => {
      const line = lines.get(capability)
      if (!line) return []
      const assignmentId = line.kind === 'assignment' ? line.assignment.id : null
      return [{ capability, allowed: isAllowed.has(capability), line: lineText(policy, line), assignmentId }]
    }),
    settings: SETTING_KEYS.map(key => {
      const { value, from } = settings[key]
      return { key, value, from: from && policy.pathText(from.id) }
    }),
  }
}
