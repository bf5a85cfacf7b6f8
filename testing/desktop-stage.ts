import { createFakePlatform, type FakeMachine } from '../agent/platform/fake/index.ts'
import { openX11Desktop } from '../agent/platform/linux/desktop.ts'
import { createLinuxPlatform } from '../agent/platform/linux/index.ts'
import type { Desktop, Rect, ScreenFrame } from '../agent/platform/platform.ts'
import { startXDisplay } from './x-display.ts'
import { openKeyProbe } from './x-display-keys.ts'
import { setMonitors } from './x-display-monitors.ts'
import { openPainter } from './x-display-painter.ts'
import { resizeDisplay } from './x-display-resize.ts'

/** A desktop with someone in front of it, whatever it is made of. */
export interface Stage {
  readonly desktop: Desktop
  readonly problems: Error[]
  paint(rect: Rect, colour: number): Promise<void>
  /** Shows a square cursor of one colour. */
  setCursor(size: number, colour: number): Promise<void>
  resize(width: number, height: number): Promise<void>
  /** The desktop's only displays from now on; the first is the primary one. */
  arrange(displays: Readonly<Record<string, Rect>>): Promise<void>
  pointer(): Promise<{ x: number; y: number }>
  /** What the person does with a mouse of their own. */
  movePointer(x: number, y: number): Promise<void>
  /** How many keys and buttons the desktop thinks are down. */
  heldCount(): Promise<number>
  untilTyped(text: string): Promise<void>
  crash(): Promise<void>
  stop(): Promise<void>
}

export const WIDTH = 640
export const HEIGHT = 480

async function openFakeStage(): Promise<Stage> {
  const platform = createFakePlatform()
  const { machine } = platform
  return {
    desktop: await platform.openDesktop({}),
    problems: [],
    paint: async (rect, colour) => {
      for (const { id, bounds } of machine.displays) {
        machine.paint(id, colour, { ...rect, x: rect.x - bounds.x, y: rect.y - bounds.y })
      }
    },
    async setCursor(size, colour) {
      const pixel = [colour >> 16, colour >> 8, colour, 255]
      const rgba = Uint8Array.from({ length: size * size * 4 }, (_, at) => pixel[at % 4] ?? 0)
      machine.setCursor({ width: size, height: size, hotspotX: size >> 1, hotspotY: size >> 1, rgba })
    },
    resize: async (width, height) => machine.resizeDisplay('fake-1', width, height),
    arrange: async displays => arrangeFake(machine, displays),
    pointer: async () => machine.seat.pointer,
    movePointer: async (x, y) => machine.movePointer(x, y),
    heldCount: async () => machine.seat.heldKeys.length + machine.seat.heldButtons.length,
    async untilTyped(text) {
      if (machine.seat.typed !== text) throw new Error(`typed was ${JSON.stringify(machine.seat.typed)}`)
    },
    crash: async () => machine.crash(),
    stop: async () => undefined,
  }
}

function arrangeFake(machine: FakeMachine, displays: Readonly<Record<string, Rect>>): void {
  for (const { id } of machine.displays) if (!Object.hasOwn(displays, id)) machine.removeDisplay(id)
  for (const [id, bounds] of Object.entries(displays)) {
    const isPrimary = id === Object.keys(displays)[0]
    const before = machine.display(id)?.bounds
    if (before && before.width === bounds.width && before.height === bounds.height) {
      machine.moveDisplay(id, bounds.x, bounds.y)
    } else machine.addDisplay({ id, name: id, bounds, isPrimary })
  }
}

async function openX11Stage(useSharedMemory: boolean): Promise<Stage> {
  const display = await startXDisplay({ width: WIDTH, height: HEIGHT })
  const probe = await openKeyProbe(display.name)
  // On top of the probe, so that its cursor is the one that shows.
  const painter = await openPainter(display.name)
  const problems: Error[] = []
  const report = (problem: Error) => void problems.push(problem)
  return {
    desktop: useSharedMemory
      ? await createLinuxPlatform({ report }).openDesktop({ address: display.name })
      : await openX11Desktop({ address: display.name, report, useSharedMemory: false }),
    problems,
    paint: (rect, colour) => painter.fill([{ ...rect, colour }]),
    setCursor: (size, colour) => painter.setCursor(size, colour),
    resize: (width, height) => resizeDisplay(display.name, width, height),
    arrange: displays => setMonitors(display.name, displays),
    pointer: () => probe.state(),
    movePointer: (x, y) => painter.movePointer(x, y),
    async heldCount() {
      const { keycodes, buttons } = await probe.state()
      return keycodes.length + (buttons === 0 ? 0 : 1)
    },
    untilTyped: text => probe.until(({ text: typed }) => typed === text),
    crash: () => display.crash(),
    stop: () => display.stop(),
  }
}

/** What the contract of a desktop is tested with. */
export const stages: readonly [string, () => Promise<Stage>][] = [
  ['the fake', openFakeStage],
  ['X11 with shared memory', () => openX11Stage(true)],
  ['X11 over the wire', () => openX11Stage(false)],
]

/** The frames of one capture, one at a time. */
export class Frames {
  readonly all: { width: number; height: number; damage: readonly Rect[]; pixels: Uint8Array }[] = []
  readonly #waiting: (() => void)[] = []
  #taken = 0

  readonly handle = (frame: ScreenFrame): void => {
    const { damage } = frame
    const { width, height, pixels } = frame.surface
    this.all.push({ width, height, damage, pixels: pixels.slice() })
    for (const check of this.#waiting.splice(0)) check()
  }

  async next() {
    while (this.all.length === this.#taken) await new Promise<void>(resolve => this.#waiting.push(resolve))
    return this.all[this.#taken++] as Frames['all'][number]
  }

  /** Goes on to the frame for which `test` holds. */
  async until(test: (frame: Frames['all'][number]) => boolean) {
    for (;;) {
      const frame = await this.next()
      if (test(frame)) return frame
    }
  }

  /** Goes on to the frame that shows `colour` at a place. */
  untilColour(x: number, y: number, colour: number) {
    return this.until(frame => colourAt(frame, x, y) === colour)
  }
}

/** `0xRRGGBB`. */
export function colourAt({ width, pixels }: { width: number; pixels: Uint8Array }, x: number, y: number): number {
  const [red = 0, green = 0, blue = 0, alpha = 0] = pixels.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)
  if (alpha !== 255) throw new Error(`the pixel at ${x}, ${y} isn't opaque`)
  return (red << 16) | (green << 8) | blue
}

/** Whether one of the rectangles has all of `rect` within. */
export function covers(damage: readonly Rect[], rect: Rect): boolean {
  return damage.some(
    part =>
      part.x <= rect.x &&
      part.y <= rect.y &&
      part.x + part.width >= rect.x + rect.width &&
      part.y + part.height >= rect.y + rect.height,
  )
}
