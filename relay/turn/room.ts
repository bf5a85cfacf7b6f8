import { TURN_ALLOCATIONS_PER_CREDENTIAL, TURN_BYTES_PER_SECOND, TURN_CREDENTIAL_TTL_MS } from '#protocol/limits.ts'
import { TokenBucket } from '#protocol/token-bucket.ts'
import type { TurnSide } from '../domain/gateways.ts'

/** An allocation, as the others in its room see it. */
export interface Guest {
  readonly port: number
  readonly side: TurnSide
  /** From the session's other end. */
  receive(fromPort: number, data: Buffer): void
  /** Idempotent. */
  close(): void
}

/** What a credential stands for. */
export interface Holder {
  readonly room: Room
  readonly side: TurnSide
  readonly key: Buffer
  readonly expiresAtMs: number
  /** Live ones that were made with it. */
  readonly allocations: Set<Guest>
}

const PORT_MIN = 49_152
const PORT_MAX = 65_535

/**
 * One session's part of the relay: the credentials of its two ends, and what they allocated. A relayed address here is a name for an allocation of the same
 * session; no socket has it, so nothing that is sent to one can leave this room.
 */
export class Room {
  /** The address of all that is allocated in it. */
  readonly ip: string
  /** Of the credentials that are good in it. */
  readonly usernames = new Set<string>()
  readonly #allocations = new Map<number, Guest>()
  readonly #flows: Readonly<Record<TurnSide, TokenBucket>>
  #nextPort: number

  constructor(ip: string, firstPort: number, nowMs: number) {
    this.ip = ip
    this.#nextPort = firstPort
    const flow = () => new TokenBucket(TURN_BYTES_PER_SECOND, TURN_BYTES_PER_SECOND, nowMs)
    this.#flows = { agent: flow(), operator: flow() }
  }

  /** Of the allocations that this end sends from. */
  flowOf(side: TurnSide): TokenBucket {
    return this.#flows[side]
  }

  hasRoomFor({ allocations, expiresAtMs }: Holder, nowMs: number): 'yes' | 'expired' | 'full' {
    if (nowMs >= expiresAtMs) return 'expired'
    return allocations.size < TURN_ALLOCATIONS_PER_CREDENTIAL ? 'yes' : 'full'
  }

  /** A port that nothing else in here has. */
  takePort(): number {
    do this.#nextPort = this.#nextPort >= PORT_MAX ? PORT_MIN : this.#nextPort + 1
    while (this.#allocations.has(this.#nextPort))
    return this.#nextPort
  }

  add(allocation: Guest): void {
    this.#allocations.set(allocation.port, allocation)
  }

  remove(allocation: Guest): void {
    this.#allocations.delete(allocation.port)
  }

  /** To an allocation of the session's other end. What nobody is there for is lost, as on any network. */
  deliver(from: Guest, port: number, data: Buffer): void {
    const target = this.#allocations.get(port)
    if (target && target.side !== from.side) target.receive(from.port, data)
  }

  /** Ends every allocation. */
  close(): void {
    for (const allocation of [...this.#allocations.values()]) allocation.close()
  }
}

export const expiryOf = (nowMs: number): number => nowMs + TURN_CREDENTIAL_TTL_MS
