import { HandholdError } from '#protocol/errors.ts'
import type { EndReason } from '#protocol/session/reasons.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import type { SessionState } from '#protocol/session/state.ts'
import { isTool } from '#protocol/tools/tools.ts'
import type { AgentToRelay, RelayToAgent, SessionRequest } from '#protocol/wire/agent.ts'
import { Company } from './company/company.ts'
import { SharedWindow } from './company/shared-window.ts'
import type { DeviceSession } from './device-session.ts'
import type { WindowHandlers } from './person-window.ts'
import { AgentSession, type SessionListener, type SessionParts } from './session.ts'

/** As many as one `agent.hello` can carry beside the live ones. */
const UNREPORTED_MAX = 18

/** What operators in one session have in common. */
interface Shared {
  readonly window: SharedWindow
  readonly company: Company
}

export type SessionMessage = Extract<RelayToAgent, { type: `session.${string}` }>

export interface SupervisorOptions extends SessionParts {
  /** Returns false when the relay isn't there; nothing is kept for it but each session's latest state. */
  readonly send: (message: AgentToRelay) => boolean
  /** The request as it may be carried out. Rejects when its operator isn't one whom this device takes. */
  readonly admit: (request: SessionRequest) => Promise<SessionRequest>
  /** Rejects when the operator of this request may not even be granted these scopes. */
  readonly admitFurther: (request: SessionRequest, scopes: readonly Scope[]) => Promise<void>
  /** Throws where a second person can't be told from one whom the relay made up. */
  readonly admitSecondPerson: () => void
  /** A session without a person. Throws where this device takes none. */
  readonly beginUnattended: (request: SessionRequest, listener: SessionListener) => DeviceSession
}

/**
 * The sessions of this device: one at a time, and one beside it whose operator joined by the person's word. That is also what keeps a dialog safe from remote
 * hands: while a person is being asked, no other session exists that could move their pointer, or it takes no input.
 */
export class SessionSupervisor {
  readonly #options: SupervisorOptions
  /** The live one, and those whose window still says goodbye. */
  readonly #present = new Set<DeviceSession>()
  /** Sessions that ended while the relay was away: it learns the reason from the next hello. */
  readonly #unreported = new Map<string, SessionState>()
  #current: DeviceSession | undefined
  /** The operator who joined it. */
  #guest: AgentSession | undefined
  /** Of the current session, where a person is there. */
  #shared: Shared | undefined
  /** The request that is being checked; what the relay says next may be about it. */
  #opening: Promise<void> = Promise.resolve()
  #isClosed = false

  constructor(options: SupervisorOptions) {
    this.#options = options
  }

  /** For `agent.hello`: the live session and those whose end the relay may not know. */
  states(): { sessionId: string; state: SessionState }[] {
    const ended = [...this.#unreported].map(([sessionId, state]) => ({ sessionId, state }))
    return [...ended, ...this.#live.map(({ request, state }) => ({ sessionId: request.sessionId, state }))]
  }

  /** The relay has taken the states of a hello. */
  statesReported(reported: readonly { readonly sessionId: string }[]): void {
    for (const { sessionId } of reported) this.#unreported.delete(sessionId)
    for (const { grantReport } of this.#live) if (grantReport) this.#options.send(grantReport)
    this.renewLease()
  }

  /** The relay signs with another key, or is back. */
  renewLease(): void {
    for (const session of this.#live) session.renewLease()
  }

  /** One message of the relay. Throws or rejects with a `HandholdError` when it is refused. */
  async handle(message: SessionMessage): Promise<void> {
    const before = this.#opening
    if (message.type === 'session.request') {
      const opening = before.then(() => this.#open(message.request))
      this.#opening = opening.catch(() => undefined)
      return opening
    }
    await before
    const session = this.#find(message.sessionId)
    switch (message.type) {
      case 'session.join':
        // Asked again: between the question and the answer a certificate can run out or be revoked.
        await this.#options.admit(session.request)
        return session.join(message)
      case 'session.match':
        if (!session.reveal) throw new HandholdError('bad-request', 'Nobody is asked for a number.')
        return session.reveal(message.secret)
      case 'session.further':
        if (!session.askFurther) throw new HandholdError('bad-request', 'Nobody at this device could be asked.')
        this.#requireAskable(session, message.scopes)
        await this.#options.admitFurther(session.request, message.scopes)
        return session.askFurther(message.scopes)
      case 'session.signal':
        return session.signal(message.signal)
      case 'session.paths':
        return session.takePaths(message.paths)
      case 'session.leave':
        if (!session.leave)
          throw new HandholdError('bad-request', 'Nobody comes back to a session with a person there.')
        return void session.leave()
      case 'session.lease':
        return session.takeLease(message.lease)
      case 'session.watch':
        this.#options.admitSecondPerson()
        return session.watch(message)
      case 'session.end':
        void session.end(message.reason)
    }
  }

  /** The organisation's key has spoken: whoever it no longer lets in is out. */
  async admitAgain(): Promise<void> {
    for (const session of this.#live)
      await this.#options.admit(session.request).catch(() => session.end('policy-revoked'))
  }

  /** The lease that a session holds now; none while it is frozen, over or not joined. */
  currentLease(sessionId: string): string | undefined {
    return this.#live.find(({ request }) => request.sessionId === sessionId)?.lease
  }

  /** Ends everything and resolves when no child process is left. No session begins after it. Idempotent. */
  async close(reason: EndReason): Promise<void> {
    this.#isClosed = true
    await Promise.all([...this.#present].map(session => session.dispose(reason)))
  }

  /** Ends what there is; sessions may begin after it. */
  async endAll(reason: EndReason): Promise<void> {
    await Promise.all([...this.#present].map(session => session.end(reason)))
  }

  async #open(asked: SessionRequest): Promise<void> {
    if (this.#live.some(({ request }) => request.sessionId === asked.sessionId)) return
    const request = await this.#options.admit(asked)
    if (this.#isClosed) throw new HandholdError('device-offline', 'The agent is being stopped. Try again in a minute.')
    if (request.beside !== undefined) return this.#openBeside(request)
    if (this.#current) throw new HandholdError('device-busy', 'This device is in another session. Try again later.')
    if (!request.unattended) this.#requireNotRefused(request)
    // What is left is over and says so for a moment more; that would stand in front of the question.
    for (const session of this.#present) void session.dispose('user-ended')
    if (request.unattended) {
      this.adopt(listener => this.#options.beginUnattended(request, listener))
      return
    }
    const shared = this.#share()
    const session = this.adopt(listener => this.#begin(request, shared, listener))
    this.#shared = shared
    shared.company.add(session)
  }

  /** Another operator wants to be in the session: by their own key and the person's word, in the window that is there already. */
  #openBeside(request: SessionRequest): void {
    const [first, shared] = [this.#current, this.#shared]
    if (!shared || first?.request.sessionId !== request.beside || first?.state.name !== 'active')
      throw new HandholdError('illegal-transition', 'The session that was to be joined is over, or paused now.')
    if (this.#guest || first.request.operator.id === request.operator.id)
      throw new HandholdError('device-busy', 'Nobody else can join this session now.')
    this.#requireNotRefused(request)
    requireNobodyAsked(shared)
    // Tools are the first operator's; and the person is asked, whatever the relay says.
    const scopes = request.scopes.filter(scope => !isTool(scope))
    const theirs = { ...request, scopes, unasked: undefined }
    this.#adopt(
      listener => this.#begin(theirs, shared, listener),
      session => {
        this.#guest = session
      },
    )
  }

  #share(): Shared {
    const company = new Company(({ request }) =>
      this.#options.send({ type: 'session.turn', sessionId: request.sessionId }),
    )
    const window = new SharedWindow({
      open: this.#options.openWindow,
      onChanged: () => {
        // From the person's "yes" on.
        if (this.#guest && this.#guest.allowed.length > 0) company.add(this.#guest)
        company.changed()
      },
    })
    return { company, window }
  }

  #begin(request: SessionRequest, { window, company }: Shared, listener: SessionListener): AgentSession {
    const openWindow = (handlers: WindowHandlers) => window.openFor(request, handlers)
    const session: AgentSession = new AgentSession(
      request,
      { ...this.#options, openWindow },
      {
        ...listener,
        hasChat: () => company.isFirst(session),
        onTurnWished: wish => company.wish(session, wish),
        onTurnOver: () => company.turnOver(),
      },
    )
    return session
  }

  #requireNotRefused({ operator }: SessionRequest): void {
    if (this.#options.denials.blockedUntilMs(operator.id) !== null)
      throw new HandholdError('asked-too-often', 'The person has refused this operator three times. Ask later.')
  }

  #requireAskable(session: DeviceSession, scopes: readonly Scope[]): void {
    if (this.#shared) requireNobodyAsked(this.#shared)
    if (session === this.#guest && scopes.some(isTool))
      throw new HandholdError('illegal-transition', 'Tools are for the operator who was here first.')
  }

  /** Takes a session as the device's present one; nobody else's session may live then. */
  adopt<T extends DeviceSession>(make: (listener: SessionListener) => T): T {
    this.#shared = undefined
    return this.#adopt(make, session => {
      this.#current = session
    })
  }

  #adopt<T extends DeviceSession>(make: (listener: SessionListener) => T, place: (session: T) => void): T {
    const early: AgentToRelay[] = []
    let made: T | undefined
    const session = make({
      send: message => (made ? this.#send(message, made) : early.push(message) > 0),
      onTornDown: () => made && this.#forget(made),
    })
    made = session
    place(session)
    this.#present.add(session)
    session.sayNumberHalf?.()
    void session.gone.then(() => this.#present.delete(session))
    for (const message of early) this.#send(message, session)
    return session
  }

  #send(message: AgentToRelay, session: DeviceSession): boolean {
    const isSent = this.#options.send(message)
    if (!isSent && message.type === 'session.event' && message.event.type === 'torn-down') this.#keepEnd(session)
    return isSent
  }

  #keepEnd(session: DeviceSession): void {
    const oldest = this.#unreported.keys().next()
    if (this.#unreported.size >= UNREPORTED_MAX && !oldest.done) this.#unreported.delete(oldest.value)
    this.#unreported.set(session.request.sessionId, session.state)
  }

  #forget(session: DeviceSession): void {
    if (this.#guest === session) this.#guest = undefined
    else if (this.#current === session) {
      this.#current = this.#guest
      this.#guest = undefined
    }
    if (session instanceof AgentSession) this.#shared?.company.remove(session)
  }

  /** The current one first. */
  get #live(): DeviceSession[] {
    return [this.#current, this.#guest].filter(session => session !== undefined)
  }

  #find(sessionId: string): DeviceSession {
    const found = this.#live.find(({ request }) => request.sessionId === sessionId)
    if (found) return found
    throw new HandholdError('session-closed', 'This device has no such session. Ask for a new one.')
  }
}

function requireNobodyAsked({ window }: Shared): void {
  if (window.isAsking)
    throw new HandholdError('illegal-transition', 'The person is being asked already. Wait for the answer.')
}
