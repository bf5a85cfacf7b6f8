import { HandholdError } from '#protocol/errors.ts'
import type { Settings } from '#protocol/policy/settings.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import { type Decision, isAllowed } from '../policy/decide.ts'
import { lineText } from '../policy/line-text.ts'
import type { PolicySnapshot } from '../policy/snapshot.ts'
import type { SessionRecord } from '../store.ts'

export interface Permit {
  readonly scopes: Scope[]
  readonly consentTimeoutMs: number
  readonly durationMaxMs: number
  /** What the device's settings say of a session without a person. */
  readonly kiosk: Pick<Settings, 'endLock' | 'maintenanceScreen' | 'blockLocalInput' | 'virtualDisplay'> & {
    readonly delivery: Settings['otpDelivery']
  }
  readonly needsApproval: boolean
}

export type SessionMode = 'interactive' | 'unattended'

/** What of the wished scopes the operator may have on a device of this group now. Throws `policy-denied`, with the deciding line, where not even looking is allowed. */
export function permit(
  policy: PolicySnapshot,
  operatorId: string,
  groupId: string,
  wished: readonly Scope[],
  nowMs: number,
  mode: SessionMode,
): Permit {
  const decision = decideScopes(policy, operatorId, groupId, wished, nowMs, mode)
  const denied = decision.denied.find(({ capability }) => capability === 'view')
  if (denied)
    throw new HandholdError(
      'policy-denied',
      `You may not connect to this device now: ${lineText(policy, denied.line)}.`,
    )
  const { settings } = decision
  return {
    scopes: wished.filter(scope => isAllowed(decision, scope)),
    consentTimeoutMs: settings.consentSeconds.value * 1000,
    durationMaxMs: settings.lengthMinutes.value * 60_000,
    kiosk: {
      delivery: settings.otpDelivery.value,
      endLock: settings.endLock.value,
      maintenanceScreen: settings.maintenanceScreen.value,
      blockLocalInput: settings.blockLocalInput.value,
      virtualDisplay: settings.virtualDisplay.value,
    },
    needsApproval: settings.approval.value === 'required',
  }
}

/** Whether a session that was permitted still would be, whole. */
export const isStillPermitted = (
  policy: PolicySnapshot,
  operatorId: string,
  groupId: string,
  scopes: readonly Scope[],
  nowMs: number,
  mode: SessionMode,
): boolean => decideScopes(policy, operatorId, groupId, scopes, nowMs, mode).denied.length === 0

// Each scope is named as the capability that it takes; every session includes `view`.
export const decideScopes = (
  policy: PolicySnapshot,
  operatorId: string,
  groupId: string,
  scopes: readonly Scope[],
  nowMs: number,
  mode: SessionMode,
): Decision =>
  policy.decide(operatorId, groupId, { capabilities: ['view', ...scopes], mode, nowMs, isApprovalApart: true })

export const modeOf = ({ unattended }: Pick<SessionRecord, 'unattended'>): SessionMode =>
  unattended ? 'unattended' : 'interactive'
