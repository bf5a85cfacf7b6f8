import { HandholdError, toWireError } from '#protocol/errors.ts'
import { canTransition } from '#protocol/session/machine.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import type { SessionEvent } from '#protocol/session/state.ts'
import type { AuditCopies } from '../audit/copies.ts'
import { RELAY_ACTOR, userActor } from '../audit.ts'
import type { Clock } from '../clock.ts'
import type { AgentGateway } from '../gateways.ts'
import { lineText } from '../policy/line-text.ts'
import type { Policies } from '../policy/policies.ts'
import type { Principal } from '../principal.ts'
import type { SessionRecord, Store } from '../store.ts'
import type { SessionLedger } from './ledger.ts'
import { decideScopes } from './permits.ts'
import type { SessionRequests } from './requests.ts'

export interface FurtherScopesParts {
  readonly store: Store
  readonly clock: Clock
  readonly ledger: SessionLedger
  readonly requests: SessionRequests
  readonly agents: AgentGateway
  readonly policies: Policies
  readonly copies: Pick<AuditCopies, 'requireDurable'>
}

/** A later need: the person at the device is asked for that alone, as they were for the session itself. The relay asks the policy anew and passes the question on. */
export class FurtherScopes {
  readonly #parts: FurtherScopesParts

  constructor(parts: FurtherScopesParts) {
    this.#parts = parts
  }

  /**
   * Resolves when the device has the question; what comes of it shows in the session's state. Throws `not-found`, `policy-denied` with the deciding line,
   * `illegal-transition` unless the session is active and nothing else is being asked, `audit-unavailable`, `device-offline`, and what the device refuses.
   */
  async ask(principal: Principal, sessionId: string, scopes: readonly Scope[]): Promise<void> {
    const { ledger, requests, agents } = this.#parts
    const { deviceId } = await requests.requireOwn(principal, sessionId)
    await this.#requirePermitted(principal, deviceId, scopes)
    const asked: SessionEvent = { type: 'further-asked', scopes: [...scopes] }
    const actor = userActor(principal.user)
    await ledger.apply(sessionId, session => {
      requireAskable(session, asked, scopes)
      return { events: [asked], actor }
    })
    try {
      await agents.request(deviceId, { type: 'session.further', sessionId, scopes: [...scopes] })
    } catch (thrown) {
      await this.#takeBack(sessionId, toWireError(thrown).code)
      throw thrown
    }
  }

  async #requirePermitted(principal: Principal, deviceId: string, scopes: readonly Scope[]): Promise<void> {
    const { store, clock, policies, copies } = this.#parts
    const device = await store.read.device(deviceId)
    if (!device) throw new HandholdError('not-found', 'The device was removed.')
    const policy = await policies.of(principal.organisation.id)
    const nowMs = clock.nowMs()
    const { denied, settings } = decideScopes(policy, principal.user.id, device.groupId, scopes, nowMs, 'interactive')
    const [first] = denied
    if (first) throw new HandholdError('policy-denied', `You may not ask for this: ${lineText(policy, first.line)}.`)
    if (settings.strictAudit.value) copies.requireDurable()
  }

  /** The device didn't take the question: nobody was asked. */
  async #takeBack(sessionId: string, code: string): Promise<void> {
    await this.#parts.ledger.apply(sessionId, ({ state }) => {
      const scopes = 'scopes' in state ? state.scopes : []
      const event: SessionEvent = { type: 'further-answered', answer: 'not-shown', scopes }
      return canTransition(state, event) ? { events: [event], actor: RELAY_ACTOR, detail: { code } } : null
    })
  }
}

function requireAskable({ state, unattended }: SessionRecord, asked: SessionEvent, scopes: readonly Scope[]): void {
  if (unattended) throw new HandholdError('illegal-transition', 'Nobody is at this device who could be asked.')
  if (state.name !== 'active')
    throw new HandholdError('illegal-transition', 'More can be asked for while the session is active. This one isn’t.')
  if (!canTransition(state, asked))
    throw new HandholdError('illegal-transition', 'The person is being asked already. Wait for the answer.')
  if (scopes.every(scope => state.scopes.includes(scope)))
    throw new HandholdError('bad-request', 'The session has all of this already.')
}
