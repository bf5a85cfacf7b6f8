import { HandholdError } from '#protocol/errors.ts'
import { SESSION_SHELLS_MAX, type SessionShell } from '#protocol/sessions-http.ts'
import { userActor } from '../audit.ts'
import type { Policies } from '../policy/policies.ts'
import type { Principal } from '../principal.ts'
import type { Store } from '../store.ts'
import type { SessionLedger } from './ledger.ts'
import type { SessionFilter, SessionHistory, SessionSight } from './store.ts'

export interface SessionLogParts {
  readonly store: Store
  readonly policies: Policies
  readonly ledger: SessionLedger
}

/** Sessions of now and before, as far as each may look: their own, and those of the devices that they look after. */
export class SessionLog {
  readonly #parts: SessionLogParts

  constructor(parts: SessionLogParts) {
    this.#parts = parts
  }

  /** One more than the limit where there is one more. */
  async page(principal: Principal, filter: SessionFilter): Promise<SessionHistory[]> {
    return this.#parts.store.read.sessionLog.page(await this.#sight(principal), filter)
  }

  /** Throws `not-found` for every session that isn't theirs to see. */
  async get(principal: Principal, sessionId: string): Promise<SessionHistory> {
    const session = await this.#parts.store.read.sessionLog.history(sessionId)
    const { organisationId, userId, groupIds } = await this.#sight(principal)
    if (session?.organisation.id !== organisationId) throw notFound()
    const isTheirs = session.operator.id === userId || groupIds === null || groupIds.includes(session.groupId)
    if (!isTheirs) throw notFound()
    return session
  }

  /** The recordings of its terminals, by name. Throws `not-found`. */
  async shells(principal: Principal, sessionId: string): Promise<SessionShell[]> {
    const { organisation, id } = await this.get(principal, sessionId)
    return this.#parts.store.read.sessionLog.shells(organisation.id, id, SESSION_SHELLS_MAX)
  }

  /** Ends it; nothing happens where it is over. Their own counts as the operator's end. Throws `not-found`. */
  async end(principal: Principal, sessionId: string): Promise<void> {
    const session = await this.get(principal, sessionId)
    const reason = session.operator.id === principal.user.id ? 'operator-ended' : 'admin-ended'
    await this.#parts.ledger.end(sessionId, { type: 'end', reason }, userActor(principal.user))
  }

  async #sight({ organisation, user }: Principal): Promise<SessionSight> {
    const groupIds = await this.#parts.policies.groupsWith(organisation.id, user.id, 'manage-devices')
    return { organisationId: organisation.id, userId: user.id, groupIds }
  }
}

const notFound = () => new HandholdError('not-found', 'There is no such session. Refresh the list.')
