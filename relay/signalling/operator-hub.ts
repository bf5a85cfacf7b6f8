import { CLOSE } from '#protocol/wire/envelope.ts'
import type { RelayToOperator } from '#protocol/wire/operator.ts'
import type { OperatorGateway } from '../domain/gateways.ts'
import type { LoginRecord } from '../domain/store.ts'

/** Sockets of one person; the oldest gives way. */
const CONNECTIONS_PER_USER = 8

export interface OperatorLink {
  readonly id: string
  readonly login: LoginRecord
  send(message: RelayToOperator): void
  /** May be called more than once. */
  close(code: number, reason: string): void
}

/** The operators' sockets that are open now. */
export class OperatorHub implements OperatorGateway {
  readonly #byId = new Map<string, OperatorLink>()

  /** Open sockets. */
  get size(): number {
    return this.#byId.size
  }

  attach(connection: OperatorLink): void {
    const { id } = connection.login.principal.user
    const [oldest, ...others] = [...this.#byId.values()].filter(other => other.login.principal.user.id === id)
    if (oldest && others.length + 1 >= CONNECTIONS_PER_USER) {
      oldest.close(CLOSE.replaced, 'replaced')
      // At once: a peer that doesn't answer the close would be the oldest for each that comes after.
      this.detach(oldest)
    }
    this.#byId.set(connection.id, connection)
  }

  detach(connection: OperatorLink): void {
    this.#byId.delete(connection.id)
  }

  isConnected(connectionId: string): boolean {
    return this.#byId.has(connectionId)
  }

  toConnection(connectionId: string, message: RelayToOperator): void {
    this.#byId.get(connectionId)?.send(message)
  }

  toUser(userId: string, message: RelayToOperator): void {
    this.#send(message, connection => connection.login.principal.user.id === userId)
  }

  usersOf(organisationId: string): Set<string> {
    const users = new Set<string>()
    for (const { login } of this.#byId.values())
      if (login.principal.organisation.id === organisationId) users.add(login.principal.user.id)
    return users
  }

  refresh(userId: string): void {
    for (const connection of this.#byId.values())
      if (connection.login.principal.user.id === userId) connection.close(CLOSE.goingAway, 'rights changed')
  }

  endLogin(tokenHash: string): void {
    for (const connection of this.#byId.values())
      if (connection.login.tokenHash === tokenHash) connection.close(CLOSE.unauthenticated, 'unauthenticated')
  }

  #send(message: RelayToOperator, isMeant: (connection: OperatorLink) => boolean): void {
    for (const connection of this.#byId.values()) if (isMeant(connection)) connection.send(message)
  }
}
