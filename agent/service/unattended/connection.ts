import type { PassVerificationKey } from '#protocol/keys.ts'
import { CONNECT_TIMEOUT_MS } from '#protocol/limits.ts'
import type { ProofClaims } from '#protocol/proof.ts'
import { isLive } from '#protocol/session/machine.ts'
import type { EndReason } from '#protocol/session/reasons.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import type { SessionState } from '#protocol/session/state.ts'
import type { AgentToRelay, SessionRequest } from '#protocol/wire/agent.ts'
import type { TurnCredential } from '#protocol/wire/paths.ts'
import type { Signal } from '#protocol/wire/signal.ts'
import type { Clock } from '../../links/clock.ts'
import type { DisplayAccess } from '../../links/display-access.ts'
import type { HostToService } from '../../links/host-link.ts'
import type { Logger } from '../log.ts'
import type { HostLauncher, HostProcess } from '../sessions/host-process.ts'
import { IdleWatch } from '../sessions/idle-watch.ts'
import type { LeaseKeeper } from '../sessions/lease-keeper.ts'
import { OperatorLink } from '../sessions/operator-link.ts'
import { OperatorProof } from '../sessions/operator-proof.ts'
import { keepSessionLease } from '../sessions/session-lease.ts'
import type { HelperLauncher } from '../tools/helper-process.ts'
import { SessionTools, type WatchBeatWire } from '../tools/session-tools.ts'

export interface ConnectionOptions {
  readonly deviceId: string
  readonly passKeys: () => readonly PassVerificationKey[]
  readonly request: SessionRequest
  readonly scopes: readonly Scope[]
  /** What the operator's way in was proven with; proofs of the connection and for tools are over it too. */
  readonly agentNonce: string
  /** For the relay, which is the only way. */
  readonly turn: readonly TurnCredential[]
  readonly untilMs: number
  /** With the device's key. */
  readonly sign: (claims: ProofClaims<'transcript'>) => Promise<string>
  readonly clock: Clock
  readonly newNonce: () => string
  /** The session's own, where the device has none. */
  readonly display: DisplayAccess | undefined
  readonly hosts: Pick<HostLauncher, 'launch'>
  readonly helpers: Pick<HelperLauncher, 'launch' | 'offers'>
  readonly log: Logger
  readonly send: (message: AgentToRelay) => boolean
  /** Resolves when the relay acknowledged it. */
  readonly tellRelay: (message: AgentToRelay) => Promise<void>
  readonly state: () => SessionState
  readonly onConnected: () => void
  readonly onInterrupted: (giveUpInMs: number) => void
  readonly onRestored: () => void
  readonly onLease: (lease: string | undefined) => void
  /** Called once, unless it was stopped: nothing of it lives on after `stop`. */
  readonly onOver: (reason: EndReason) => void
}

/** One time that an operator is in: their host, their proof and their lease. Made when they proved that they may; a coming back is another one. */
export class OperatorConnection {
  readonly #options: ConnectionOptions
  readonly #host: HostProcess
  readonly #link: OperatorLink
  readonly #leases: LeaseKeeper
  readonly #tools: SessionTools
  readonly #idle: IdleWatch
  readonly #cancelConnectDeadline: () => void
  #isOver = false

  constructor(options: ConnectionOptions) {
    this.#options = options
    const { clock, hosts, log, request, scopes, display } = options
    this.#host = hosts.launch(
      message => this.#handleHost(message),
      why => {
        log.error({ why }, 'the session host died')
        this.#over('agent-failed')
      },
      {
        markedFor: request.sessionId,
        display,
        // Nobody stands before a display in memory.
        isCovered: !display && (request.unattended?.maintenanceScreen ?? false),
        blocksLocalInput: !display && (request.unattended?.blockLocalInput ?? false),
      },
    )
    const proof = { ...options, host: this.#host, onRefused: () => this.#over('identity-changed') }
    const expectProof = (connection?: number) => new OperatorProof({ ...proof, connection })
    this.#link = new OperatorLink({ host: this.#host, clock, expectProof })
    this.setTurn(options.turn)
    this.#host.send({ type: 'start', sessionId: request.sessionId, scopes: [...scopes] })
    this.#idle = new IdleWatch({ clock, idleMs: request.idleMs, onIdle: () => this.#over('idle') })
    this.#tools = this.#openTools()
    this.#leases = this.#keepLease()
    this.#cancelConnectDeadline = clock.setTimer(() => this.#over('link-lost'), CONNECT_TIMEOUT_MS)
  }

  get pid(): number | undefined {
    return this.#host.pid
  }

  /** The newest lease while it holds. */
  get lease(): string | undefined {
    return this.#leases.current
  }

  renewLease(): void {
    this.#leases.renew()
  }

  takeLease(lease: string): Promise<void> {
    return this.#leases.accept(lease)
  }

  watch(beat: WatchBeatWire): void {
    this.#tools.handleWatch(beat)
  }

  /** Nobody is there who could be asked, so this device opens no socket on which strangers could knock. */
  setTurn(credentials: readonly TurnCredential[]): void {
    this.#host.setPaths({ credentials: [...credentials], onlyRelay: true })
  }

  /** From the operator's peer; passed on unread. */
  signal(signal: Signal): void {
    this.#link.take(signal)
  }

  handleState(state: SessionState): void {
    this.#tools.handleState(state)
  }

  /** Resolves when the host is gone, and every helper with its terminals. Idempotent. */
  async stop(reason: EndReason): Promise<void> {
    this.#settle()
    await Promise.all([this.#host.stop(reason), this.#tools.stop()])
  }

  #handleHost(message: HostToService): void {
    if (this.#isOver) return
    this.#link.handleHost(message)
    const { request, send, log, onConnected, onInterrupted, onRestored } = this.#options
    switch (message.type) {
      case 'signal':
        send({ type: 'session.signal', sessionId: request.sessionId, signal: message.signal })
        break
      case 'activity':
        this.#idle.touch()
        break
      case 'peer-connected':
        this.#cancelConnectDeadline()
        this.#idle.touch()
        // Another connection in the place of one that was lost.
        if (isLive(this.#options.state())) onRestored()
        else onConnected()
        break
      case 'link-interrupted':
        onInterrupted(message.giveUpInMs)
        break
      case 'link-restored':
        onRestored()
        break
      case 'ended':
        this.#over(message.reason)
        break
      case 'input-dropped':
        log.warn({ kind: message.kind, why: message.why }, 'input refused')
        send({ ...message, type: 'session.dropped', sessionId: request.sessionId })
        break
      case 'start-tool':
        return void this.#tools.start(message.tool, message.grant)
      case 'tool-refused':
        this.#tools.reportRefusal(message.tool, message.code)
        break
      default:
        return
    }
  }

  #openTools(): SessionTools {
    const { helpers, display, deviceId, passKeys, clock, log, request, agentNonce, scopes, state, tellRelay, send } =
      this.#options
    const { sessionId } = request
    return new SessionTools({
      ...{ deviceId, passKeys, clock, log, request, agentNonce },
      helpers: {
        launch: (begin, handlers) => helpers.launch(begin, handlers, display),
        offers: tool => helpers.offers(tool),
      },
      scopes: () => (state().name === 'active' ? scopes : []),
      lease: () => this.lease,
      report: report => tellRelay({ type: 'session.tool', sessionId, report }),
      show: sealed => void send({ type: 'session.watched', sessionId, sealed }),
      toHost: (message, socket) => this.#host.tell(message, socket),
      // Nobody is there who would have to be told; what the display says is the kiosk screen's.
      onWitnessed: () => undefined,
    })
  }

  #keepLease(): LeaseKeeper {
    const { clock, newNonce, passKeys, deviceId, request, send, log } = this.#options
    return keepSessionLease({
      ...{ clock, newNonce, passKeys, deviceId, request, send, log, host: this.#host },
      onChanged: () => this.#tellLease(),
      onLapsed: reason => this.#over(reason),
    })
  }

  #tellLease(): void {
    this.#tools.handleLease()
    this.#options.onLease(this.lease)
  }

  #over(reason: EndReason): void {
    if (this.#isOver) return
    this.#settle()
    this.#options.onOver(reason)
  }

  #settle(): void {
    this.#isOver = true
    this.#cancelConnectDeadline()
    this.#leases.stop()
    this.#idle.stop()
    this.#tellLease()
  }
}
