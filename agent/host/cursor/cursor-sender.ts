import type { CursorMessage } from '#protocol/peer/cursor.ts'
import type { Clock } from '../../links/clock.ts'
import type { CursorShape, CursorSource, PointerPosition, Rect } from '../../platform/platform.ts'
import { cursorMessage } from './cursor-message.ts'
import { PointerPlace } from './pointer-place.ts'

/** The device's pointer to the operator: its shape, and its place while the screen is shown. */
export class CursorSender {
  readonly #send: (message: CursorMessage) => void
  readonly #place: PointerPlace
  #source: CursorSource | undefined
  #shape: CursorShape | undefined
  #placeScope: AbortController | undefined
  #isShown = false

  constructor(clock: Clock, send: (message: CursorMessage) => void) {
    this.#send = send
    this.#place = new PointerPlace({ clock, send: position => send({ type: 'position', ...position }) })
  }

  /** Until `signal` aborts. A desktop without a cursor still has a picture. */
  attach(source: CursorSource, signal: AbortSignal): void {
    this.#source = source
    signal.addEventListener('abort', () => this.#detach(source), { once: true })
    const onShape = (shape: CursorShape) => {
      this.#shape = shape
      this.sendShape()
    }
    source.watchShape(signal, onShape).catch(() => undefined)
    this.#watchPlace()
  }

  setBounds(bounds: Rect | undefined): void {
    this.#place.setBounds(bounds)
  }

  /** Whether the operator sees the screen; while not, nobody asks where the pointer is. */
  setShown(isShown: boolean): void {
    if (isShown === this.#isShown) return
    this.#isShown = isShown
    this.#watchPlace()
  }

  handleOwnMove(position: PointerPosition): void {
    this.#place.handleOwn(position)
  }

  sendShape(): void {
    const message = this.#shape && cursorMessage(this.#shape)
    if (message) this.#send(message)
  }

  #detach(source: CursorSource): void {
    if (this.#source !== source) return
    this.#source = undefined
    this.#watchPlace()
  }

  #watchPlace(): void {
    this.#placeScope?.abort()
    this.#placeScope = undefined
    this.#place.stop()
    if (!this.#source || !this.#isShown) return
    this.#placeScope = new AbortController()
    const onPosition = (position: PointerPosition) => this.#place.handleMoved(position)
    this.#source.watchPosition(this.#placeScope.signal, onPosition).catch(() => undefined)
  }
}
