import { HandholdError } from '#protocol/errors.ts'
import { type Ed25519PublicJwk, type SealPublicJwk, thumbprintOf } from '#protocol/keys.ts'
import { toDisplayLine } from '#protocol/text.ts'
import { TOOLS, type Tool } from '#protocol/tools/tools.ts'
import type { WatchView } from '#protocol/tools/watch/http.ts'
import { WATCH_LAPSE_MS } from '#protocol/tools/watch/limits.ts'
import { WATCH } from '#protocol/tools/watch/statement.ts'
import { userActor } from '../audit.ts'
import type { Clock } from '../clock.ts'
import type { AgentGateway, OperatorGateway } from '../gateways.ts'
import type { Policies } from '../policy/policies.ts'
import type { Principal } from '../principal.ts'
import type { TokenSigner } from '../sessions/passes.ts'
import type { SessionRecord, Store } from '../store.ts'

/** The word is for the moment; the device counts the time between two by its own clock. */
const STATEMENT_TTL_S = 30

export interface WatchesParts {
  readonly store: Store
  readonly clock: Clock
  readonly signer: TokenSigner
  readonly policies: Policies
  readonly agents: AgentGateway
  readonly operators: OperatorGateway
}

interface Watcher {
  readonly principal: Principal
  readonly thumbprint: string
  readonly sealKey: SealPublicJwk
  beatAtMs: number
}

/** Second persons: whose sessions want one, who looks now, and their beats on the way to the device. Nothing of it outlives this program: a look is of the moment. */
export class Watches {
  readonly #parts: WatchesParts
  /** What a second person is wanted for, by session. */
  readonly #wanted = new Map<string, Set<Tool>>()
  readonly #watchers = new Map<string, Watcher>()

  constructor(parts: WatchesParts) {
    this.#parts = parts
  }

  /** Before a grant of a tool that takes two. Throws `second-person-needed`, and lets those know who could be it. */
  async requireWatched(session: SessionRecord, tool: Tool): Promise<void> {
    const watcher = this.#watchers.get(session.id)
    const isLooking =
      watcher && this.#isFresh(watcher) && (await this.#toolsOf(watcher.principal, session)).includes(tool)
    if (isLooking) return
    const wanted = this.#wanted.get(session.id) ?? new Set()
    const isNew = !wanted.has(tool)
    this.#wanted.set(session.id, wanted.add(tool))
    if (isNew) this.#announce(session.organisation.id)
    throw new HandholdError(
      'second-person-needed',
      'This tool takes two: it opens when a second operator who has the right to it watches.',
    )
  }

  /** What this person may watch, and is wanted for. */
  async list(principal: Principal): Promise<WatchView[]> {
    const views: WatchView[] = []
    for (const sessionId of this.#wanted.keys()) {
      const session = await this.#parts.store.read.session(sessionId)
      const view = session && (await this.#viewFor(principal, session))
      if (view) views.push(view)
    }
    return views
  }

  /** Throws `not-found` for what this person can't watch, their own sessions included, and `illegal-transition` while somebody else watches. */
  async begin(principal: Principal, sessionId: string, key: Ed25519PublicJwk, sealKey: SealPublicJwk) {
    const session = await this.#parts.store.read.session(sessionId)
    const view = session && (await this.#viewFor(principal, session))
    if (!session || session.agentNonce === null || !view) throw notYours()
    const present = this.#watchers.get(sessionId)
    if (present && present.principal.user.id !== principal.user.id && this.#isFresh(present))
      throw new HandholdError('illegal-transition', `${present.principal.user.name} watches already.`)
    const thumbprint = await thumbprintOf(key)
    await this.#audit(principal, session, 'tool.watch-began', { tools: view.tools })
    this.#watchers.set(sessionId, { principal, thumbprint, sealKey, beatAtMs: this.#parts.clock.nowMs() })
    this.#parts.operators.toUser(session.operator.id, { type: 'session.watch-began', sessionId })
    this.#announce(session.organisation.id)
    return { watch: { ...view, watcher: principal.user.name }, agentNonce: session.agentNonce }
  }

  /** Passes a beat on, with the relay's word that its author may still watch. Throws `not-found` for who doesn't watch it, `session-closed` for what is over, and `forbidden` for who may no longer. */
  async beat(principal: Principal, sessionId: string, proof: string): Promise<void> {
    const { store, clock, signer, agents } = this.#parts
    const session = await store.read.session(sessionId)
    if (session?.organisation.id !== principal.organisation.id) throw notYours()
    if (!isLive(session)) throw new HandholdError('session-closed', 'The session is over.')
    const watcher = this.#watchers.get(sessionId)
    if (watcher?.principal.user.id !== principal.user.id) throw notYours()
    const tools = await this.#toolsOf(principal, session)
    if (tools.length === 0)
      throw new HandholdError('forbidden', 'You may not use these tools any more, so you can’t watch.')
    const nowMs = clock.nowMs()
    watcher.beatAtMs = nowMs
    const iat = Math.floor(nowMs / 1000)
    const { id, email, name } = principal.user
    const statement = await signer.sign(WATCH, {
      iss: WATCH.issuer,
      aud: session.deviceId,
      sub: id,
      label: toDisplayLine(`${name} <${email}>`, 120),
      sid: sessionId,
      tools,
      cnf: { jkt: watcher.thumbprint },
      seal: watcher.sealKey,
      iat,
      exp: iat + STATEMENT_TTL_S,
    })
    agents.notify(session.deviceId, { type: 'session.watch', sessionId, statement, proof })
  }

  /** They look away. Throws `not-found` for who doesn't look. */
  async end(principal: Principal, sessionId: string): Promise<void> {
    const watcher = this.#watchers.get(sessionId)
    if (watcher?.principal.user.id !== principal.user.id) throw notYours()
    this.#watchers.delete(sessionId)
    const session = await this.#parts.store.read.session(sessionId)
    if (!session) return
    await this.#audit(principal, session, 'tool.watch-ended', {})
    this.#announce(session.organisation.id)
  }

  /** What the device shows, for whoever watches. Throws `not-found` for a session of another device. */
  async show(deviceId: string, sessionId: string, sealed: string): Promise<void> {
    const session = await this.#parts.store.read.session(sessionId)
    if (session?.deviceId !== deviceId) throw new HandholdError('not-found', 'There is no such session of yours.')
    const watcher = this.#watchers.get(sessionId)
    if (watcher) this.#parts.operators.toUser(watcher.principal.user.id, { type: 'watch.shown', sessionId, sealed })
  }

  /** The session is over. */
  forget({ id, organisation }: SessionRecord): void {
    const wasWanted = this.#wanted.delete(id)
    this.#watchers.delete(id)
    if (wasWanted) this.#announce(organisation.id)
  }

  async #viewFor(principal: Principal, session: SessionRecord): Promise<WatchView | undefined> {
    const isTheirs = session.organisation.id === principal.organisation.id && session.operator.id !== principal.user.id
    if (!isTheirs || !isLive(session)) return undefined
    const wanted = this.#wanted.get(session.id) ?? new Set()
    const tools = (await this.#toolsOf(principal, session)).filter(tool => wanted.has(tool))
    if (tools.length === 0) return undefined
    const watcher = this.#watchers.get(session.id)
    const { id: sessionId, deviceName, operator, reason } = session
    const isWatched = watcher !== undefined && this.#isFresh(watcher)
    return { sessionId, deviceName, operator, reason, tools, watcher: isWatched ? watcher.principal.user.name : null }
  }

  /** The tools of the device that the person might use themselves now. */
  async #toolsOf({ user, organisation }: Principal, { deviceId }: SessionRecord): Promise<Tool[]> {
    const { store, policies, clock } = this.#parts
    const device = await store.read.device(deviceId)
    if (device?.organisationId !== organisation.id) return []
    const policy = await policies.of(organisation.id)
    const request = { capabilities: TOOLS, mode: 'interactive' as const, nowMs: clock.nowMs() }
    const { allowed } = policy.decide(user.id, device.groupId, request)
    return TOOLS.filter(tool => allowed.some(({ capability }) => capability === tool))
  }

  #isFresh({ beatAtMs }: Watcher): boolean {
    return this.#parts.clock.nowMs() - beatAtMs <= WATCH_LAPSE_MS
  }

  #announce(organisationId: string): void {
    const { operators } = this.#parts
    for (const userId of operators.usersOf(organisationId)) operators.toUser(userId, { type: 'watches.changed' })
  }

  #audit(principal: Principal, session: SessionRecord, action: string, detail: Record<string, unknown>): Promise<void> {
    const { store, clock } = this.#parts
    return store.write(tx =>
      tx.audit({
        organisationId: session.organisation.id,
        atMs: clock.nowMs(),
        actor: userActor(principal.user),
        action,
        subject: session.id,
        detail: { ...detail, operator: session.operator.email },
      }),
    )
  }
}

const isLive = ({ state }: SessionRecord): boolean => 'scopes' in state
const notYours = () => new HandholdError('not-found', 'There is no such session that you could watch.')
