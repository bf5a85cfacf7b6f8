import type { Socket } from 'node:net'
import { TURN_CREDENTIALS_PER_END } from '#protocol/limits.ts'
import type { TurnCredential } from '#protocol/wire/paths.ts'
import type { Chance } from '../domain/chance.ts'
import type { Clock } from '../domain/clock.ts'
import type { TurnGateway, TurnSide } from '../domain/gateways.ts'
import type { Log } from '../domain/log.ts'
import { REALM, TurnConnection } from './connection.ts'
import { expiryOf, type Holder, Room } from './room.ts'
import { keyOf } from './stun/integrity.ts'

/** Documentation addresses (TEST-NET-3): nobody has one, and a packet that a peer sends to one by another way goes nowhere. */
const NET = '203.0.113'
const HOSTS = 254
const FIRST_PORT = 49_152
const PORTS = 16_384

export interface TurnServerParts {
  readonly clock: Clock
  readonly chance: Chance
  readonly log: Log
}

/**
 * TURN (RFC 8656) over TCP for the two ends of a session, and for nobody else: what one end sends goes to an allocation of the other end, within this
 * process. It opens no socket, so nobody reaches anything by it.
 */
export class TurnServer implements TurnGateway {
  readonly #parts: TurnServerParts
  readonly #rooms = new Map<string, Room>()
  readonly #holders = new Map<string, Holder>()
  readonly #connections = new Set<TurnConnection>()
  #isClosed = false

  constructor(parts: TurnServerParts) {
    this.#parts = parts
  }

  issue(sessionId: string, side: TurnSide): TurnCredential[] {
    const { clock, chance } = this.#parts
    const nowMs = clock.nowMs()
    this.#forgetExpired(nowMs)
    const room = this.#rooms.get(sessionId) ?? this.#openRoom(sessionId, nowMs)
    return Array.from({ length: TURN_CREDENTIALS_PER_END }, () => {
      const username = chance.randomText(18)
      const password = chance.randomText(24)
      const key = keyOf(username, REALM, password)
      room.usernames.add(username)
      this.#holders.set(username, { room, side, key, expiresAtMs: expiryOf(nowMs), allocations: new Set() })
      return { username, password }
    })
  }

  end(sessionId: string): void {
    const room = this.#rooms.get(sessionId)
    if (!room) return
    this.#rooms.delete(sessionId)
    for (const username of room.usernames) this.#holders.delete(username)
    room.close()
  }

  /** Takes over a connection whose first byte says that it is TURN. */
  accept(socket: Socket, onAllocated: () => void): void {
    if (this.#isClosed) return void socket.destroy()
    const connection: TurnConnection = new TurnConnection({
      socket,
      clock: this.#parts.clock,
      log: this.#parts.log,
      nonce: this.#parts.chance.randomText(18),
      findHolder: username => this.#holders.get(username),
      onAllocated,
      onClosed: () => this.#connections.delete(connection),
    })
    this.#connections.add(connection)
  }

  /** Ends every connection. Idempotent. */
  close(): void {
    this.#isClosed = true
    for (const connection of this.#connections) connection.close()
  }

  #openRoom(sessionId: string, nowMs: number): Room {
    const [host = 0, high = 0, low = 0] = this.#parts.chance.randomBytes(3)
    const room = new Room(`${NET}.${1 + (host % HOSTS)}`, FIRST_PORT + (((high << 8) | low) % PORTS), nowMs)
    this.#rooms.set(sessionId, room)
    return room
  }

  /** What was allocated with them lives on by the key that it was made with. */
  #forgetExpired(nowMs: number): void {
    // They were added in the order of their expiry.
    for (const [username, { room, expiresAtMs, allocations }] of this.#holders) {
      if (expiresAtMs > nowMs) return
      if (allocations.size > 0) continue
      this.#holders.delete(username)
      room.usernames.delete(username)
    }
  }
}
