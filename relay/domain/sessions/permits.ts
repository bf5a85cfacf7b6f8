import { HandholdError } from '#protocol/errors.ts'
import type { Capability } from '#protocol/policy/capabilities.ts'
import type { Settings } from '#protocol/policy/settings.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import type { UnaskedRules } from '#protocol/session/unasked.ts'
import { type Decision, isAllowed } from '../policy/decide.ts'
import type { EffectiveSettings } from '../policy/effective-settings.ts'
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

/** Whether a session that was permitted still would be, whole, with how it began. */
export function isStillPermitted(
  policy: PolicySnapshot,
  session: SessionRecord,
  groupId: string,
  scopes: readonly Scope[],
  nowMs: number,
): boolean {
  const { operator, skipsConsent, unasked, state } = session
  const isBegun = 'scopes' in state
  const skips = skipsConsent && (!isBegun || unasked === 'skip-consent')
  const wished: Capability[] = skips ? [...scopes, 'skip-consent'] : [...scopes]
  const { denied, settings } = decideScopes(policy, operator.id, groupId, wished, nowMs, modeOf(session))
  if (denied.length > 0) return false
  // Nobody agreed to it, and the device doesn't have it yet or waits for its password.
  if (settings.approval.value === 'required' && session.unattended?.needsApproval === false && !isBegun) return false
  if (unasked === 'nobody-signed-in') return settings.nobodySignedIn.value !== 'deny'
  return unasked !== 'screen-locked' || settings.screenLocked.value === 'allow'
}

/** Throws `policy-denied`, with the deciding line, unless the operator may begin without asking the person. */
export function requireMaySkip(policy: PolicySnapshot, operatorId: string, groupId: string, nowMs: number): void {
  const { denied } = decideScopes(policy, operatorId, groupId, ['skip-consent'], nowMs, 'interactive')
  const skip = denied.find(({ capability }) => capability === 'skip-consent')
  if (skip)
    throw new HandholdError('policy-denied', `You may not begin without asking: ${lineText(policy, skip.line)}.`)
}

/** What a device is told of a session that may begin without an answer; none where nothing may. */
export function unaskedRules(
  { nobodySignedIn, screenLocked }: EffectiveSettings,
  skipConsent: boolean,
): UnaskedRules | undefined {
  const rules: UnaskedRules = {
    ...(skipConsent && { skipConsent }),
    ...(nobodySignedIn.value !== 'deny' && { nobodySignedIn: nobodySignedIn.value }),
    ...(screenLocked.value !== 'deny' && { screenLocked: screenLocked.value }),
  }
  return Object.keys(rules).length > 0 ? rules : undefined
}

// Each scope is named as the capability that it takes; every session includes `view`.
export const decideScopes = (
  policy: PolicySnapshot,
  operatorId: string,
  groupId: string,
  scopes: readonly Capability[],
  nowMs: number,
  mode: SessionMode,
): Decision =>
  policy.decide(operatorId, groupId, { capabilities: ['view', ...scopes], mode, nowMs, isApprovalApart: true })

export const modeOf = ({ unattended }: Pick<SessionRecord, 'unattended'>): SessionMode =>
  unattended ? 'unattended' : 'interactive'
