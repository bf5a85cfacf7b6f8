import { assertNever } from '#protocol/assert-never.ts'
import { CHANNELS } from '#protocol/peer/channels.ts'
import { type InputMessage, inputMessageSchema } from '#protocol/peer/input.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import type { DropReason } from '#protocol/wire/agent.ts'
import { type HeldInput, type KeepOut, NO_KEEP_OUT } from '../../links/host-link.ts'
import type { InputSink, PointerPosition as Point, Rect } from '../../platform/platform.ts'
import { HeldInputTracker } from './held-input.ts'

/** More than a person can produce while one text is being typed. */
const QUEUE_MAX = 1024

/** Why nothing is taken for a while; the first of several is told. */
const HOLDS = ['paused', 'frozen', 'asking', 'turn'] as const satisfies readonly DropReason[]
export type Hold = (typeof HOLDS)[number]

export interface InputRouterOptions {
  /** Asked for each message: the person may take back what they allowed. */
  readonly isAllowed: (scope: Scope) => boolean
  readonly onHeldChanged: (held: HeldInput) => void
  /** Called once for each kind of message that was refused. */
  readonly onDropped: (kind: string, why: DropReason) => void
  /** The peer moves the pointer, to the desktop's pixels; said before it happens. */
  readonly onPointerMoved: (position: Point) => void
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
  #keepOut = NO_KEEP_OUT
  readonly #holds = new Set<Hold>()
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

  /**
   * Where the person's own window stands: the operator's pointer may pass over it, and presses nothing there. While it has the keyboard nothing is typed, wherever
   * the pointer is: it would stand there as the person's word.
   */
  setKeepOut(keepOut: KeepOut): void {
    const isTaken = keepOut.hasKeyboard && !this.#keepOut.hasKeyboard
    this.#keepOut = keepOut
    // A key that is down would go on repeating.
    if (isTaken) void this.release()
  }

  /** No input while it holds; each cause is taken back by itself. Input that waits is discarded by it, never applied after it. */
  async setHeld(why: Hold, isHeld: boolean): Promise<void> {
    if (!isHeld) {
      this.#holds.delete(why)
      return
    }
    this.#holds.add(why)
    await this.release()
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
    const why = HOLDS.find(hold => this.#holds.has(hold))
    if (why) {
      this.#drop(message.type, why)
      return
    }
    if (this.#keepOut.hasKeyboard && (message.type === 'key' || message.type === 'text')) {
      this.#drop(message.type, 'banner')
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
        // What is let go there was pressed elsewhere: it comes up where the pointer is.
        if (!this.#isKeptOut(message)) this.#move(sink, message)
        else if (message.pressed) return this.#drop(message.type, 'banner')
        if (message.pressed) this.#held.pressButton(message.button)
        sink.setButton(message.button, message.pressed)
        if (!message.pressed) this.#held.releaseButton(message.button)
        return
      case 'scroll':
        if (this.#isKeptOut(message)) return this.#drop(message.type, 'banner')
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

  #move(sink: InputSink, at: Point): void {
    const place = this.#onDesktop(at)
    if (!place) return
    this.#options.onPointerMoved(place)
    sink.movePointer(place.x, place.y)
  }

  #isKeptOut(at: Point): boolean {
    const [{ area }, place] = [this.#keepOut, this.#onDesktop(at)]
    if (!area || !place) return false
    const { x, y } = place
    return x >= area.x && x < area.x + area.width && y >= area.y && y < area.y + area.height
  }

  #onDesktop({ x, y }: Point): Point | undefined {
    const bounds = this.#bounds
    return bounds && { x: bounds.x + Math.min(x, bounds.width - 1), y: bounds.y + Math.min(y, bounds.height - 1) }
  }
}

function parse(text: string): InputMessage | undefined {
  try {
    return inputMessageSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
