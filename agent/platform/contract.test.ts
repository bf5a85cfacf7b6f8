import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startXDisplay } from '#testing/x-display.ts'
import { openKeyProbe } from '#testing/x-display-keys.ts'
import { openPainter } from '#testing/x-display-painter.ts'
import { resizeDisplay } from '#testing/x-display-resize.ts'
import { createFakePlatform } from './fake/index.ts'
import { openX11Desktop } from './linux/desktop.ts'
import { createLinuxPlatform } from './linux/index.ts'
import type { CursorShape, Desktop, Rect, ScreenFrame } from './platform.ts'

/** A desktop with someone in front of it, whatever it is made of. */
interface Stage {
  readonly desktop: Desktop
  readonly problems: Error[]
  paint(rect: Rect, colour: number): Promise<void>
  /** Shows a square cursor of one colour. */
  setCursor(size: number, colour: number): Promise<void>
  resize(width: number, height: number): Promise<void>
  pointer(): Promise<{ x: number; y: number }>
  /** How many keys and buttons the desktop thinks are down. */
  heldCount(): Promise<number>
  untilTyped(text: string): Promise<void>
  crash(): Promise<void>
  stop(): Promise<void>
}

const WIDTH = 640
const HEIGHT = 480

async function openFakeStage(): Promise<Stage> {
  const platform = createFakePlatform()
  const { machine } = platform
  return {
    desktop: await platform.openDesktop({}),
    problems: [],
    paint: async (rect, colour) => machine.paint('fake-1', colour, rect),
    async setCursor(size, colour) {
      const pixel = [colour >> 16, colour >> 8, colour, 255]
      const rgba = Uint8Array.from({ length: size * size * 4 }, (_, at) => pixel[at % 4] ?? 0)
      machine.setCursor({ width: size, height: size, hotspotX: size >> 1, hotspotY: size >> 1, rgba })
    },
    resize: async (width, height) => machine.resizeDisplay('fake-1', width, height),
    pointer: async () => machine.seat.pointer,
    heldCount: async () => machine.seat.heldKeys.length + machine.seat.heldButtons.length,
    async untilTyped(text) {
      expect(machine.seat.typed).toBe(text)
    },
    crash: async () => machine.crash(),
    stop: async () => undefined,
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
    pointer: () => probe.state(),
    async heldCount() {
      const { keycodes, buttons } = await probe.state()
      return keycodes.length + (buttons === 0 ? 0 : 1)
    },
    untilTyped: text => probe.until(({ text: typed }) => typed === text),
    crash: () => display.crash(),
    stop: () => display.stop(),
  }
}

const stages: readonly [string, () => Promise<Stage>][] = [
  ['the fake', openFakeStage],
  ['X11 with shared memory', () => openX11Stage(true)],
  ['X11 over the wire', () => openX11Stage(false)],
]

/** The frames of one capture, one at a time. */
class Frames {
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

  /** Goes on to the frame that shows `colour` at a place. */
  async untilColour(x: number, y: number, colour: number) {
    for (;;) {
      const frame = await this.next()
      if (colourAt(frame, x, y) === colour) return frame
    }
  }
}

function colourAt({ width, pixels }: { width: number; pixels: Uint8Array }, x: number, y: number): number {
  const [red = 0, green = 0, blue = 0, alpha = 0] = pixels.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)
  expect(alpha).toBe(255)
  return (red << 16) | (green << 8) | blue
}

function covers(damage: readonly Rect[], rect: Rect): boolean {
  return damage.some(
    part =>
      part.x <= rect.x &&
      part.y <= rect.y &&
      part.x + part.width >= rect.x + rect.width &&
      part.y + part.height >= rect.y + rect.height,
  )
}

describe.each(stages)('a desktop of %s', (_name, openStage) => {
  let stage: Stage
  let stop: AbortController
  let displayId: string

  beforeEach(async () => {
    stage = await openStage()
    stop = new AbortController()
    displayId = (await stage.desktop.displays())[0]?.id ?? ''
  })

  afterEach(async () => {
    stop.abort()
    await stage.desktop.close()
    await stage.stop()
    expect(stage.problems).toEqual([])
  })

  function capture(onFrame: (frame: ScreenFrame) => void | Promise<void>, maxFramesPerSecond = 100): Promise<void> {
    const captured = stage.desktop.screen.capture({ displayId, maxFramesPerSecond, signal: stop.signal }, onFrame)
    captured.catch(() => undefined)
    return captured
  }

  test('has one primary display of its size', async () => {
    expect(await stage.desktop.displays()).toMatchObject([
      { bounds: { x: 0, y: 0, width: WIDTH, height: HEIGHT }, isPrimary: true },
    ])
  })

  test('delivers a whole first frame at once', async () => {
    const frames = new Frames()
    const captured = capture(frames.handle)
    const frame = await frames.next()
    expect(frame).toMatchObject({ width: WIDTH, height: HEIGHT })
    expect(frame.damage).toEqual([{ x: 0, y: 0, width: WIDTH, height: HEIGHT }])
    expect(frame.pixels.length).toBe(WIDTH * HEIGHT * 4)
    stop.abort()
    await captured
  })

  test('a known pattern arrives in exactly its colours', async () => {
    const colours = [0xff0000, 0x00ff00, 0x0000ff, 0xffffff, 0x123456, 0xfedcba, 0x010203, 0x808182]
    for (const [index, colour] of colours.entries())
      await stage.paint({ x: index * 21, y: 7, width: 21, height: 33 }, colour)
    const frames = new Frames()
    capture(frames.handle)
    const frame = await frames.next()
    for (const [index, colour] of colours.entries()) {
      expect(colourAt(frame, index * 21, 7)).toBe(colour)
      expect(colourAt(frame, index * 21 + 20, 39)).toBe(colour)
    }
    expect(colourAt(frame, 0, 6)).toBe(0)
  })

  test('after a change, the damage covers it and little more', async () => {
    const frames = new Frames()
    capture(frames.handle)
    await frames.next()
    const rect = { x: 101, y: 50, width: 30, height: 20 }
    await stage.paint(rect, 0x336699)
    const frame = await frames.untilColour(101, 50, 0x336699)
    expect(covers(frame.damage, rect)).toBe(true)
    const damaged = frame.damage.reduce((sum, part) => sum + part.width * part.height, 0)
    expect(damaged).toBeLessThan(2 * 30 * 20)
    expect(colourAt(frame, 130, 69)).toBe(0x336699)
    expect(colourAt(frame, 131, 69)).toBe(0)
  })

  test('the right and bottom edges are captured to the last pixel', async () => {
    const frames = new Frames()
    capture(frames.handle)
    await frames.next()
    await stage.paint({ x: WIDTH - 1, y: HEIGHT - 1, width: 1, height: 1 }, 0xabcdef)
    const frame = await frames.untilColour(WIDTH - 1, HEIGHT - 1, 0xabcdef)
    for (const { x, y, width, height } of frame.damage) {
      expect(x + width).toBeLessThanOrEqual(WIDTH)
      expect(y + height).toBeLessThanOrEqual(HEIGHT)
    }
  })

  test('nothing comes while nothing changes, repainting the same colours included', async () => {
    const frames = new Frames()
    await stage.paint({ x: 0, y: 0, width: WIDTH, height: HEIGHT }, 0x224466)
    capture(frames.handle)
    await frames.next()
    await stage.paint({ x: 0, y: 0, width: WIDTH, height: HEIGHT }, 0x224466)
    await stage.paint({ x: 10, y: 10, width: 4, height: 4 }, 0xffffff)
    const frame = await frames.untilColour(10, 10, 0xffffff)
    expect(frames.all.length).toBe(2)
    expect(frame.damage).toEqual([expect.objectContaining({ y: 10, height: 4 })])
  })

  test('frames keep to the rate that was asked for', async () => {
    const times: number[] = []
    const frames = new Frames()
    capture(frame => {
      times.push(frame.capturedAtMs)
      frames.handle(frame)
    }, 20)
    await frames.next()
    for (let step = 1; step <= 4; step++) {
      await stage.paint({ x: 0, y: 0, width: 8, height: 8 }, step)
      await frames.untilColour(0, 0, step)
    }
    // The first frame owes nothing to the rate: it comes at once, however long it took to prepare.
    expect((times.at(-1) ?? 0) - (times[1] ?? 0)).toBeGreaterThanOrEqual(3 * 50 - 30)
  })

  test('a slow consumer loses frames and then gets the newest picture with all the damage', async () => {
    const frames = new Frames()
    const gate = Promise.withResolvers<void>()
    let calls = 0
    capture(frame => {
      frames.handle(frame)
      return ++calls === 1 ? gate.promise : undefined
    })
    await frames.next()
    for (let step = 0; step < 50; step++) {
      await stage.paint({ x: step * 8, y: 100, width: 8, height: 8 }, 0x100000 + step)
    }
    expect(calls).toBe(1)
    gate.resolve()
    const frame = await frames.next()
    expect(colourAt(frame, 0, 100)).toBe(0x100000)
    expect(colourAt(frame, 49 * 8, 100)).toBe(0x100000 + 49)
    for (const x of [0, 8, 49 * 8]) {
      expect(covers(frame.damage, { x, y: 100, width: 8, height: 8 })).toBe(true)
    }
  })

  test('after a change of resolution the next frame is whole and has the new size', async () => {
    const frames = new Frames()
    const changed = new Promise<readonly { bounds: Rect }[]>(resolve => stage.desktop.onDisplaysChanged(resolve))
    capture(frames.handle)
    await frames.next()
    await stage.resize(320, 200)
    let frame = await frames.next()
    while (frame.width !== 320) frame = await frames.next()
    expect(frame).toMatchObject({ height: 200, damage: [{ x: 0, y: 0, width: 320, height: 200 }] })
    expect((await changed).length).toBe(1)
    expect(await stage.desktop.displays()).toMatchObject([{ bounds: { width: 320, height: 200 } }])
    await stage.paint({ x: 300, y: 190, width: 5, height: 5 }, 0x00ff99)
    await frames.untilColour(304, 194, 0x00ff99)
  })

  test('an unknown display is refused by name', async () => {
    displayId = 'no-such-display'
    await expect(capture(() => undefined)).rejects.toMatchObject({ code: 'display-unknown' })
  })

  test("a consumer's error ends its capture and nobody else's", async () => {
    const frames = new Frames()
    capture(frames.handle)
    await frames.next()
    await expect(
      capture(() => {
        throw new Error('the consumer broke')
      }),
    ).rejects.toThrow('the consumer broke')
    await stage.paint({ x: 0, y: 0, width: 4, height: 4 }, 0x55aa55)
    await frames.untilColour(0, 0, 0x55aa55)
  })

  test('the cursor comes at once and after each change, not premultiplied', async () => {
    const shapes: CursorShape[] = []
    const arrived = Promise.withResolvers<CursorShape>()
    stage.desktop.input.movePointer(20, 20)
    const watched = stage.desktop.cursor.watchShape(stop.signal, shape => {
      shapes.push(shape)
      if (shapes.length === 1) void stage.setCursor(16, 0xc08040)
      if (shape.width >= 16 && shape.rgba[(8 * shape.width + 8) * 4] === 0xc0) arrived.resolve(shape)
    })
    const shape = await arrived.promise
    const middle = (8 * shape.width + 8) * 4
    expect([...shape.rgba.subarray(middle, middle + 4)]).toEqual([0xc0, 0x80, 0x40, 255])
    expect(shape).toMatchObject({ hotspotX: 8, hotspotY: 8 })
    stop.abort()
    await watched
  })

  test('the pointer really moves', async () => {
    stage.desktop.input.movePointer(123, 45)
    await stage.desktop.input.releaseAll()
    expect(await stage.pointer()).toMatchObject({ x: 123, y: 45 })
  })

  test('hostile coordinates are clamped and nonsense moves nothing', async () => {
    const { input } = stage.desktop
    input.movePointer(1e12, Number.POSITIVE_INFINITY)
    await input.releaseAll()
    expect(await stage.pointer()).toMatchObject({ x: WIDTH - 1, y: HEIGHT - 1 })
    input.movePointer(Number.NaN, 10)
    input.scroll(Number.NaN, Number.NEGATIVE_INFINITY)
    await input.releaseAll()
    expect(await stage.pointer()).toMatchObject({ x: WIDTH - 1, y: HEIGHT - 1 })
    input.movePointer(-1e300, -5)
    await input.releaseAll()
    expect(await stage.pointer()).toMatchObject({ x: 0, y: 0 })
  })

  test('keys reach a program', async () => {
    const { input } = stage.desktop
    for (const code of ['KeyA', 'ShiftLeft', 'KeyB']) expect(input.setKey(code, true)).toBe(true)
    await stage.untilTyped('aB')
  })

  test('an unknown key is refused and does nothing', async () => {
    expect(stage.desktop.input.setKey('KeyÄ', true)).toBe(false)
    expect(stage.desktop.input.setKey('', true)).toBe(false)
    expect(stage.desktop.input.setKey('constructor', true)).toBe(false)
    expect(await stage.heldCount()).toBe(0)
  })

  test('releaseAll lifts every held key and button, twice included', async () => {
    const { input } = stage.desktop
    input.setKey('ControlLeft', true)
    input.setKey('F5', true)
    input.setButton(0, true)
    await stage.desktop.displays()
    expect(await stage.heldCount()).toBe(3)
    await Promise.all([input.releaseAll(), input.releaseAll()])
    expect(await stage.heldCount()).toBe(0)
  })

  test('close lifts what is held, and may be called again', async () => {
    stage.desktop.input.setKey('KeyQ', true)
    await Promise.all([stage.desktop.close(), stage.desktop.close()])
    await stage.desktop.close()
    expect(await stage.heldCount()).toBe(0)
    stage.desktop.input.movePointer(5, 5)
    stage.desktop.input.setButton(0, true)
    await stage.desktop.input.releaseAll()
    expect(await stage.heldCount()).toBe(0)
  })

  test('close ends captures quietly and never says that the desktop was lost', async () => {
    const frames = new Frames()
    const captured = capture(frames.handle)
    await frames.next()
    await stage.desktop.close()
    await captured
    const outcome = await Promise.race([stage.desktop.lost, new Promise(resolve => setImmediate(resolve, 'not lost'))])
    expect(outcome).toBe('not lost')
  })

  test('text is typed whatever the layout, and control characters are left out', async () => {
    await stage.desktop.input.typeText('Hi, you: 7% é€жΩ漢🙂\u0000\u001b\u0008\u009f\ud800end\r\n\tx')
    await stage.untilTyped('Hi, you: 7% é€жΩ漢🙂end\n\tx')
    expect(await stage.heldCount()).toBe(0)
  })

  test('input keeps its order around a text that is being typed', async () => {
    const { input } = stage.desktop
    const first = input.typeText('ж1')
    const second = input.typeText('2')
    input.setKey('Digit3', true)
    input.setKey('Digit3', false)
    await Promise.all([first, second])
    await stage.untilTyped('ж123')
  })

  test('10,000 characters arrive complete', async () => {
    const text = 'The quick brown Fox! '.repeat(500).slice(0, 10_000)
    await stage.desktop.input.typeText(text)
    await stage.untilTyped(text)
  })

  test('a lost server is told once, ends captures and leaves calls harmless', async () => {
    const frames = new Frames()
    const captured = capture(frames.handle)
    await frames.next()
    await stage.crash()
    await expect(captured).rejects.toMatchObject({ name: 'PlatformError', code: 'display-lost' })
    expect(await stage.desktop.lost).toMatchObject({ code: 'display-lost' })
    stage.desktop.input.setKey('KeyA', true)
    stage.desktop.input.movePointer(1, 1)
    await stage.desktop.input.releaseAll()
    await expect(stage.desktop.displays()).rejects.toMatchObject({ code: 'display-lost' })
  })
})
