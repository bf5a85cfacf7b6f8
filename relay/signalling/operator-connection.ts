import type { WebSocket } from 'ws'
import { assertNever } from '#protocol/assert-never.ts'
import { HandholdError } from '#protocol/errors.ts'
import { PROTOCOL_VERSION } from '#protocol/version.ts'
import { CLOSE } from '#protocol/wire/envelope.ts'
import { type OperatorToRelay, operatorToRelaySchema, type RelayToOperator } from '#protocol/wire/operator.ts'
import { userActor } from '../domain/audit.ts'
import type { Clock } from '../domain/clock.ts'
import type { Log } from '../domain/log.ts'
import { sessionView } from '../domain/sessions/views.ts'
import type { LoginRecord } from '../domain/store.ts'
import type { Services } from '../services.ts'
import { LinkSocket } from './link-socket.ts'
import type { OpenSockets } from './open-sockets.ts'
import type { OperatorHub, OperatorLink } from './operator-hub.ts'
import { Strikes } from './strikes.ts'

export interface ConnectionParts {
  readonly services: Services
  readonly clock: Clock
  readonly log: Log
  readonly sockets: OpenSockets
}

/** A device that doesn't answer holds up its own session alone, and not that session's end. */
const laneOf = ({ type, sessionId }: OperatorToRelay): string =>
  type === 'session.end' ? `${type} ${sessionId}` : sessionId

/** One operator's socket, authenticated at its upgrade by `login`. */
export class OperatorConnection implements OperatorLink {
  readonly id: string
  readonly login: LoginRecord
  readonly #parts: ConnectionParts
  readonly #socket: LinkSocket<OperatorToRelay, RelayToOperator>
  readonly #strikes: Strikes
  readonly #token: string
  /** Changes that came before the hello was said. */
  readonly #early: RelayToOperator[] = []
  #isStarted = false

  constructor(
    id: string,
    login: LoginRecord,
    token: string,
    socket: WebSocket,
    hub: OperatorHub,
    parts: ConnectionParts,
  ) {
    this.id = id
    this.login = login
    this.#token = token
    this.#parts = parts
    this.#socket = new LinkSocket({
      socket,
      clock: parts.clock,
      log: parts.log,
      incoming: operatorToRelaySchema,
      onMessage: message => this.#handle(message),
      laneOf,
      onClosed: () => hub.detach(this),
      onBeat: () => this.#recheck(),
    })
    this.#strikes = new Strikes({
      denied: parts.services.denied,
      organisationId: login.principal.organisation.id,
      actor: userActor(login.principal.user),
      refuse: (error, code) => this.#socket.refuse(error, code),
    })
    hub.attach(this)
  }

  /** Says everything that the operator may see; changes that came meanwhile follow it. */
  async start(): Promise<void> {
    const { services, clock } = this.#parts
    const sessions = await services.read.openSessionsOfOperator(this.login.principal.user.id)
    this.send({
      type: 'hello',
      protocolVersion: PROTOCOL_VERSION,
      serverTimeMs: clock.nowMs(),
      sessions: sessions.map(sessionView),
    })
    this.#isStarted = true
    for (const message of this.#early.splice(0)) this.send(message)
  }

  send(message: RelayToOperator): void {
    if (this.#isStarted || message.type === 'hello') this.#socket.link.notify(message)
    else this.#early.push(message)
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason)
  }

  async #handle(message: OperatorToRelay): Promise<void> {
    // What an operator does is activity; it also refuses a sign-in that ended since the upgrade.
    const login = await this.#authenticate()
    await this.#strikes.watch(message.type, message.sessionId, () => this.#dispatch(login, message))
  }

  #dispatch(login: LoginRecord, message: OperatorToRelay): Promise<void> {
    const { joins, routes, requests, numberHalves, watches } = this.#parts.services
    const { principal } = login
    switch (message.type) {
      case 'session.join':
        return joins.join(login, message, this.id)
      case 'session.signal':
        return routes.fromOperator(principal, this.id, message.sessionId, message.signal)
      case 'session.match':
        return numberHalves.fromOperator(principal, message.sessionId, message.secret)
      case 'watch.beat':
        return watches.beat(principal, message.sessionId, message.proof)
      case 'session.leave':
        return requests.leave(principal, message.sessionId)
      case 'session.end':
        return this.#end(principal, message)
      default:
        return assertNever(message)
    }
  }

  /** Both ends may refuse each other in the same moment: the session has the first one's reason, and the audit both words. */
  async #end(
    principal: LoginRecord['principal'],
    { sessionId, reason }: Extract<OperatorToRelay, { type: 'session.end' }>,
  ): Promise<void> {
    const { requests, denied } = this.#parts.services
    await requests.end(principal, sessionId, reason)
    if (reason !== 'identity-changed') return
    const actor = userActor(principal.user)
    const organisationId = principal.organisation.id
    denied.record({ organisationId, actor, action: 'session.identity-refused', subject: sessionId, detail: {} })
  }

  async #authenticate(): Promise<LoginRecord> {
    try {
      return await this.#parts.services.logins.authenticate(this.#token)
    } catch (thrown) {
      if (thrown instanceof HandholdError) this.#socket.refuse(thrown, CLOSE.unauthenticated)
      throw thrown
    }
  }

  /** An open window is no activity, a session that runs is; a sign-in that ended takes its socket along. */
  #recheck(): void {
    const { services, log } = this.#parts
    const recheck = async () => {
      const open = await services.read.openSessionsOfOperator(this.login.principal.user.id)
      if (open.length > 0) await this.#authenticate()
      else if (!(await services.logins.find(this.login.tokenHash))) this.close(CLOSE.unauthenticated, 'unauthenticated')
    }
    recheck().catch(error => log.info({ err: error }, 'A sign-in could not be checked again'))
  }
}
