import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { colourAt, covers, Frames, HEIGHT, type Stage, stages, WIDTH } from '#testing/desktop-stage.ts'
import type { CursorShape, Rect, ScreenFrame } from './platform.ts'

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

  test('the pointer’s place comes after each movement, whoever moved it, and the last one is never lost', async () => {
    const positions: { x: number; y: number }[] = []
    const watched = stage.desktop.cursor.watchPosition(stop.signal, position => positions.push(position))
    await stage.desktop.displays()
    const until = (x: number, y: number) =>
      vi.waitUntil(() => positions.at(-1)?.x === x && positions.at(-1)?.y === y, { timeout: 15_000 })
    // Until the watch has begun.
    for (let y = 1; positions.length === 0; y = (y % 99) + 1) {
      await stage.movePointer(5, y)
      await stage.desktop.displays()
    }
    await stage.movePointer(50, 60)
    await until(50, 60)
    for (let x = 100; x <= 400; x++) await stage.movePointer(x, 200)
    await until(400, 200)
    stage.desktop.input.movePointer(7, 8)
    await until(7, 8)
    stop.abort()
    await watched
    const count = positions.length
    await stage.movePointer(300, 300)
    await stage.desktop.displays()
    expect(positions.length).toBe(count)
  })

  test('displays that are lit are not asleep', async () => {
    expect(await stage.desktop.isAsleep()).toBe(false)
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
