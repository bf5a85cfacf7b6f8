import { assertNever } from '#protocol/assert-never.ts'
import { CHANNELS } from '#protocol/peer/channels.ts'
import { type InputMessage, inputMessageSchema } from '#protocol/peer/input.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import type { HeldInput } from '../../links/host-link.ts'
import type { InputSink, PointerPosition, Rect } from '../../platform/platform.ts'
import { HeldInputTracker } from './held-input.ts'

/** More than a person can produce while one text is being typed. */
const QUEUE_MAX = 1024

export type DropReason = 'scope' | 'paused' | 'frozen' | 'invalid'

export interface InputRouterOptions {
  /** Asked for each message: the person may take back what they allowed. */
  readonly isAllowed: (scope: Scope) => boolean
  readonly onHeldChanged: (held: HeldInput) => void
  /** Called once for each kind of message that was refused. */
  readonly onDropped: (kind: string, why: DropReason) => void
  /** The peer moves the pointer, to the desktop's pixels; said before it happens. */
  readonly onPointerMoved: (position: PointerPosition) => void
}

/**
 * A peer's input to a desktop: checked, allowed, mapped, in order. Pointer moves that wait behind each other become one.
 * Whatever ends, `release` lifts all that is down.
 */
export class InputRouter {
  readonly #options: InputRouterOptions
  readonly #held: HeldInputTracker
  readonly #queue: InputMessage[] = []
  readonly #dropped = new Set<string>()
  #sink: InputSink | undefined
  #bounds: Rect | undefined
  #isPaused = false
  #isFrozen = false
  #isApplying = false

  constructor(options: InputRouterOptions) {
    this.#options = options
    this.#held = new HeldInputTracker(options.onHeldChanged)
  }

  /** Where input goes; `undefined` while there is no desktop. */
  attach(sink: InputSink | undefined): void {
    this.#sink = sink
    if (sink) return
    this.#queue.length = 0
    this.#held.clear()
  }

  /** The place of the shown display on the desktop. */
  setBounds(bounds: Rect | undefined): void {
    this.#bounds = bounds
  }

  /** Input that waits is discarded by a pause, never applied after it. */
  async setPaused(paused: boolean): Promise<void> {
    this.#isPaused = paused
    if (paused) await this.release()
  }

  /** As a pause, by another cause: each is taken back by itself. */
  async setFrozen(frozen: boolean): Promise<void> {
    this.#isFrozen = frozen
    if (frozen) await this.release()
  }

  /** One text message from the `input` channel. */
  handle(text: string): void {
    const message = parse(text)
    if (!message) {
      this.refuse('invalid')
      return
    }
    if (!this.#options.isAllowed(CHANNELS.input.scope)) {
      this.#drop(message.type, 'scope')
      return
    }
    if (this.#isPaused || this.#isFrozen) {
      this.#drop(message.type, this.#isPaused ? 'paused' : 'frozen')
      return
    }
    this.#enqueue(message)
  }

  /** Something came on the channel that isn't a message of it. */
  refuse(kind: string): void {
    this.#drop(kind, 'invalid')
  }

  /** Discards what waits and lifts everything. Safe at any time, twice included. */
  async release(): Promise<void> {
    this.#queue.length = 0
    await this.#sink?.releaseAll()
    this.#held.clear()
  }

  #drop(kind: string, why: DropReason): void {
    const key = `${kind} ${why}`
    if (this.#dropped.has(key)) return
    this.#dropped.add(key)
    this.#options.onDropped(kind, why)
  }

  #enqueue(message: InputMessage): void {
    const last = this.#queue.at(-1)
    if (message.type === 'pointer-move' && last?.type === 'pointer-move') this.#queue.pop()
    if (this.#queue.length >= QUEUE_MAX) {
      // A flood: nothing in it can be trusted to have its other half, so all keys come up.
      this.#queue.length = 0
      this.#queue.push({ type: 'release-all' })
      this.#drop(message.type, 'invalid')
    } else this.#queue.push(message)
    if (!this.#isApplying) this.#applySoon()
  }

  #applySoon(): void {
    this.#isApplying = true
    // One turn later, so that moves which arrived together become one.
    setImmediate(async () => {
      try {
        for (let message = this.#queue.shift(); message; message = this.#queue.shift()) await this.#apply(message)
      } catch {
        // The desktop went away under the input; its owner is told by the desktop itself.
        this.#queue.length = 0
      } finally {
        this.#isApplying = false
      }
    })
  }

  async #apply(message: InputMessage): Promise<void> {
    const sink = this.#sink
    if (!sink) return
    switch (message.type) {
      case 'pointer-move':
        return this.#move(sink, message)
      case 'pointer-button':
        this.#move(sink, message)
        if (message.pressed) this.#held.pressButton(message.button)
        sink.setButton(message.button, message.pressed)
        if (!message.pressed) this.#held.releaseButton(message.button)
        return
      case 'scroll':
        this.#move(sink, message)
        return sink.scroll(message.dx, message.dy)
      case 'key':
        return this.#applyKey(sink, message.code, message.pressed)
      case 'text':
        return sink.typeText(message.text)
      case 'release-all':
        await sink.releaseAll()
        return this.#held.clear()
      default:
        return assertNever(message)
    }
  }

  #applyKey(sink: InputSink, code: string, pressed: boolean): void {
    if (pressed && !this.#held.pressKey(code)) return
    const isKnown = sink.setKey(code, pressed)
    if (!pressed || !isKnown) this.#held.releaseKey(code)
  }

  #move(sink: InputSink, at: { readonly x: number; readonly y: number }): void {
    const bounds = this.#bounds
    if (!bounds) return
    const x = bounds.x + Math.min(at.x, bounds.width - 1)
    const y = bounds.y + Math.min(at.y, bounds.height - 1)
    this.#options.onPointerMoved({ x, y })
    sink.movePointer(x, y)
  }
}

function parse(text: string): InputMessage | undefined {
  try {
    return inputMessageSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
