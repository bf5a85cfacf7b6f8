import { type ErrorCode, HandholdError, toWireError, type WireError } from '#protocol/errors.ts'
import { type Ed25519PublicJwk, thumbprintOf } from '#protocol/keys.ts'
import { APPROVAL_TIMEOUT_MS, MINUTE_MS, QUEUE_TIMEOUT_MS } from '#protocol/limits.ts'
import { verifyProof } from '#protocol/proof.ts'
import { askAgainAtMs } from '#protocol/session/denials.ts'
import { canTransition, INITIAL_STATE, isOver } from '#protocol/session/machine.ts'
import type { EndCause, EndReason } from '#protocol/session/reasons.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import type { SessionEvent } from '#protocol/session/state.ts'
import { toDisplayLine } from '#protocol/text.ts'
import { isTool } from '#protocol/tools/tools.ts'
import type { OperatorChain } from '#protocol/trust/strict/operator-chain.ts'
import type { SealKey } from '#protocol/unattended/wire.ts'
import type { SessionView } from '#protocol/wire/views.ts'
import type { AuditCopies } from '../audit/copies.ts'
import { RELAY_ACTOR, userActor } from '../audit.ts'
import { type Chance, newId } from '../chance.ts'
import type { Clock } from '../clock.ts'
import type { Devices } from '../devices.ts'
import { requireActive } from '../enrolment/device-status.ts'
import type { AgentGateway } from '../gateways.ts'
import type { Log } from '../log.ts'
import { rootGroupId } from '../policy/built-in.ts'
import type { Policies } from '../policy/policies.ts'
import type { Principal } from '../principal.ts'
import type { Reader, SessionRecord, Store } from '../store.ts'
import { offeredTools } from '../tools/offered.ts'
import type { OrganisationTrust } from '../trust/organisation-trust.ts'
import type { UnattendedPlan } from '../unattended/plan.ts'
import { impliedNotice } from './agent-events.ts'
import type { SessionLedger } from './ledger.ts'
import { decideScopes, modeOf, type Permit, permit, requireMaySkip, unaskedRules } from './permits.ts'
import { notJoinable, requireSame, sessionToJoin } from './second-operator.ts'
import { askedWords, requireWords } from './session-words.ts'
import { type SessionBounds, sessionRequest, sessionView } from './views.ts'

/** A second try is for a device that came back while the first went to its old connection. */
const NOTIFY_TRIES = 3

export interface RequestsParts {
  readonly store: Store
  readonly clock: Clock
  readonly chance: Chance
  readonly ledger: SessionLedger
  readonly agents: AgentGateway
  readonly devices: Devices
  readonly log: Log
  readonly policies: Policies
  readonly copies: Pick<AuditCopies, 'requireDurable'>
  readonly trust: Pick<OrganisationTrust, 'requireCertified'>
}

export interface SessionWish {
  /** Of the sign-in or API key that asks. */
  readonly credentialHash: string
  readonly deviceId: string
  readonly reason: string
  readonly ticket: string | null
  readonly scopes: readonly Scope[]
  readonly operatorKey: Ed25519PublicJwk
  readonly matchCommitment: string | null
  /** How long a request waits for a device that is offline. */
  readonly waitMs?: number | undefined
  /** Present: nobody at the device is asked. */
  readonly sealKey?: SealKey | undefined
  readonly operatorChain?: OperatorChain | undefined
  /** The person is told and not asked. */
  readonly skipConsent?: true | undefined
  /** Into the session that somebody else has there. */
  readonly joins?: true | undefined
}

/** How a session begins and how an operator gives it up. */
export class SessionRequests {
  readonly #parts: RequestsParts
  readonly #notifying = new Set<string>()

  constructor(parts: RequestsParts) {
    this.#parts = parts
  }

  /**
   * Asks a device for a session, with as many of the scopes as the policy allows and the device has something for. Throws `not-found`, `device-pending`,
   * `device-quarantined`, `policy-denied`, `audit-unavailable` where the audit has to be copied and can't be, `asked-too-often` after three refusals, `unattended-off`, or `device-busy` while
   * another session of the device isn't over. Who joins one throws what `sessionToJoin` throws, and `device-offline`.
   */
  async create(principal: Principal, wish: SessionWish): Promise<SessionView> {
    const { store, clock, chance, ledger, agents, devices, policies, copies } = this.#parts
    const device = await devices.require(principal, wish.deviceId)
    requireActive(device)
    const nowMs = clock.nowMs()
    const mode = wish.sealKey ? 'unattended' : 'interactive'
    const policy = await policies.of(principal.organisation.id)
    const offered: readonly string[] = await offeredTools(store.read.records, device.id)
    const beside = wish.joins ? sessionToJoin(await store.read.openSessionsOfDevice(device.id), principal) : null
    const skipsConsent = wish.skipConsent === true
    const isUnasked = wish.sealKey !== undefined || skipsConsent
    if (beside && (isUnasked || !agents.isOnline(device.id))) throw notJoinable(isUnasked)
    // Tools are the first operator's alone.
    const wished = wish.scopes.filter(scope => !isTool(scope) || (!beside && offered.includes(scope)))
    const permitted = permit(policy, principal.user.id, device.groupId, wished, nowMs, mode)
    const { settings } = decideScopes(policy, principal.user.id, device.groupId, wished, nowMs, mode)
    if (skipsConsent && wish.sealKey) throw new HandholdError('bad-request', 'Nobody is there who could be asked.')
    if (skipsConsent) requireMaySkip(policy, principal.user.id, device.groupId, nowMs)
    requireWords(askedWords(settings), wish)
    if (settings.strictAudit.value) copies.requireDurable()
    const operatorKeyThumbprint = await thumbprintOf(wish.operatorKey)
    await this.#parts.trust.requireCertified(wish.operatorChain, {
      organisationId: principal.organisation.id,
      operatorId: principal.user.id,
      deviceId: device.id,
      sessionKeyThumbprint: operatorKeyThumbprint,
      scopes: permitted.scopes,
      unattended: wish.sealKey !== undefined,
      reason: wish.reason,
      ticket: wish.ticket,
    })
    const unattended = wish.sealKey ? await planOf(wish.sealKey, device.id, operatorKeyThumbprint, permitted) : null
    const waits: SessionEvent[] = unattended?.needsApproval
      ? [{ type: 'approval-asked', untilMs: nowMs + APPROVAL_TIMEOUT_MS }]
      : agents.isOnline(device.id)
        ? []
        : [{ type: 'device-offline', untilMs: nowMs + (wish.waitMs ?? QUEUE_TIMEOUT_MS) }]
    const session = await ledger.open(
      {
        id: newId('session', chance),
        organisationId: principal.organisation.id,
        deviceId: device.id,
        operatorId: principal.user.id,
        reason: wish.reason,
        ticket: wish.ticket,
        scopes: permitted.scopes,
        consentTimeoutMs: permitted.consentTimeoutMs,
        durationMaxMs: permitted.durationMaxMs,
        unattended,
        skipsConsent,
        withoutChat: !policy.grants(principal.user.id, device.groupId)('chat').allowed,
        beside: beside?.id ?? null,
        operatorKeyThumbprint,
        operatorChain: wish.operatorChain ?? null,
        matchCommitment: wish.matchCommitment,
        credentialHash: wish.credentialHash,
        state: INITIAL_STATE,
        requestedAtMs: nowMs,
      },
      { events: waits, actor: userActor(principal.user), detail: offlineDetail(waits, device.id) },
      async tx => {
        // Asked again inside the transaction: sign-in, key or device may have gone in between.
        await requireCredential(tx, wish.credentialHash, nowMs)
        const present = await tx.device(device.id)
        if (!present) throw new HandholdError('not-found', 'The device was removed.')
        requireActive(present)
        const now = await policies.of(principal.organisation.id, tx)
        const { scopes } = permit(now, principal.user.id, present.groupId, permitted.scopes, nowMs, mode)
        if (scopes.length < permitted.scopes.length)
          throw new HandholdError('policy-denied', 'Your rights have changed meanwhile. Ask again.')
        if (skipsConsent) requireMaySkip(now, principal.user.id, present.groupId, nowMs)
        if (unattended && (await tx.isUnattendedOff(device.id))) throw switchedOff()
        if (!unattended) requireNotRefusedOften(await tx.lastDenials(principal.user.id, device.id), nowMs)
        const open = await tx.openSessionsOfDevice(device.id)
        if (beside) requireSame(beside, sessionToJoin(open, principal))
        else if (open.some(other => !isOver(other.state)))
          throw new HandholdError('device-busy', 'The device has a session already. Wait until it is over.')
      },
    )
    if (session.state.name === 'requested' && agents.isOnline(device.id)) this.notifyDevice(session)
    return sessionView(session)
  }

  /** Brings the request to its device. Returns at once; what comes of it shows in the session's state. */
  notifyDevice(session: SessionRecord): void {
    if (this.#notifying.has(session.id)) return
    this.#notifying.add(session.id)
    this.#notify(session.id)
      .catch(error => this.#parts.log.error({ err: error, sessionId: session.id }, 'A request was not delivered'))
      .finally(() => this.#notifying.delete(session.id))
  }

  /** The operator's own end. Throws `not-found` for a session of somebody else. */
  async end(
    principal: Principal,
    sessionId: string,
    reason: 'operator-ended' | 'identity-changed' = 'operator-ended',
  ): Promise<void> {
    await this.requireOwn(principal, sessionId)
    await this.#parts.ledger.end(sessionId, { type: 'end', reason }, userActor(principal.user))
  }

  /** The operator goes away from a session that they may come back to. Throws `not-found`, and `illegal-transition` where that can't be. */
  async leave(principal: Principal, sessionId: string): Promise<void> {
    const session = await this.requireOwn(principal, sessionId)
    if (!session.unattended || !('scopes' in session.state))
      throw new HandholdError('illegal-transition', 'Nobody comes back to this session. End it.')
    await this.#parts.agents.request(session.deviceId, { type: 'session.leave', sessionId })
  }

  /** The session if it is the person's own; throws `not-found` for every other id alike. */
  async requireOwn(principal: Principal, sessionId: string): Promise<SessionRecord> {
    const session = await this.#parts.store.read.session(sessionId)
    if (session?.operator.id !== principal.user.id || session.organisation.id !== principal.organisation.id)
      throw new HandholdError('not-found', 'There is no such session of yours.')
    return session
  }

  async #notify(sessionId: string): Promise<void> {
    const { agents } = this.#parts
    for (let tries = 0; tries < NOTIFY_TRIES; tries++) {
      const session = await this.#parts.store.read.session(sessionId)
      if (!session || !isUndelivered(session)) return
      try {
        const request = sessionRequest(session, await this.#bounds(session))
        await agents.request(session.deviceId, { type: 'session.request', request })
        await this.#move(sessionId, impliedNotice)
        return
      } catch (thrown) {
        const refusal = toWireError(thrown)
        if (refusal.code !== 'link-closed' && refusal.code !== 'device-offline')
          return this.#undeliverable(sessionId, refusal)
      }
      const untilMs = this.#parts.clock.nowMs() + QUEUE_TIMEOUT_MS
      await this.#move(sessionId, present => this.#queue(present, untilMs))
      if (!agents.isOnline(session.deviceId)) {
        // In the same turn as the question above: the device's next connection must find the way free.
        this.#notifying.delete(sessionId)
        return
      }
    }
    await this.#undeliverable(sessionId, {
      code: 'link-closed',
      message: 'The device’s connection was lost again and again.',
    })
  }

  /** What the device's group says when the request reaches it. */
  async #bounds(session: SessionRecord): Promise<SessionBounds> {
    const { store, clock, policies } = this.#parts
    const policy = await policies.of(session.organisation.id)
    const groupId = (await store.read.device(session.deviceId))?.groupId ?? rootGroupId(session.organisation.id)
    const { settings } = decideScopes(policy, session.operator.id, groupId, [], clock.nowMs(), modeOf(session))
    const mayChat = !session.withoutChat && policy.grants(session.operator.id, groupId)('chat').allowed
    // Beside another operator only the person's own word counts.
    const isAlwaysAsked = session.unattended !== null || session.beside !== null
    const unasked = isAlwaysAsked ? undefined : unaskedRules(settings, session.skipsConsent)
    return { idleMs: settings.idleMinutes.value * MINUTE_MS, mayChat, unasked }
  }

  #queue({ state }: SessionRecord, untilMs: number): SessionEvent[] {
    const event: SessionEvent = { type: 'device-offline', untilMs }
    return canTransition(state, event) ? [event] : []
  }

  async #undeliverable(sessionId: string, { code, message }: WireError): Promise<void> {
    const ended = await this.#parts.ledger.apply(sessionId, session =>
      isUndelivered(session)
        ? {
            events: [{ type: 'end', ...refusalOf(code) }],
            actor: RELAY_ACTOR,
            detail: { code },
            // The device is hostile input to whoever reads it.
            refusal: { code, message: toDisplayLine(message, 500) },
          }
        : null,
    )
    await this.#parts.ledger.tellEnd(ended)
  }

  #move(sessionId: string, events: (session: SessionRecord) => SessionEvent[]): Promise<SessionRecord> {
    return this.#parts.ledger.apply(sessionId, session => {
      const next = events(session)
      return next.length > 0
        ? { events: next, actor: RELAY_ACTOR, detail: offlineDetail(next, session.deviceId) }
        : null
    })
  }
}

/** The device by name, for the webhook that calls it. */
const offlineDetail = (events: readonly SessionEvent[], deviceId: string) =>
  events.some(({ type }) => type === 'device-offline') ? { deviceId } : {}

function requireNotRefusedOften(deniedAtMs: readonly number[], nowMs: number): void {
  const untilMs = askAgainAtMs(deniedAtMs, nowMs)
  if (untilMs === null) return
  const minutes = Math.max(1, Math.ceil((untilMs - nowMs) / MINUTE_MS))
  throw new HandholdError(
    'asked-too-often',
    `The person at this device has refused you three times. You can ask again in ${minutes} min; talk to them first.`,
  )
}

/** What the device itself decided isn't its failure. */
function refusalOf(code: ErrorCode): { reason: EndReason; cause?: EndCause } {
  if (code === 'asked-too-often') return { reason: 'policy-revoked', cause: code }
  return { reason: /^(unattended|certificate|organisation)-/.test(code) ? 'policy-revoked' : 'agent-failed' }
}

/** Throws `unauthenticated` where the sign-in or API key was taken back meanwhile. */
async function requireCredential(tx: Reader, hash: string, nowMs: number): Promise<void> {
  if (!(await tx.login(hash)) && !(await tx.identity.apiKey(hash, nowMs)))
    throw new HandholdError('unauthenticated', 'You are not signed in any more. Sign in again.')
}

const switchedOff = () =>
  new HandholdError(
    'unattended-off',
    'Too many wrong passwords have shut unattended access to this device. An administrator has to allow it again.',
  )

/** Throws `proof-invalid` for a key that the operator's session key doesn't vouch for. */
async function planOf(
  sealKey: SealKey,
  deviceId: string,
  thumbprint: string,
  permitted: Permit,
): Promise<UnattendedPlan> {
  const claims = await verifyProof('seal', sealKey.proof, thumbprint)
  if (claims.deviceId !== deviceId || claims.key.x !== sealKey.key.x)
    throw new HandholdError('proof-invalid', 'The key for the password was signed for something else.')
  const { kiosk, needsApproval } = permitted
  return { sealKey, ...kiosk, needsApproval, approvedBy: null, otp: null, isTornDown: false }
}

const isUndelivered = ({ state }: SessionRecord) => state.name === 'requested' || state.name === 'queued'
