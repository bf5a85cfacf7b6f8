import { HandholdError } from '#protocol/errors.ts'
import { isOver } from '#protocol/session/machine.ts'
import { SCOPES, type Scope } from '#protocol/session/scopes.ts'
import type { EligibilityReply } from '#protocol/sessions-http.ts'
import type { Clock } from '../clock.ts'
import type { Devices } from '../devices.ts'
import { requireActive } from '../enrolment/device-status.ts'
import type { AgentGateway } from '../gateways.ts'
import { lineText } from '../policy/line-text.ts'
import type { Policies } from '../policy/policies.ts'
import type { Principal } from '../principal.ts'
import type { DeviceRecord, Store } from '../store.ts'
import { decideScopes, type Permit, permit } from './permits.ts'

export interface EligibilityParts {
  readonly store: Store
  readonly clock: Clock
  readonly devices: Devices
  readonly policies: Policies
  readonly agents: AgentGateway
}

/** Whether a session could begin now, with the reason, without beginning one. It asks exactly what a request is asked. */
export class Eligibility {
  readonly #parts: EligibilityParts

  constructor(parts: EligibilityParts) {
    this.#parts = parts
  }

  /** Everybody may ask about themselves; about others, who may change the policy of the device's group. Throws `not-found` or `forbidden`. */
  async of(
    principal: Principal,
    deviceId: string,
    operatorId = principal.user.id,
    wished: readonly Scope[] = SCOPES,
  ): Promise<EligibilityReply> {
    const { store, clock, devices, policies, agents } = this.#parts
    const device = await devices.require(principal, deviceId)
    await policies.requireAskable(principal, operatorId, device.groupId)
    const policy = await policies.of(device.organisationId)
    const nowMs = clock.nowMs()
    const { denied } = decideScopes(policy, operatorId, device.groupId, wished, nowMs, 'interactive')
    const lines = new Map(denied.map(({ capability, line }) => [capability as string, lineText(policy, line)]))
    const answer = {
      deviceId,
      operatorId,
      denied: wished.flatMap(scope => [{ scope, line: lines.get(scope) ?? '' }].filter(({ line }) => line !== '')),
      online: agents.isOnline(deviceId),
    }
    try {
      const permitted = permit(policy, operatorId, device.groupId, wished, nowMs, 'interactive')
      requireActive(device)
      await requireFree(store, device)
      return { ...answer, eligible: true, code: null, ...taken(permitted, answer.online) }
    } catch (thrown) {
      if (!(thrown instanceof HandholdError)) throw thrown
      const { code, message } = thrown
      return { ...answer, eligible: false, code, reason: message, scopes: [], consentSeconds: null }
    }
  }
}

const taken = ({ scopes, consentTimeoutMs }: Permit, online: boolean) => ({
  scopes,
  reason: online ? 'The person at the device is asked.' : 'The device is offline: a request waits for it.',
  consentSeconds: Math.round(consentTimeoutMs / 1000),
})

async function requireFree({ read }: Store, { id }: DeviceRecord): Promise<void> {
  const open = await read.openSessionsOfDevice(id)
  if (open.some(({ state }) => !isOver(state)))
    throw new HandholdError('device-busy', 'The device has a session already. Wait until it is over.')
}
