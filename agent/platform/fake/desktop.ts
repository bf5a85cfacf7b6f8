import {
  type CaptureOptions,
  type CursorSource,
  type Desktop,
  type Display,
  type InputSink,
  PlatformError,
  type PointerButton,
  type ScreenFrame,
  type ScreenSource,
} from '../platform.ts'
import { FakeCapture } from './capture.ts'
import type { FakeClock } from './clock.ts'
import type { FakeMachine } from './machine.ts'

/** One connection to a fake machine. */
export class FakeDesktop implements Desktop {
  readonly screen: ScreenSource = { capture: (options, onFrame) => this.#capture(options, onFrame) }
  readonly cursor: CursorSource = {
    watchShape: (signal, onShape) =>
      this.#watch(signal, ({ events, cursor }) => {
        events.on('cursor', onShape)
        onShape(cursor)
        return () => events.off('cursor', onShape)
      }),
    watchPosition: (signal, onPosition) =>
      this.#watch(signal, ({ events }) => {
        events.on('pointer', onPosition)
        return () => events.off('pointer', onPosition)
      }),
  }
  readonly input: InputSink
  readonly lost: Promise<PlatformError>
  readonly #machine: FakeMachine
  readonly #clock: FakeClock
  readonly #closing = new AbortController()
  #ended: PlatformError | undefined

  constructor(machine: FakeMachine, clock: FakeClock) {
    this.#machine = machine
    this.#clock = clock
    this.input = new FakeInput(machine, () => this.#ended !== undefined)
    this.lost = new Promise(resolve => {
      const handleLost = (reason: PlatformError) => {
        void this.input.releaseAll()
        this.#ended ??= reason
        resolve(reason)
      }
      machine.events.once('lost', handleLost)
      this.#closing.signal.addEventListener('abort', () => machine.events.off('lost', handleLost))
    })
  }

  async displays(): Promise<readonly Display[]> {
    if (this.#ended) throw this.#ended
    return this.#machine.displays
  }

  async isAsleep(): Promise<boolean> {
    if (this.#ended) throw this.#ended
    return this.#machine.isAsleep
  }

  onDisplaysChanged(listener: (displays: readonly Display[]) => void): () => void {
    this.#machine.events.on('displays', listener)
    return () => this.#machine.events.off('displays', listener)
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return
    await this.input.releaseAll()
    this.#ended ??= new PlatformError('display-lost', 'The connection to the fake desktop was closed.')
    this.#closing.abort()
  }

  async #capture(options: CaptureOptions, onFrame: (frame: ScreenFrame) => void | Promise<void>): Promise<void> {
    if (options.signal.aborted) return
    if (this.#ended) throw this.#ended
    if (!this.#machine.display(options.displayId)) {
      throw new PlatformError('display-unknown', `There is no display ${options.displayId} on this desktop.`)
    }
    const signal = AbortSignal.any([options.signal, this.#closing.signal])
    await new FakeCapture(this.#machine, this.#clock, { ...options, signal }, onFrame).run()
  }

  async #watch(signal: AbortSignal, listen: (machine: FakeMachine) => () => unknown): Promise<void> {
    if (signal.aborted) return
    if (this.#ended) throw this.#ended
    const { events } = this.#machine
    const either = AbortSignal.any([signal, this.#closing.signal])
    const ended = Promise.withResolvers<void>()
    const handleAbort = () => ended.resolve()
    events.on('lost', ended.reject)
    either.addEventListener('abort', handleAbort)
    const stopListening = listen(this.#machine)
    try {
      await ended.promise
    } finally {
      stopListening()
      events.off('lost', ended.reject)
      either.removeEventListener('abort', handleAbort)
    }
  }
}

/** What one connection holds down is lifted when it ends, and only that. */
class FakeInput implements InputSink {
  readonly #machine: FakeMachine
  readonly #isEnded: () => boolean
  readonly #keys = new Set<string>()
  readonly #buttons = new Set<PointerButton>()

  constructor(machine: FakeMachine, isEnded: () => boolean) {
    this.#machine = machine
    this.#isEnded = isEnded
  }

  movePointer(x: number, y: number): void {
    if (!this.#isEnded()) this.#machine.seat.move(x, y)
  }

  setButton(button: PointerButton, pressed: boolean): void {
    if (this.#isEnded()) return
    if (pressed) this.#buttons.add(button)
    else this.#buttons.delete(button)
    this.#machine.seat.setButton(button, pressed)
  }

  scroll(dx: number, dy: number): void {
    if (!this.#isEnded()) this.#machine.seat.scroll(dx, dy)
  }

  setKey(code: string, pressed: boolean): boolean {
    if (this.#isEnded()) return false
    if (!this.#machine.seat.setKey(code, pressed)) return false
    if (pressed) this.#keys.add(code)
    else this.#keys.delete(code)
    return true
  }

  async typeText(text: string): Promise<void> {
    if (!this.#isEnded()) this.#machine.seat.type(text)
  }

  async releaseAll(): Promise<void> {
    this.#lift()
  }

  #lift(): void {
    for (const code of [...this.#keys].reverse()) this.#machine.seat.setKey(code, false)
    for (const button of [...this.#buttons].reverse()) this.#machine.seat.setButton(button, false)
    this.#keys.clear()
    this.#buttons.clear()
  }
}
