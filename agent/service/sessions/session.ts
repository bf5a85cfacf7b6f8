import type { ConsentToService } from '#protocol/consent.ts'
import type { PassVerificationKey } from '#protocol/keys.ts'
import { CONNECT_TIMEOUT_MS, CONSENT_ARM_DELAY_MS, CONSENT_TIMEOUT_MS, SESSION_DURATION_MS } from '#protocol/limits.ts'
import type { Company } from '#protocol/peer/company.ts'
import type { ProofClaims } from '#protocol/proof.ts'
import { canTransition, INITIAL_STATE, isLive, isOver, transition } from '#protocol/session/machine.ts'
import type { EndCause, EndReason } from '#protocol/session/reasons.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import type { SessionEvent, SessionState } from '#protocol/session/state.ts'
import type { UnaskedCause } from '#protocol/session/unasked.ts'
import type { AgentToRelay, SessionRequest } from '#protocol/wire/agent.ts'
import type { Paths } from '#protocol/wire/paths.ts'
import type { Signal } from '#protocol/wire/signal.ts'
import type { ConsentWindow } from '../../consent/consent-window.ts'
import type { Clock } from '../../links/clock.ts'
import { type KeepOut, NO_KEEP_OUT } from '../../links/host-link.ts'
import type { DeskState } from '../../platform/platform.ts'
import type { Logger } from '../log.ts'
import type { Receipts } from '../receipts/receipts.ts'
import type { SessionReceipts } from '../receipts/session-receipts.ts'
import type { HelperLauncher } from '../tools/helper-process.ts'
import { SessionTools, type WatchBeatWire } from '../tools/session-tools.ts'
import { ConsentDecision, type ConsentOutcome } from './consent-decision.ts'
import type { Denials } from './denials.ts'
import { type Beginning, DeskRules } from './desk-rules.ts'
import { DeskWatch } from './desk-watch.ts'
import { FurtherQuestions } from './further-question.ts'
import { HostMessages } from './host-messages.ts'
import type { HostLauncher, HostProcess } from './host-process.ts'
import { IdleWatch } from './idle-watch.ts'
import { verifyJoin } from './join.ts'
import type { LeaseKeeper } from './lease-keeper.ts'
import { LiveRights } from './live-rights.ts'
import { notAllowed } from './not-allowed.ts'
import { NumberQuestion } from './number-question.ts'
import { OperatorLink } from './operator-link.ts'
import { OperatorProof } from './operator-proof.ts'
import { PersonWindow, type WindowHandlers } from './person-window.ts'
import { SessionBanner } from './session-banner.ts'
import { keepSessionLease } from './session-lease.ts'

export interface SessionParts {
  readonly deviceId: string
  /** The keys of the relay that are good now: pinned at enrolment, or handed over to. */
  readonly passKeys: () => readonly PassVerificationKey[]
  readonly clock: Clock
  readonly newNonce: () => string
  /** Whom the person refused here. */
  readonly denials: Denials
  /** With the device's key. */
  readonly sign: (claims: ProofClaims<'transcript'>) => Promise<string>
  readonly hosts: Pick<HostLauncher, 'launch'>
  readonly helpers: Pick<HelperLauncher, 'launch' | 'offers'>
  readonly receipts: Pick<Receipts, 'open'>
  /** What may begin without an answer of the person's, by this device's own configuration. */
  readonly withoutConsent: readonly UnaskedCause[]
  readonly readDesk: () => Promise<DeskState>
  /** When the person here asked this operator for help; null where they didn't. */
  readonly helpAskedAtMs: (operatorId: string) => number | null
  readonly openWindow: (handlers: WindowHandlers) => ConsentWindow
  /** Resolves when the relay acknowledged it. */
  readonly request: (message: AgentToRelay) => Promise<void>
  readonly log: Logger
}

export interface SessionListener {
  /** Returns false when the relay isn't there to take it. */
  readonly send: (message: AgentToRelay) => boolean
  /** No host, no channel and no deadline is left. */
  readonly onTornDown: () => void
  /** The chat is with this operator now. */
  readonly hasChat?: () => boolean
  /** Its operator wants to give mouse and keyboard to the other one, or to have them back. */
  readonly onTurnWished?: (wish: 'give' | 'take') => void
  /** Nothing of theirs is held after a turn was taken from them. */
  readonly onTurnOver?: () => void
}

/**
 * One session at the device, from the request to the end. The relay can ask, join, signal and end; the person alone can allow.
 * Every change of state goes through the protocol's machine and is told to the relay.
 */
export class AgentSession {
  readonly request: SessionRequest
  readonly #parts: SessionParts
  readonly #listener: SessionListener
  readonly #log: Logger
  readonly #window: PersonWindow
  #host: HostProcess | undefined
  readonly #decision: ConsentDecision
  readonly #number: NumberQuestion
  readonly #desk: DeskWatch
  readonly #idle: IdleWatch
  /** From the "yes" on. */
  #rights: LiveRights | undefined
  #further: FurtherQuestions | undefined
  readonly #banner: SessionBanner
  readonly #hostMessages: HostMessages
  readonly #deskRules: DeskRules
  #deskState: DeskState = 'unknown'
  #kept = NO_KEEP_OUT
  #isAsked = false
  #isCovered = false
  #unasked: UnaskedCause | undefined
  readonly #receipts: SessionReceipts
  readonly #deadlines = new Set<() => void>()
  #state: SessionState = transition(INITIAL_STATE, { type: 'device-notified' })
  /** Made when the person agrees, never before: without it no proof can be right. */
  #agentNonce: string | undefined
  #cancelConnectDeadline: (() => void) | undefined
  #link: OperatorLink | undefined
  /** From the join on. */
  #leases: LeaseKeeper | undefined
  #tools: SessionTools | undefined
  readonly #leaseListeners = new Set<(lease: string | undefined) => void>()

  constructor(request: SessionRequest, parts: SessionParts, listener: SessionListener) {
    const consentTimeoutMs = Math.min(request.consentTimeoutMs, CONSENT_TIMEOUT_MS)
    this.request = { ...request, consentTimeoutMs }
    this.#parts = parts
    this.#listener = listener
    this.#log = parts.log.child({ session: request.sessionId })
    this.#deskRules = new DeskRules(request.unasked ?? {}, parts.withoutConsent)
    this.#number = new NumberQuestion(request, parts.newNonce())
    this.#receipts = parts.receipts.open(this.request)
    this.#decision = new ConsentDecision({
      clock: parts.clock,
      timeoutMs: consentTimeoutMs,
      armDelayMs: CONSENT_ARM_DELAY_MS,
      askedScopes: request.scopes,
      isRightNumber: number => this.#number.isRight(number),
      onShown: () => this.#handleShown(consentTimeoutMs),
      onTooEarly: () => this.#window.ask(),
      onDecided: outcome => this.#handleDecision(outcome),
    })
    this.#log.info({ operator: request.operator.id }, 'session requested')
    // The window comes first and waits for nothing: the operator waits for the person, and the person should wait for nobody.
    this.#window = this.#openWindow()
    this.#banner = new SessionBanner(this.#window)
    this.#idle = new IdleWatch({ clock: parts.clock, idleMs: request.idleMs, onIdle: () => void this.end('idle') })
    this.#desk = new DeskWatch({
      clock: parts.clock,
      read: parts.readDesk,
      onState: state => this.#handleDesk(state),
    })
    this.#hostMessages = this.#listenToHost()
  }

  /** Says the device's half of the numbers, where the request wants numbers. */
  sayNumberHalf(): void {
    const { sessionId } = this.request
    if (this.#number.isAsked) this.#listener.send({ type: 'session.match', sessionId, nonce: this.#number.nonce })
  }

  get state(): SessionState {
    return this.#state
  }

  /** What the person allows now; nothing before their answer. */
  get allowed(): readonly Scope[] {
    return this.#rights?.scopes ?? []
  }

  get #hasChat(): boolean {
    return !this.request.withoutChat && (this.#listener.hasChat?.() ?? true)
  }

  tellCompany(people: Company): void {
    this.#host?.send({ type: 'set-company', people })
  }

  /** The operator whom this one was joined to is gone: what the person allowed beside them doesn't count for them alone. */
  leftAlone(): void {
    if (isLive(this.#state)) this.#takeBack()
    else void this.end('operator-ended', 'first-left')
  }

  /** Resolves when the session's window is gone. */
  get gone(): Promise<void> {
    return this.#window.gone
  }

  /** The newest lease while it holds. */
  get lease(): string | undefined {
    return this.#leases?.current
  }

  /** Hears each new lease, and `undefined` when the one there was holds no more. Returns the function that ends that. */
  onLease(listener: (lease: string | undefined) => void): () => void {
    this.#leaseListeners.add(listener)
    return () => this.#leaseListeners.delete(listener)
  }

  /** The relay is back: it may have changed its mind meanwhile. */
  renewLease(): void {
    this.#leases?.renew()
  }

  /** Rejects with `lease-invalid` for anything but the answer to this session's newest question. */
  async takeLease(lease: string): Promise<void> {
    if (!this.#leases) throw notAllowed(this.#state)
    await this.#leases.accept(lease)
  }

  /** Again for a relay that may have missed it. */
  get grantReport(): AgentToRelay | undefined {
    const state = this.#state
    if (state.name !== 'granted') return undefined
    return this.#report(this.#grant(state))
  }

  /** The operator asks to come in. Rejects unless the person agreed to exactly this operator, session and scopes. */
  async join(join: { readonly pass: string; readonly proof: string }): Promise<void> {
    const { state } = this
    const agentNonce = this.#agentNonce
    const host = this.#host
    if (state.name !== 'granted' || agentNonce === undefined || !host) throw notAllowed(state)
    await verifyJoin(join, {
      passKeys: this.#parts.passKeys(),
      deviceId: this.#parts.deviceId,
      sessionId: this.request.sessionId,
      agentNonce,
      grantedScopes: state.scopes,
      operatorKeyThumbprint: this.request.operatorKeyThumbprint,
      nowMs: this.#parts.clock.wallMs(),
    })
    // The person may have ended it while the signatures were being checked.
    if (this.#state !== state) throw notAllowed(this.#state)
    this.#apply({ type: 'operator-joined' })
    const { clock } = this.#parts
    const expectProof = (connection?: number) => this.#expectProof(host, agentNonce, state, connection)
    this.#link = new OperatorLink({ host, clock, expectProof })
    host.send({ type: 'start', sessionId: this.request.sessionId, scopes: state.scopes, mayReturn: true })
    this.#leases = this.#keepLease(host)
    this.#tools = this.#openTools(agentNonce)
  }

  watch(beat: WatchBeatWire): void {
    this.#tools?.handleWatch(beat)
  }

  /** The operator's half of the numbers. Another one than they committed to ends the request. */
  async reveal(secret: string): Promise<void> {
    try {
      this.#window.showNumbers(await this.#number.reveal(secret))
    } catch (thrown) {
      this.#log.warn('the operator’s number doesn’t fit the request')
      void this.end('agent-failed')
      throw thrown
    }
  }

  /** The operator wants more of a session that is active. */
  askFurther(scopes: readonly Scope[]): void {
    if (this.#state.name !== 'active' || !this.#further) throw notAllowed(this.#state)
    this.#further.ask(scopes)
  }

  /** From the operator's peer. Passed on unread, and only after the join. */
  takePaths(paths: Paths): void {
    this.#host?.setPaths(paths)
  }

  signal(signal: Signal): void {
    if (!['connecting', 'active', 'paused', 'reconnecting'].includes(this.#state.name)) throw notAllowed(this.#state)
    // Before there was a first connection there is none to come back to.
    if (signal.kind === 'again' && !isLive(this.#state)) throw notAllowed(this.#state)
    this.#link?.take(signal)
  }

  /** Ends the session, whoever wants it. Resolves when its host is gone. Idempotent: the first reason stays. */
  async end(reason: EndReason, cause?: EndCause): Promise<void> {
    if (!isOver(this.#state)) {
      this.#apply({ type: 'end', reason, ...(cause && { cause }) })
      this.#log.info({ reason, cause }, 'session ends')
      this.#desk.close()
      this.#idle.stop()
      this.#further?.cancel()
      this.#receipts.ended(reason)
      this.#decision.cancel()
      this.#leases?.stop()
      this.#tellLease()
      for (const cancel of this.#deadlines) cancel()
      this.#rights?.close()
      void this.#window.sayOver(reason)
      await Promise.all([this.#host?.stop(reason), this.#tools?.stop()])
      this.#apply({ type: 'torn-down' })
      this.#listener.onTornDown()
    } else await this.#host?.stop(reason)
  }

  /** Ends the window too, without its moment of farewell. */
  async dispose(reason: EndReason): Promise<void> {
    const ended = this.end(reason)
    this.#window.kill()
    await Promise.all([ended, this.gone])
  }

  #expectProof(
    host: HostProcess,
    agentNonce: string,
    { scopes, untilMs }: Extract<SessionState, { name: 'granted' }>,
    connection: number | undefined,
  ): OperatorProof {
    const { deviceId, sign } = this.#parts
    return new OperatorProof({
      ...{ request: this.request, connection, host, deviceId, agentNonce, scopes, untilMs, sign, log: this.#log },
      send: message => this.#listener.send(message),
      onRefused: () => void this.end('identity-changed'),
    })
  }

  #keepLease(host: HostProcess): LeaseKeeper {
    const { clock, newNonce, passKeys, deviceId } = this.#parts
    return keepSessionLease({
      ...{ request: this.request, deviceId, passKeys, clock, newNonce, host, log: this.#log },
      send: message => this.#listener.send(message),
      onChanged: () => this.#tellLease(),
      onLapsed: reason => void this.end(reason),
    })
  }

  #openTools(agentNonce: string): SessionTools {
    const { helpers, deviceId, passKeys, clock, request } = this.#parts
    const { sessionId } = this.request
    return new SessionTools({
      helpers,
      deviceId,
      passKeys,
      clock,
      log: this.#log,
      request: this.request,
      agentNonce,
      scopes: () => (this.#state.name === 'active' ? this.#state.scopes : []),
      lease: () => this.lease,
      report: report => request({ type: 'session.tool', sessionId, report }),
      show: sealed => void this.#listener.send({ type: 'session.watched', sessionId, sealed }),
      toHost: (message, socket) => this.#host?.tell(message, socket),
      onWitnessed: witnessed => {
        if (!isOver(this.#state)) this.#banner.setWitnessed(witnessed)
      },
    })
  }

  #tellLease(): void {
    this.#tools?.handleLease()
    for (const listener of this.#leaseListeners) listener(this.lease)
  }

  #openWindow(): PersonWindow {
    const { openWindow: open, clock, helpAskedAtMs } = this.#parts
    return new PersonWindow({
      ...{ request: this.request, clock, open },
      helpAskedAtMs: helpAskedAtMs(this.request.operator.id),
      onMessage: message => {
        if (message.type === 'shown') this.#receipts.shown(message.words)
        if (message.type === 'ready') void this.#begin()
        else if (this.#rights === undefined) this.#decision.handle(message)
        else this.#handleBanner(message, this.#rights)
      },
      onGone: why => this.#handleWindowGone(why),
      onLine: line => this.#log.warn({ part: 'consent' }, line),
      onOthersAsked: asking => this.#host?.send({ type: 'set-asking', asking }),
      onAlone: () => void this.end('operator-ended', 'first-left'),
    })
  }

  #handleShown(consentTimeoutMs: number): void {
    this.#log.info('the question is on the screen')
    this.#apply({ type: 'consent-shown', untilMs: this.#parts.clock.wallMs() + consentTimeoutMs })
    // While the person reads, the host loads and gets nothing of the operator's: "yes" is then followed by a picture at once.
    // Not before: its addon would take the processor from the window that the person waits for.
    this.#launchHost()
  }

  #launchHost(): void {
    this.#host = this.#parts.hosts.launch(
      message => this.#hostMessages.handle(message),
      why => this.#hostMessages.died(why),
    )
  }

  #listenToHost(): HostMessages {
    const { clock } = this.#parts
    return new HostMessages({
      ...{ request: this.request, clock, log: this.#log, window: this.#window, idle: this.#idle },
      chat: this.#receipts.chat,
      state: () => this.#state,
      rights: () => this.#rights,
      link: () => this.#link,
      tools: () => this.#tools,
      apply: event => this.#apply(event),
      send: message => void this.#listener.send(message),
      end: reason => void this.end(reason),
      onLink: isUp => this.#banner.setLinkUp(isUp),
      onConnected: () => this.#cancelConnectDeadline?.(),
      hasChat: () => this.#hasChat,
      onTurnWished: wish => this.#listener.onTurnWished?.(wish),
      onTurnOver: () => this.#listener.onTurnOver?.(),
    })
  }

  /** The window can show something. Where that may depend on who is at the desk, the first look comes before the question. */
  async #begin(): Promise<void> {
    const beginning: Beginning = this.#deskRules.wantsLook
      ? this.#deskRules.begin(await this.#desk.first)
      : { how: 'ask' }
    if (isOver(this.#state)) return
    if (beginning.how === 'refuse') this.#decision.nobodyThere(beginning.cause)
    else if (beginning.how === 'unasked') this.#announce(beginning.cause)
    else {
      this.#isAsked = true
      this.#window.ask()
    }
  }

  /** Nobody is asked, and nobody who is there is left in the dark: it begins once the banner can be seen. */
  #announce(cause: UnaskedCause): void {
    const { clock } = this.#parts
    this.#log.info({ cause }, 'nobody is asked')
    this.#unasked = cause
    this.#decision.announce(cause)
    this.#window.announce()
    this.#banner.begin({ scopes: this.request.scopes, isPauseInForce: false }, clock.wallMs(), cause)
  }

  #handleBanner(message: ConsentToService, rights: LiveRights): void {
    if (isOver(this.#state)) return
    if (message.type === 'end') void this.end('user-ended')
    else if (message.type === 'pause') rights.setPaused('user', message.isPaused)
    else if (message.type === 'gone') void this.#endWithoutBanner(rights)
    else if (message.type === 'place') this.#keepOut({ area: message.area })
    else if (message.type === 'keyboard') this.#keepOut({ hasKeyboard: message.isHere })
    else if (message.type === 'covered') {
      this.#isCovered = message.isCovered
      this.#restIfUnseen(rights)
    } else if (message.type === 'shown' || message.type === 'answer') this.#further?.handle(message)
    else if (message.type === 'take-back') this.#takeBack()
    else if (message.type === 'chat' && isLive(this.#state) && this.#hasChat) {
      this.#receipts.chat.note('person', message.chat)
      this.#host?.send({ type: 'chat', chat: message.chat })
    }
  }

  #handleDecision(outcome: ConsentOutcome): void {
    if (!outcome.accepted) {
      this.#log.info({ why: outcome.why }, 'no consent')
      if (outcome.reason === 'denied') this.#parts.denials.record(this.request.operator.id)
      void this.end(outcome.reason, outcome.cause)
      return
    }
    const { clock, newNonce } = this.#parts
    const { scopes, unasked } = outcome
    const durationMs = Math.min(this.request.durationMs, SESSION_DURATION_MS)
    const sinceMs = clock.wallMs()
    if (!this.#host) this.#launchHost()
    this.#agentNonce = newNonce()
    this.#rights = this.#makeRights(scopes)
    this.#further = this.#makeFurther(this.#rights, sinceMs + durationMs)
    this.#apply(this.#grant({ scopes, untilMs: sinceMs + durationMs }))
    if (unasked) this.#receipts.began(unasked, scopes, durationMs)
    else this.#receipts.answered('granted', scopes, durationMs)
    this.#banner.begin(this.#rights, sinceMs, unasked)
    this.#deadline(() => void this.end('expired'), durationMs)
    this.#cancelConnectDeadline = this.#deadline(() => void this.end('link-lost'), CONNECT_TIMEOUT_MS)
  }

  /** The operator only sees from now on. */
  #takeBack(): void {
    this.#further?.refuse()
    this.#rights?.takeBack()
  }

  #makeRights(granted: Scope[]): LiveRights {
    return new LiveRights({
      clock: this.#parts.clock,
      granted,
      tellHost: message => this.#host?.send(message),
      onEvent: event => this.#apply(event),
      onChanged: () => this.#banner.show(),
      onDisobeyed: () => {
        this.#log.error('the session host doesn’t say that it paused')
        void this.end('agent-failed')
      },
    })
  }

  #makeFurther(rights: LiveRights, untilMs: number): FurtherQuestions {
    const { clock, denials } = this.#parts
    const { operator, consentTimeoutMs: timeoutMs } = this.request
    return new FurtherQuestions({
      ...{ clock, log: this.#log, timeoutMs, operatorId: operator.id, denials, rights },
      receipts: this.#receipts,
      window: this.#window,
      tellHost: message => this.#host?.send(message),
      leftMs: () => Math.max(0, untilMs - clock.wallMs()),
      onEvent: event => this.#apply(event),
      // A helper takes only what the lease names.
      onGranted: () => this.#leases?.renew(),
    })
  }

  /** A screen that is locked shows neither question nor banner; who signs out takes both along. */
  #handleDesk(state: DeskState): void {
    this.#log.info({ desk: state }, 'the desktop')
    this.#deskState = state
    const rights = this.#rights
    if (!rights) {
      this.#handleDeskBefore(state)
      return
    }
    const standing = this.#deskRules.standing(state, this.#unasked)
    if (standing === 'signed-out') void this.end('user-ended', 'signed-out')
    else if (standing === 'signed-in') void this.end('policy-revoked', 'signed-in')
    else {
      if (state === 'locked') this.#further?.nobodyThere()
      rights.setPaused('locked', standing === 'rests')
      this.#restIfUnseen(rights)
    }
  }

  /** Who is asked and goes away has not answered; what may begin without anybody is no answer to a question either. */
  #handleDeskBefore(state: DeskState): void {
    const beginning = this.#deskRules.begin(state)
    if (beginning.how === 'refuse') this.#decision.nobodyThere(beginning.cause)
    else if (beginning.how === 'unasked' && this.#isAsked && beginning.cause !== 'skip-consent')
      this.#decision.nobodyThere(beginning.cause)
  }

  /** What stands in front of the banner is the lock itself where a session may go on behind it. */
  #restIfUnseen(rights: LiveRights): void {
    const isLock = this.#deskState === 'locked' && this.#deskRules.mayGoOnLocked
    rights.setPaused('covered', this.#isCovered && !isLock)
  }

  #handleWindowGone(why: string): void {
    if (isOver(this.#state)) return
    if (this.#agentNonce === undefined) this.#decision.windowGone(why)
    else void this.#endWithoutBanner(this.#rights)
  }

  /** Nobody may be watched without the banner. Whoever signs out takes it with them, and it may be gone before the next look at the desk. */
  async #endWithoutBanner(rights: LiveRights | undefined): Promise<void> {
    rights?.setPaused('covered', true)
    const desk = await this.#parts.readDesk().catch(() => 'unknown')
    if (desk === 'nobody') await this.end('user-ended', 'signed-out')
    else await this.end('agent-failed', 'banner-gone')
  }

  /** What belongs to the person's window. */
  #keepOut(changed: Partial<KeepOut>): void {
    this.#kept = { ...this.#kept, ...changed }
    this.#host?.send({ type: 'set-keep-out', keepOut: this.#kept })
  }

  #apply(event: SessionEvent): void {
    if (!canTransition(this.#state, event)) {
      this.#log.warn({ state: this.#state.name, event: event.type }, 'event out of order')
      return
    }
    this.#state = transition(this.#state, event)
    this.#tools?.handleState(this.#state)
    // These are the relay's own: it hears of them by the acknowledgement of what it said.
    if (event.type !== 'operator-joined' && event.type !== 'further-asked') this.#listener.send(this.#report(event))
  }

  #grant({
    scopes,
    untilMs,
  }: {
    scopes: Scope[]
    untilMs: number
  }): Extract<SessionEvent, { type: 'consent-granted' }> {
    return { type: 'consent-granted', scopes, untilMs, ...(this.#unasked && { unasked: this.#unasked }) }
  }

  #report(event: SessionEvent): AgentToRelay {
    const nonce = event.type === 'consent-granted' && this.#agentNonce ? { agentNonce: this.#agentNonce } : {}
    return { type: 'session.event', sessionId: this.request.sessionId, event, ...nonce }
  }

  #deadline(run: () => void, delayMs: number): () => void {
    const cancel = this.#parts.clock.setTimer(run, delayMs)
    this.#deadlines.add(cancel)
    return cancel
  }
}
