import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ALL_DISPLAYS } from '#protocol/peer/control.ts'
import { covers, Frames, HEIGHT, type Stage, stages, WIDTH } from '#testing/desktop-stage.ts'
import type { Rect } from './platform.ts'

const HALF = WIDTH / 2
const LEFT: Rect = { x: 0, y: 0, width: HALF, height: HEIGHT }
const RIGHT: Rect = { x: HALF, y: 0, width: HALF, height: HEIGHT }

describe.each(stages)('several displays of %s', (_name, openStage) => {
  let stage: Stage
  let stop: AbortController

  beforeEach(async () => {
    stage = await openStage()
    stop = new AbortController()
    await stage.arrange({ left: LEFT, right: RIGHT })
  })

  afterEach(async () => {
    stop.abort()
    await stage.desktop.close()
    await stage.stop()
    expect(stage.problems).toEqual([])
  })

  function capture(displayId: string): { frames: Frames; ended: Promise<void> } {
    const frames = new Frames()
    const ended = stage.desktop.screen.capture(
      { displayId, maxFramesPerSecond: 100, signal: stop.signal },
      frames.handle,
    )
    ended.catch(() => undefined)
    return { frames, ended }
  }

  const idsAndBounds = async () =>
    Object.fromEntries((await stage.desktop.displays()).map(({ id, bounds }) => [id, bounds]))

  test('each is listed with its place; what shows all of them is not', async () => {
    const displays = await stage.desktop.displays()
    expect(await idsAndBounds()).toEqual({ left: LEFT, right: RIGHT })
    expect(displays.filter(({ isPrimary }) => isPrimary).length).toBe(1)
  })

  test('one of them shows its own part only', async () => {
    await stage.desktop.displays()
    const { frames } = capture('right')
    expect(await frames.next()).toMatchObject({ width: HALF, height: HEIGHT })
    await stage.paint({ x: HALF - 10, y: 5, width: 20, height: 4 }, 0x7799aa)
    const { damage } = await frames.untilColour(9, 8, 0x7799aa)
    expect(covers([{ x: 0, y: 0, width: 20, height: 20 }], damage[0] as Rect)).toBe(true)
  })

  test('all of them are one picture, and go on as one when one of them moves or goes', async () => {
    await stage.desktop.displays()
    const { frames } = capture(ALL_DISPLAYS)
    expect(await frames.next()).toMatchObject({ width: WIDTH, height: HEIGHT })
    await stage.paint({ x: HALF - 3, y: 9, width: 6, height: 6 }, 0x20c040)
    await frames.untilColour(HALF + 2, 14, 0x20c040)
    await stage.arrange({ left: LEFT, right: { ...RIGHT, x: HALF - 40 } })
    await frames.until(({ width }) => width === WIDTH - 40)
    await stage.arrange({ left: LEFT })
    await frames.until(({ width }) => width === HALF)
    await stage.paint({ x: 7, y: 7, width: 3, height: 3 }, 0x808080)
    await frames.untilColour(9, 9, 0x808080)
  })

  test('all of them begin where the first one begins', async () => {
    await stage.arrange({ right: { ...RIGHT, y: 30, height: HEIGHT - 30 } })
    await vi.waitUntil(async () => (await idsAndBounds()).right?.y === 30, { timeout: 15_000 })
    const { frames } = capture(ALL_DISPLAYS)
    expect(await frames.next()).toMatchObject({ width: HALF, height: HEIGHT - 30 })
    await stage.paint({ x: HALF, y: 30, width: 1, height: 1 }, 0xff00ff)
    await frames.untilColour(0, 0, 0xff00ff)
  })

  test('a display that is moved shows what is at its new place', async () => {
    await stage.desktop.displays()
    const { frames } = capture('right')
    await frames.next()
    await stage.arrange({ left: LEFT, right: { ...RIGHT, x: HALF - 100 } })
    await stage.paint({ x: HALF - 100, y: 0, width: 5, height: 5 }, 0xfa8072)
    await frames.untilColour(0, 0, 0xfa8072)
  })

  test('a display that comes is told and can be captured at once', async () => {
    const told = Promise.withResolvers<readonly { id: string }[]>()
    await stage.arrange({ left: LEFT })
    await vi.waitUntil(async () => !(await idsAndBounds()).right, { timeout: 15_000 })
    stage.desktop.onDisplaysChanged(displays => {
      if (displays.some(({ id }) => id === 'right')) told.resolve(displays)
    })
    await stage.arrange({ left: LEFT, right: RIGHT })
    expect((await told.promise).length).toBe(2)
    expect(await capture('right').frames.next()).toMatchObject({ width: HALF })
  })

  test('a display that goes ends its captures by name', async () => {
    await stage.desktop.displays()
    const { frames, ended } = capture('right')
    await frames.next()
    await stage.arrange({ left: LEFT })
    await expect(ended).rejects.toMatchObject({ code: 'display-lost' })
  })
})
