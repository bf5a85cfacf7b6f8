import { ALL_DISPLAYS } from '#protocol/peer/control.ts'
import type { DeviceInventory } from '#protocol/wire/inventory.ts'
import { hullOf, type Rect } from '../pixels/rect.ts'
import type { Surface } from '../pixels/surface.ts'

/**
 * What an operating system must offer to a session. One folder per system implements it; nothing above this file asks which system it is on.
 */

export type { Rect } from '../pixels/rect.ts'

export interface Display {
  readonly id: string
  readonly name: string
  /** Place and size in the desktop's coordinate space, in pixels. */
  readonly bounds: Rect
  readonly isPrimary: boolean
}

/**
 * What is captured under the id `ALL_DISPLAYS`: the smallest rectangle around all displays, which may have corners that none of them shows.
 * Undefined while there is none.
 */
export function allDisplays(displays: readonly Display[]): Display | undefined {
  if (displays.length === 0) return undefined
  const bounds = hullOf(displays.map(display => display.bounds))
  return { id: ALL_DISPLAYS, name: ALL_DISPLAYS, bounds, isPrimary: false }
}

/**
 * One captured picture. The surface is the capture's own, the same one until the display changes its size. It takes over new pixels in one go, right before
 * the next frame is delivered: at any other moment it is a whole picture, and may be read.
 */
export interface ScreenFrame {
  readonly surface: Surface
  /** What changed since the frame before; the whole picture for the first frame and after a change of size. Never empty. */
  readonly damage: readonly Rect[]
  /** When the pixels were read, on the monotonic clock. */
  readonly capturedAtMs: number
}

export interface CaptureOptions {
  /** One of the desktop's displays, or `ALL_DISPLAYS`. */
  readonly displayId: string
  /** Frames are never delivered faster than this. */
  readonly maxFramesPerSecond: number
  readonly signal: AbortSignal
}

/**
 * Frames of one display until `signal` aborts.
 *
 * The first frame comes at once; after that, one only when pixels changed. While nothing changes, nothing is read. A consumer that is still busy with a
 * frame (its promise hasn't settled) loses frames, never memory, and gets the newest picture next, with the damage of all that it missed.
 * After the display changed size, the next frame has the new size and is whole.
 * Resolves when `signal` aborts; rejects with a `PlatformError` when the display is lost, and with the consumer's own error when `onFrame` fails.
 */
export interface ScreenSource {
  capture(options: CaptureOptions, onFrame: (frame: ScreenFrame) => void | Promise<void>): Promise<void>
}

export interface CursorShape {
  readonly width: number
  readonly height: number
  readonly hotspotX: number
  readonly hotspotY: number
  /** width × height × 4 bytes, R, G, B, A, not premultiplied. */
  readonly rgba: Uint8Array
}

export interface PointerPosition {
  readonly x: number
  readonly y: number
}

export interface CursorSource {
  /** Shape at once and then on each change, until `signal` aborts. */
  watchShape(signal: AbortSignal, onShape: (shape: CursorShape) => void): Promise<void>
  /**
   * Where the pointer is, in the desktop's pixels, after each movement by whatever moved it, until `signal` aborts. Movements in quick succession become one.
   * Nothing runs while the pointer rests. Ends as `watchShape` does.
   */
  watchPosition(signal: AbortSignal, onPosition: (position: PointerPosition) => void): Promise<void>
}

/** 0 left, 1 middle, 2 right, 3 back, 4 forward: as in DOM `MouseEvent.button`. */
export type PointerButton = 0 | 1 | 2 | 3 | 4

/** Injects input into one desktop. Every call is applied in the order of the calls. */
export interface InputSink {
  /** Desktop pixels; values outside of the desktop are clamped, NaN moves nothing. */
  movePointer(x: number, y: number): void
  setButton(button: PointerButton, pressed: boolean): void
  /** Wheel notches, fractions add up; positive `dy` scrolls down, positive `dx` right. */
  scroll(dx: number, dy: number): void
  /** `code` is a DOM `KeyboardEvent.code`, a physical key. Returns false if this keyboard has no such key. */
  setKey(code: string, pressed: boolean): boolean
  /**
   * Types characters whatever the layout, Caps Lock and held modifiers; what no key gives is typed through a spare key mapped for the moment.
   * A line end is Enter and a tab is Tab; other control characters are left out. Later calls wait for its end; `releaseAll` stops it early.
   */
  typeText(text: string): Promise<void>
  /** Lifts every held key and button, and drops what still waits behind a text. Safe at any time, twice included. */
  releaseAll(): Promise<void>
}

export interface DesktopEvents {
  /** Displays were added, removed, moved or resized. */
  onDisplaysChanged(listener: (displays: readonly Display[]) => void): () => void
}

/** One connection to a desktop. `close` is idempotent, releases held input, ends captures and watches as an abort does, and may be called at any time. */
export interface Desktop extends DesktopEvents {
  readonly screen: ScreenSource
  readonly cursor: CursorSource
  readonly input: InputSink
  displays(): Promise<readonly Display[]>
  /** Whether the displays are switched off to save power. The system is asked each time; false where it doesn't know. */
  isAsleep(): Promise<boolean>
  /** Settles when the connection to the desktop is lost, with the reason; never after `close`. */
  readonly lost: Promise<PlatformError>
  close(): Promise<void>
}

export interface DesktopOptions {
  /** Where the desktop is: an X11 display name such as `:0` on Linux; unused elsewhere. */
  readonly address?: string
  /** A window of ours lies over everything and says that the device is being serviced: captures show what is beneath it. */
  readonly isCovered?: boolean
  /** The device's own mouse and keyboard do nothing until the desktop is closed, or its process has died. */
  readonly blocksLocalInput?: boolean
}

export interface DeviceFacts {
  readonly hostname: string
  readonly platform: 'linux' | 'win32' | 'darwin' | 'fake'
  /** For people, e.g. `Debian GNU/Linux 12 (bookworm)`. */
  readonly osName: string
}

/** Whether somebody is in front of the desktop who could answer, as far as the system knows. */
export type DeskState = 'present' | 'locked' | 'nobody' | 'unknown'

export interface Platform {
  openDesktop(options: DesktopOptions): Promise<Desktop>
  facts(): Promise<DeviceFacts>
  /** What the machine is made of and who is at it now; what can't be found out is null. Never rejects for that. */
  inventory(): Promise<DeviceInventory>
  /** The desktop of `uid`; where it is undefined, of whoever has one, and that nobody has is then unknown. Never rejects. */
  desk(uid: number | undefined): Promise<DeskState>
}

export type PlatformErrorCode =
  | 'display-unset'
  | 'display-unreachable'
  | 'display-denied'
  | 'display-lost'
  | 'extension-missing'
  | 'display-unknown'
  /** A prompt of the system is in front, which nobody but the system may show: sign-in, elevation. */
  | 'secure-desktop'
  | 'unsupported'

/** A desktop that can't be used. `message` says what is wrong and what to do next; it is shown to people. */
export class PlatformError extends Error {
  readonly code: PlatformErrorCode

  constructor(code: PlatformErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'PlatformError'
    this.code = code
  }
}
