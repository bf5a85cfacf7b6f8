import { EventEmitter } from 'node:events'
import { ALL_DISPLAYS } from '#protocol/peer/control.ts'
import {
  allDisplays,
  type CursorShape,
  type Display,
  PlatformError,
  type PointerPosition,
  type Rect,
} from '../platform.ts'
import { FakeFramebuffer } from './framebuffer.ts'
import { FakeSeat } from './seat.ts'

interface MachineEvents {
  damage: [displayId: string, rect: Rect]
  displays: [displays: readonly Display[]]
  cursor: [shape: CursorShape]
  pointer: [position: PointerPosition]
  lost: [reason: PlatformError]
}

/** The computer behind a fake platform: what a person in front of it sees and does, for tests to arrange and to inspect. */
export class FakeMachine {
  /** What the operator's input did. */
  readonly seat: FakeSeat
  readonly events = new EventEmitter<MachineEvents>()
  /** When set, `openDesktop` fails with it. */
  refusal: PlatformError | undefined
  /** Whether the displays are switched off to save power. */
  isAsleep = false
  readonly #screens = new Map<string, { display: Display; framebuffer: FakeFramebuffer }>()
  #cursor: CursorShape = { width: 1, height: 1, hotspotX: 0, hotspotY: 0, rgba: Uint8Array.of(0, 0, 0, 255) }

  constructor(displays: readonly Display[]) {
    this.events.setMaxListeners(0)
    for (const display of displays) this.#put(display)
    this.seat = new FakeSeat(
      () => this.desktopBounds(),
      position => this.events.emit('pointer', position),
    )
  }

  get displays(): readonly Display[] {
    return [...this.#screens.values()].map(({ display }) => display)
  }

  get cursor(): CursorShape {
    return this.#cursor
  }

  /** One display, or all as one; undefined for one that isn't there. */
  display(displayId: string): Display | undefined {
    return displayId === ALL_DISPLAYS ? allDisplays(this.displays) : this.#screens.get(displayId)?.display
  }

  /** What a display shows now, written over `pixels`, which has its size. */
  readPixels({ id, bounds }: Display, pixels: Uint8Array): void {
    if (id !== ALL_DISPLAYS) {
      pixels.set(this.#require(id).framebuffer.pixels)
      return
    }
    const picture = new FakeFramebuffer(bounds.width, bounds.height)
    for (const { display, framebuffer } of this.#screens.values()) {
      picture.place(framebuffer, display.bounds.x - bounds.x, display.bounds.y - bounds.y)
    }
    pixels.set(picture.pixels)
  }

  /** Fills a rectangle of a display (all of it by default) with `0xRRGGBB`. Painting what is already there is no change. */
  paint(displayId: string, colour: number, rect?: Rect): void {
    const { framebuffer } = this.#require(displayId)
    const { width, height } = framebuffer
    const changed = framebuffer.fill(rect ?? { x: 0, y: 0, width, height }, colour)
    if (changed) this.events.emit('damage', displayId, changed)
  }

  setCursor(shape: CursorShape): void {
    this.#cursor = shape
    this.events.emit('cursor', shape)
  }

  /** What the person does with their own mouse. */
  movePointer(x: number, y: number): void {
    this.seat.place(x, y)
  }

  /** The picture starts black again, as after a change of resolution. */
  resizeDisplay(displayId: string, width: number, height: number): void {
    const { display } = this.#require(displayId)
    this.#put({ ...display, bounds: { ...display.bounds, width, height } })
    this.events.emit('displays', this.displays)
  }

  /** It keeps its picture. */
  moveDisplay(displayId: string, x: number, y: number): void {
    const { display, framebuffer } = this.#require(displayId)
    this.#screens.set(displayId, { display: { ...display, bounds: { ...display.bounds, x, y } }, framebuffer })
    this.events.emit('displays', this.displays)
  }

  addDisplay(display: Display): void {
    this.#put(display)
    this.events.emit('displays', this.displays)
  }

  removeDisplay(displayId: string): void {
    this.#screens.delete(displayId)
    this.events.emit('displays', this.displays)
  }

  /** Ends every open desktop as a crash of the display server would. */
  crash(): void {
    this.events.emit('lost', new PlatformError('display-lost', 'The fake desktop was closed. Connect again.'))
  }

  /** The smallest rectangle from the origin that holds all displays. */
  desktopBounds(): Rect {
    const width = Math.max(1, ...this.displays.map(({ bounds }) => bounds.x + bounds.width))
    const height = Math.max(1, ...this.displays.map(({ bounds }) => bounds.y + bounds.height))
    return { x: 0, y: 0, width, height }
  }

  #put(display: Display): void {
    const { width, height } = display.bounds
    this.#screens.set(display.id, { display, framebuffer: new FakeFramebuffer(width, height) })
  }

  #require(displayId: string): { display: Display; framebuffer: FakeFramebuffer } {
    const screen = this.#screens.get(displayId)
    if (!screen) throw new Error(`the fake machine has no display ${displayId}`)
    return screen
  }
}
