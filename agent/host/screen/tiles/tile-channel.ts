import { deflateRawSync } from 'node:zlib'
import {
  COMMAND,
  MESSAGE_DEFLATED,
  MESSAGE_FIRST,
  MESSAGE_HEADER_BYTES,
  MESSAGE_LAST,
  parseAck,
} from '#protocol/peer/tiles.ts'
import type { Clock } from '../../../links/clock.ts'
import { Flow } from './flow.ts'
import { TailProbe } from './tail-probe.ts'

/**
 * What is handed to the connection at once. A receiver's socket holds some 200 KiB of packets, overhead included (Linux' default); a burst that is larger is lost at
 * its end where the receiver isn't running at that moment, and SCTP notices a lost end only by a timer of half a second and more.
 */
const BURST_BYTES = 48 * 1024
/** With the burst, 16 MB/s: what one association carries. */
const REST_MS = 3
const PART_BYTES = 24 * 1024 - MESSAGE_HEADER_BYTES

/** Below this, deflating costs more than it saves. */
const DEFLATE_FROM_BYTES = 160
/** Small frames are deflated well, large ones quickly (a page of text: 7 ms at level 1 against 18 at level 6 for a fifth less). */
const DEFLATE_WELL_UP_TO_BYTES = 32 * 1024

/** A frame may have 4 MiB when it travels; this much is below it even where nothing can be deflated. */
const BODY_MAX_BYTES = 3 * 1024 * 1024
const RATIO_FROM_BYTES = 4 * 1024

/** A body that changes nothing: the first pixel stays where it is. */
const NOTHING = Uint8Array.of(COMMAND.copy, 0, 0, 1, 1, 0, 0)

/** Sends frames on the channel `tiles` and knows how much more the link takes. It lives as long as the channel. */
export class TileChannel {
  readonly #send: (message: Uint8Array) => boolean
  readonly #clock: Clock
  readonly #flow = new Flow()
  #sequence = 0
  /** Bytes on the way for one byte of commands, as it was of late. */
  #ratio = 0.3
  #sentBytes = 0
  #onRoom: (() => void) | undefined
  /** Messages of frames that are begun: they have to be finished, whatever happens meanwhile. */
  readonly #waiting: Uint8Array[] = []
  #isResting = false
  readonly #probe: TailProbe

  /** `send` answers false where the channel can't take a message; a frame that was begun is then lost, and so is the channel. */
  constructor(send: (message: Uint8Array) => boolean, clock: Clock) {
    this.#send = send
    this.#clock = clock
    this.#probe = new TailProbe({ clock, send: () => this.#sendProbe() })
  }

  /** How long a frame's body may be for the link to take it now; 0 while there is no room. */
  get bodyBudgetBytes(): number {
    return Math.min(BODY_MAX_BYTES, Math.floor(this.#flow.budgetBytes(this.#clock.monotonicMs()) / this.#ratio))
  }

  /** Measured; undefined while the link was never full. */
  get linkKbps(): number | undefined {
    const rate = this.#flow.bytesPerMs
    return rate === undefined ? undefined : rate * 8
  }

  get sentBytes(): number {
    return this.#sentBytes
  }

  /** How long the operator hasn't drawn what was sent. */
  get oldestAgeMs(): number {
    return this.#flow.oldestAgeMs(this.#clock.monotonicMs())
  }

  /** `listener` is called when frames were drawn, until another one is set. */
  onDrawn(listener: (() => void) | undefined): void {
    this.#onRoom = listener
  }

  /** Sends one frame of commands, a large one over some milliseconds. Returns its length on the way, 0 when the channel is gone. */
  sendFrame(commands: Uint8Array): number {
    const deflated = this.#deflate(commands)
    const body = deflated ?? commands
    const sequence = this.#sequence
    for (let at = 0; at < body.length; at += PART_BYTES) {
      const part = body.subarray(at, at + PART_BYTES)
      const flags =
        (at === 0 ? MESSAGE_FIRST : 0) |
        (at + part.length === body.length ? MESSAGE_LAST : 0) |
        (deflated ? MESSAGE_DEFLATED : 0)
      this.#waiting.push(messageOf(flags, part))
    }
    if (!this.#isResting && !this.#sendWaiting()) return 0
    this.#sequence = (sequence + 1) & 0xff
    this.#sentBytes += body.length
    this.#flow.handleSent(sequence, body.length, this.#clock.monotonicMs())
    this.#watchTail()
    return body.length
  }

  /** Sends a burst of what waits, and the rest after a rest. Returns false when the channel is gone. */
  #sendWaiting(): boolean {
    let burstBytes = 0
    for (let next = this.#waiting[0]; next && burstBytes + next.length <= BURST_BYTES; next = this.#waiting[0]) {
      this.#waiting.shift()
      burstBytes += next.length
      if (this.#send(next)) continue
      this.#waiting.length = 0
      this.#probe.stop()
      return false
    }
    this.#isResting = this.#waiting.length > 0
    if (this.#isResting) this.#clock.setTimer(() => this.#sendRest(), REST_MS)
    return true
  }

  #sendRest(): void {
    if (this.#sendWaiting()) this.#watchTail()
  }

  #watchTail(): void {
    if (!this.#isResting && this.#flow.isAwaited) this.#probe.handleSent(this.#flow.shortestMs)
  }

  #sendProbe(): void {
    if (this.#isResting || !this.#send(messageOf(MESSAGE_FIRST | MESSAGE_LAST, NOTHING))) return
    this.#flow.handleProbeSent(this.#sequence, this.#clock.monotonicMs())
    this.#sequence = (this.#sequence + 1) & 0xff
  }

  /** Returns false for what isn't an acknowledgement of something on its way. */
  handleMessage(message: Uint8Array): boolean {
    const sequence = parseAck(message)
    if (sequence === undefined || !this.#flow.handleAck(sequence, this.#clock.monotonicMs())) return false
    if (!this.#flow.isAwaited) this.#probe.stop()
    this.#onRoom?.()
    return true
  }

  #deflate(commands: Uint8Array): Uint8Array | undefined {
    if (commands.length < DEFLATE_FROM_BYTES) return undefined
    const deflated = deflateRawSync(commands, { level: commands.length > DEFLATE_WELL_UP_TO_BYTES ? 1 : 6 })
    if (commands.length > RATIO_FROM_BYTES) {
      this.#ratio = Math.min(1, Math.max(0.05, this.#ratio * 0.5 + (deflated.length / commands.length) * 0.5))
    }
    return deflated.length < commands.length ? deflated : undefined
  }
}

/** In memory of its own: the addon sends a view's whole buffer. */
function messageOf(flags: number, part: Uint8Array): Uint8Array {
  const message = new Uint8Array(MESSAGE_HEADER_BYTES + part.length)
  message[0] = flags
  message.set(part, MESSAGE_HEADER_BYTES)
  return message
}
