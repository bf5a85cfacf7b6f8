import { HandholdError } from '#protocol/errors.ts'
import type { PassVerificationKey } from '#protocol/keys.ts'
import type { ProofClaims } from '#protocol/proof.ts'
import { canTransition, INITIAL_STATE, isOver, transition } from '#protocol/session/machine.ts'
import type { EndReason } from '#protocol/session/reasons.ts'
import type { SessionEvent, SessionState } from '#protocol/session/state.ts'
import type { JoinSecret, OtpOffer } from '#protocol/unattended/wire.ts'
import type { AgentToRelay, SessionRequest } from '#protocol/wire/agent.ts'
import type { Paths, TurnCredential } from '#protocol/wire/paths.ts'
import type { Signal } from '#protocol/wire/signal.ts'
import type { Clock } from '../../links/clock.ts'
import type { DisplayAccess } from '../../links/display-access.ts'
import type { Logger } from '../log.ts'
import type { HostLauncher } from '../sessions/host-process.ts'
import { verifyJoin } from '../sessions/join.ts'
import { notAllowed } from '../sessions/not-allowed.ts'
import type { SessionListener } from '../sessions/session.ts'
import type { HelperLauncher } from '../tools/helper-process.ts'
import { OperatorConnection } from './connection.ts'
import { deliver } from './deliver.ts'
import type { Door } from './door.ts'
import { KioskFace } from './kiosk-face.ts'
import type { KioskScreen } from './kiosk-screen.ts'
import { issuePassword } from './password.ts'
import type { Armed } from './state.ts'
import type { TearDown } from './tear-down.ts'
import type { DoorTimes } from './times.ts'
import type { SessionDisplays } from './virtual-display.ts'
import { watchDeadline } from './watch.ts'

export interface UnattendedParts {
  readonly deviceId: string
  readonly passKeys: () => readonly PassVerificationKey[]
  readonly clock: Clock
  readonly newNonce: () => string
  /** With the device's key. */
  readonly sign: (claims: ProofClaims<'transcript'>) => Promise<string>
  readonly hosts: Pick<HostLauncher, 'launch'>
  readonly helpers: Pick<HelperLauncher, 'launch' | 'offers'>
  /** Resolves when the relay acknowledged it. */
  readonly request: (message: AgentToRelay) => Promise<void>
  readonly log: Logger
  readonly door: Door
  readonly screen: KioskScreen
  readonly displays: SessionDisplays
  readonly tearDown: TearDown
  readonly times: DoorTimes
}

/**
 * One session at a device where nobody is asked: a one-time password opens it, its operator may come back for a quarter of an hour after each
 * disconnection, and then nothing of it is left. The relay can ask for it and end it; it can't open it and can't make it longer.
 */
export class UnattendedSession {
  readonly request: SessionRequest
  readonly #parts: UnattendedParts
  readonly #listener: SessionListener
  readonly #log: Logger
  #state: SessionState = transition(INITIAL_STATE, { type: 'device-notified' })
  readonly #face: KioskFace
  #otp: OtpOffer | undefined
  #turn: readonly TurnCredential[] = []
  #connection: OperatorConnection | undefined
  /** The session's own, in the place of one that people look at. */
  #display: DisplayAccess | undefined
  #cancelWatch: () => void = () => undefined
  #cancelHeartbeat: () => void = () => undefined
  readonly #leaseListeners = new Set<(lease: string | undefined) => void>()
  readonly #gone = Promise.withResolvers<void>()
  #ended: Promise<void> | undefined

  private constructor(request: SessionRequest, parts: UnattendedParts, listener: SessionListener) {
    this.request = request
    this.#parts = parts
    this.#listener = listener
    this.#log = parts.log.child({ session: request.sessionId })
    this.#face = new KioskFace({
      request,
      screen: parts.screen,
      onLost: why => this.#faceLost(why),
    })
  }

  /** Begins to arm. */
  static begin(request: SessionRequest, parts: UnattendedParts, listener: SessionListener): UnattendedSession {
    const session = new UnattendedSession(request, parts, listener)
    session.#log.info({ operator: request.operator.id }, 'unattended session requested')
    session.#arm().catch(thrown => {
      session.#log.error({ problem: messageOf(thrown) }, 'the device could not be armed')
      void session.end('agent-failed')
    })
    return session
  }

  /** Takes up what an earlier run of the agent left, within the time that it had left. */
  static resume(armed: Armed, parts: UnattendedParts, listener: SessionListener): UnattendedSession {
    const session = new UnattendedSession(armed.request, parts, listener)
    session.#state = session.#stateOf(armed.openedAt !== null)
    session.#watch()
    session.#log.warn({ state: session.#state.name }, 'an unattended session outlived a restart of the agent')
    return session
  }

  get state(): SessionState {
    return this.#state
  }

  get gone(): Promise<void> {
    return this.#gone.promise
  }

  get lease(): string | undefined {
    return this.#connection?.lease
  }

  onLease(listener: (lease: string | undefined) => void): () => void {
    this.#leaseListeners.add(listener)
    return () => this.#leaseListeners.delete(listener)
  }

  renewLease(): void {
    this.#connection?.renewLease()
  }

  async takeLease(lease: string): Promise<void> {
    if (!this.#connection) throw notAllowed(this.#state)
    await this.#connection.takeLease(lease)
  }

  watch(beat: { readonly statement: string; readonly proof: string }): void {
    this.#connection?.watch(beat)
  }

  /** Again for a relay that may have missed it. */
  get grantReport(): AgentToRelay | undefined {
    const state = this.#state
    if (state.name !== 'lingering') return undefined
    return this.#report({ type: 'lingering', scopes: state.scopes, untilMs: state.untilMs })
  }

  /** The operator asks to come in: for the first time with the password's proof, later with the resume key's. */
  async join(join: {
    readonly pass: string
    readonly proof: string
    readonly secret?: JoinSecret | undefined
  }): Promise<void> {
    const { door, passKeys, deviceId, clock } = this.#parts
    const { sessionId, scopes, operatorKeyThumbprint } = this.request
    const state = this.#state
    const agentNonce = door.armed?.agentNonce
    if ((state.name !== 'otp-issued' && state.name !== 'lingering') || !agentNonce || !join.secret)
      throw notAllowed(state)
    const claims = await verifyJoin(join, {
      passKeys: passKeys(),
      deviceId,
      sessionId,
      agentNonce,
      grantedScopes: scopes,
      operatorKeyThumbprint,
      nowMs: clock.wallMs(),
    })
    if (this.#state !== state) throw notAllowed(this.#state)
    const subject = { sessionId, deviceId, operatorKeyThumbprint, passId: claims.jti, scopes: claims.scopes }
    try {
      await door.open(join.secret, subject)
    } catch (thrown) {
      if (thrown instanceof HandholdError && thrown.code === 'otp-burnt') void this.end('denied')
      throw thrown
    }
    this.#display = await this.#openDisplay()
    if (this.#state !== state) {
      // The teardown came before it was there.
      await this.#parts.displays.close(sessionId)
      throw notAllowed(this.#state)
    }
    this.#enter(agentNonce)
  }

  /** Whatever the relay says, there is no other way here than through it. */
  takePaths({ credentials }: Paths): void {
    this.#turn = credentials
    this.#connection?.setTurn(credentials)
  }

  /** From the operator's peer. Passed on unread, and only after the join. */
  signal(signal: Signal): void {
    if (!this.#connection) throw notAllowed(this.#state)
    this.#connection.signal(signal)
  }

  /** The operator goes away and may come back. */
  leave(): Promise<void> {
    return this.#linger('operator-ended')
  }

  /** Ends the session for good, whoever wants it. Resolves when nothing of it is left. Idempotent: the first reason stays. */
  end(reason: EndReason): Promise<void> {
    this.#ended ??= this.#end(reason)
    return this.#ended
  }

  dispose(reason: EndReason): Promise<void> {
    return this.end(reason)
  }

  async #arm(): Promise<void> {
    const { deviceId, door, tearDown, clock, newNonce, times } = this.#parts
    const { request } = this
    this.#apply({ type: 'arming' })
    await tearDown.finish()
    const { password, salt, storedKey } = await issuePassword()
    const untilMs = clock.wallMs() + times.firstUseMs
    const sealed = await deliver({ deviceId, request, password, untilMs, face: this.#face })
    if (isOver(this.#state)) return
    await door.arm({ request, salt, storedKey, agentNonce: newNonce() })
    if (isOver(this.#state)) return door.shut()
    this.#otp = { salt, sealed }
    this.#apply({ type: 'otp-issued', untilMs })
    this.#watch()
  }

  /** Without one the session goes on: its tools need none. */
  async #openDisplay(): Promise<DisplayAccess | undefined> {
    if (!this.request.unattended?.virtualDisplay) return undefined
    try {
      return await this.#parts.displays.open(this.request.sessionId)
    } catch (thrown) {
      this.#log.warn({ why: messageOf(thrown) }, 'the session has no display')
      return undefined
    }
  }

  #enter(agentNonce: string): void {
    const { clock, door, request: tellRelay, ...parts } = this.#parts
    const { scopes } = this.request
    this.#cancelWatch()
    this.#tellPassersBy(face => face.serviced(clock.wallMs()))
    const untilMs = clock.wallMs() + this.#lengthMs()
    this.#apply({ type: 'armed', scopes, untilMs })
    this.#apply({ type: 'operator-joined' })
    this.#connection = new OperatorConnection({
      ...parts,
      clock,
      request: this.request,
      scopes,
      display: this.#display,
      agentNonce,
      turn: this.#turn,
      untilMs,
      log: this.#log,
      tellRelay,
      state: () => this.#state,
      send: message => this.#listener.send(message),
      onConnected: () => {
        this.#apply({ type: 'peer-connected' })
        this.#beat()
        this.#keepBeating()
      },
      onInterrupted: giveUpInMs => {
        // From this moment on the time for coming back runs.
        this.#beat()
        this.#cancelHeartbeat()
        this.#apply({ type: 'link-interrupted', giveUpAtMs: clock.wallMs() + giveUpInMs })
      },
      onRestored: () => {
        this.#apply({ type: 'link-restored' })
        this.#keepBeating()
      },
      onLease: lease => {
        for (const listener of this.#leaseListeners) listener(lease)
      },
      onOver: reason => void (mayComeBack(reason) ? this.#linger(reason) : this.end(reason)),
    })
    this.#watch()
  }

  async #linger(reason: EndReason): Promise<void> {
    const { door, newNonce } = this.#parts
    const connection = this.#connection
    if (!connection || isOver(this.#state)) return
    const wasConnected = this.#state.name === 'active' || this.#state.name === 'paused'
    this.#connection = undefined
    this.#cancelHeartbeat()
    this.#log.info({ reason }, 'the operator is gone and may come back')
    if (wasConnected) await door.stillConnected()
    await connection.stop(reason)
    await door.renewNonce(newNonce())
    if (isOver(this.#state)) return
    const next = this.#stateOf(true)
    if (next.name === 'lingering') {
      this.#apply({ type: 'lingering', scopes: next.scopes, untilMs: next.untilMs })
      this.#tellPassersBy(face => face.lingering(next.untilMs))
    }
    this.#watch()
  }

  async #end(reason: EndReason): Promise<void> {
    const { door, tearDown } = this.#parts
    const wasOpened = Boolean(door.armed?.openedAt)
    this.#apply({ type: 'end', reason })
    this.#log.info({ reason }, 'unattended session ends')
    this.#cancelWatch()
    this.#cancelHeartbeat()
    const hostPid = this.#connection?.pid
    await this.#connection?.stop(reason)
    this.#connection = undefined
    await this.#face.clear()
    await tearDown.run({ request: this.request, hostPid, wasOpened })
    this.#apply({ type: 'torn-down' })
    this.#listener.onTornDown()
    this.#gone.resolve()
  }

  #tellPassersBy(tell: (face: KioskFace) => Promise<void>): void {
    // Nobody passes by a display in memory.
    if (!this.#display) tell(this.#face).catch(thrown => this.#faceLost(messageOf(thrown)))
  }

  /** Nobody may work behind a screen that should say so and doesn't. */
  #faceLost(why: string): void {
    if (isOver(this.#state)) return
    this.#log.error({ why }, 'the device’s own screen shows nothing any more')
    void this.end('agent-failed')
  }

  #watch(): void {
    const { clock, door } = this.#parts
    this.#cancelWatch()
    this.#cancelWatch = watchDeadline(
      clock,
      () => door.leftMs(),
      () => void this.end('expired'),
    )
  }

  #keepBeating(): void {
    this.#cancelHeartbeat()
    this.#cancelHeartbeat = this.#parts.clock.setTimer(() => {
      this.#beat()
      this.#keepBeating()
    }, this.#parts.times.stillConnectedMs)
  }

  #beat(): void {
    this.#parts.door.stillConnected().catch(thrown => {
      // What can't be remembered can't be bounded.
      this.#log.error({ problem: messageOf(thrown) }, 'the state of the session could not be written')
      void this.end('agent-failed')
    })
  }

  #stateOf(wasOpened: boolean): SessionState {
    const { clock, door, times } = this.#parts
    const untilMs = clock.wallMs() + Math.max(0, Math.min(door.leftMs(), times.lingerMs))
    if (!wasOpened) return { name: 'otp-issued', untilMs }
    return { name: 'lingering', scopes: this.request.scopes, untilMs }
  }

  #lengthMs(): number {
    return this.request.unattended?.lengthMs ?? 0
  }

  #apply(event: SessionEvent): void {
    if (!canTransition(this.#state, event)) {
      this.#log.warn({ state: this.#state.name, event: event.type }, 'event out of order')
      return
    }
    this.#state = transition(this.#state, event)
    this.#connection?.handleState(this.#state)
    // That the operator joined is the relay's own event: it hears of it by the acknowledgement of the join.
    if (event.type !== 'operator-joined') this.#listener.send(this.#report(event))
  }

  #report(event: SessionEvent): AgentToRelay {
    const agentNonce = this.#parts.door.armed?.agentNonce
    const isWayIn = event.type === 'otp-issued' || event.type === 'lingering'
    return {
      type: 'session.event',
      sessionId: this.request.sessionId,
      event,
      ...(isWayIn && agentNonce && { agentNonce }),
      ...(event.type === 'otp-issued' && this.#otp && { otp: this.#otp }),
    }
  }
}

/** What isn't anybody's decision, and the operator's own going. */
const mayComeBack = (reason: EndReason): boolean =>
  reason === 'link-lost' || reason === 'operator-ended' || reason === 'agent-failed'

const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown))
