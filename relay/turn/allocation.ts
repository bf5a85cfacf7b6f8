import { TURN_CHANNEL_MS, TURN_PERMISSION_MS } from '#protocol/limits.ts'
import type { Clock } from '../domain/clock.ts'
import type { TurnSide } from '../domain/gateways.ts'
import type { Guest, Holder } from './room.ts'

export interface AllocationOptions {
  readonly holder: Holder
  readonly clock: Clock
  /** To the client that has it; `channel` where it bound one to the sender. */
  readonly toClient: (fromPort: number, channel: number | undefined, data: Buffer) => void
  /** Called once, whoever ended it. */
  readonly onClosed: () => void
}

/** A client's relayed address, with what it permits and binds. Every peer of it is in the same room. */
export class Allocation implements Guest {
  readonly port: number
  readonly side: TurnSide
  readonly #options: AllocationOptions
  #permittedUntilMs = 0
  readonly #ports = new Map<number, { readonly port: number; readonly untilMs: number }>()
  readonly #channels = new Map<number, number>()
  #cancelExpiry: () => void = () => undefined
  #isClosed = false

  constructor(options: AllocationOptions) {
    this.#options = options
    this.side = options.holder.side
    this.port = options.holder.room.takePort()
    options.holder.room.add(this)
    options.holder.allocations.add(this)
  }

  /** Lives on for so long. */
  refresh(lifetimeMs: number): void {
    const { clock } = this.#options
    this.#cancelExpiry()
    this.#cancelExpiry = clock.setTimer(() => this.close(), lifetimeMs)
  }

  /** The session's other end may send to it. */
  permit(): void {
    this.#permittedUntilMs = this.#options.clock.nowMs() + TURN_PERMISSION_MS
  }

  /** Returns false where the channel or the peer is bound otherwise already. */
  bind(channel: number, port: number): boolean {
    const bound = this.#ports.get(channel)
    const other = this.#channels.get(port)
    if ((bound && bound.port !== port) || (other !== undefined && other !== channel)) return false
    this.#ports.set(channel, { port, untilMs: this.#options.clock.nowMs() + TURN_CHANNEL_MS })
    this.#channels.set(port, channel)
    this.permit()
    return true
  }

  sendOnChannel(channel: number, data: Buffer): void {
    const bound = this.#ports.get(channel)
    if (bound && this.#options.clock.nowMs() < bound.untilMs) this.send(bound.port, data)
  }

  send(port: number, data: Buffer): void {
    if (!this.#isClosed && this.#isPermitted) this.#options.holder.room.deliver(this, port, data)
  }

  /** From the session's other end. */
  receive(fromPort: number, data: Buffer): void {
    if (this.#isPermitted) this.#options.toClient(fromPort, this.#channels.get(fromPort), data)
  }

  /** Idempotent. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#cancelExpiry()
    const { holder, onClosed } = this.#options
    holder.room.remove(this)
    holder.allocations.delete(this)
    onClosed()
  }

  get #isPermitted(): boolean {
    return this.#options.clock.nowMs() < this.#permittedUntilMs
  }
}
