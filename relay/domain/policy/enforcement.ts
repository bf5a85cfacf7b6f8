import { askedScopes } from '#protocol/session/further.ts'
import { isOver } from '#protocol/session/machine.ts'
import { RELAY_ACTOR } from '../audit.ts'
import type { Clock } from '../clock.ts'
import type { OperatorGateway } from '../gateways.ts'
import type { Log } from '../log.ts'
import type { SessionLedger } from '../sessions/ledger.ts'
import { isStillPermitted } from '../sessions/permits.ts'
import type { SessionPaths } from '../sessions/session-paths.ts'
import type { Store } from '../store.ts'
import type { Policies } from './policies.ts'
import type { PolicySnapshot } from './snapshot.ts'

/** Another program may change the policy in the database (`handhold-relay policy apply`); a right that it takes must be gone within 2 s. */
const LOOK_INTERVAL_MS = 1_000
/** Hours end without any change: live sessions are asked about them this often. */
const HOURS_INTERVAL_MS = 30_000

export interface EnforcementParts {
  readonly store: Store
  readonly clock: Clock
  readonly policies: Policies
  readonly ledger: SessionLedger
  readonly operators: OperatorGateway
  readonly paths: Pick<SessionPaths, 'isTooOpen'>
  readonly log: Log
}

/** Makes a changed policy true for what lives already: sessions that it doesn't permit any more end, and operators see their new list of devices. */
export class PolicyEnforcement {
  readonly #parts: EnforcementParts
  readonly #enforced = new Map<string, PolicySnapshot>()
  #cancelTimer: (() => void) | null = null
  #hoursAtMs = 0
  #isClosed = false

  constructor(parts: EnforcementParts) {
    this.#parts = parts
  }

  /** Looks at once and then again and again until it is closed. */
  async start(): Promise<void> {
    const { store, clock, log } = this.#parts
    try {
      const isHourly = clock.nowMs() >= this.#hoursAtMs
      if (isHourly) this.#hoursAtMs = clock.nowMs() + HOURS_INTERVAL_MS
      for (const { id } of await store.read.policy.organisations()) await this.#look(id, isHourly)
    } catch (error) {
      log.error({ err: error }, 'The policy could not be enforced')
    }
    if (!this.#isClosed) this.#cancelTimer = clock.setTimer(() => void this.start(), LOOK_INTERVAL_MS)
  }

  /** After a change within this program: when it resolves, nothing lives on that the policy forbids. */
  async settle(organisationId: string): Promise<void> {
    const { policies, operators } = this.#parts
    const before = this.#enforced.get(organisationId)
    const now = await policies.of(organisationId)
    this.#enforced.set(organisationId, now)
    await this.#endSessions(organisationId, now)
    if (!before || before === now) return
    for (const userId of operators.usersOf(organisationId))
      if (isReachChanged(userId, before, now)) operators.refresh(userId)
  }

  /** Safe to call twice. */
  close(): void {
    this.#isClosed = true
    this.#cancelTimer?.()
  }

  async #look(organisationId: string, isHourly: boolean): Promise<void> {
    const now = await this.#parts.policies.of(organisationId)
    const isTimed = isHourly && now.rows.settings.some(({ key }) => key === 'hours')
    if (isTimed || this.#enforced.get(organisationId) !== now) await this.settle(organisationId)
  }

  async #endSessions(organisationId: string, policy: PolicySnapshot): Promise<void> {
    const { store, ledger, clock, paths } = this.#parts
    for (const session of await store.read.openSessionsOfOrganisation(organisationId)) {
      const { id, deviceId, state, scopes } = session
      const device = isOver(state) ? undefined : await store.read.device(deviceId)
      if (!device) continue
      const asked = askedScopes(scopes, state)
      const isPermitted = isStillPermitted(policy, session, device.groupId, asked, clock.nowMs())
      if (isPermitted && !paths.isTooOpen(session, policy, device.groupId)) continue
      await ledger.end(id, { type: 'end', reason: 'policy-revoked' }, RELAY_ACTOR)
    }
  }
}

/** Groups that are new or gone don't count: they have no devices. */
function isReachChanged(userId: string, before: PolicySnapshot, now: PolicySnapshot): boolean {
  const [was, is] = [before.reachable(userId), now.reachable(userId)]
  return before.rows.groups.some(({ id }) => now.group(id) && was.has(id) !== is.has(id))
}
