import { expect, test } from 'vitest'
import { type Display, PlatformError } from '../platform.ts'
import { createFakePlatform } from './index.ts'

const second: Display = {
  id: 'fake-2',
  name: 'Second',
  bounds: { x: 640, y: 0, width: 100, height: 50 },
  isPrimary: false,
}

test('displays come and go, and a capture of a removed one ends', async () => {
  const { machine, openDesktop } = createFakePlatform()
  const desktop = await openDesktop({})
  const seen: number[] = []
  desktop.onDisplaysChanged(displays => seen.push(displays.length))
  machine.addDisplay(second)
  const firstFrame = Promise.withResolvers<number>()
  const captured = desktop.screen.capture(
    { displayId: 'fake-2', maxFramesPerSecond: 60, signal: new AbortController().signal },
    frame => firstFrame.resolve(frame.surface.width),
  )
  expect(await firstFrame.promise).toBe(100)
  machine.removeDisplay('fake-2')
  await expect(captured).rejects.toMatchObject({ code: 'display-lost' })
  expect(seen).toEqual([2, 1])
})

test('the pointer reaches every display', async () => {
  const { machine, openDesktop } = createFakePlatform()
  machine.addDisplay(second)
  const { input } = await openDesktop({})
  input.movePointer(10_000, 10)
  expect(machine.seat.pointer).toEqual({ x: 739, y: 10 })
})

test('what happened is kept in its order', async () => {
  const { machine, openDesktop } = createFakePlatform()
  const { input } = await openDesktop({})
  input.movePointer(1, 2)
  input.setButton(2, true)
  input.scroll(0, 1)
  await input.typeText('hi')
  await input.releaseAll()
  expect(machine.seat.actions).toEqual([
    { kind: 'move', x: 1, y: 2 },
    { kind: 'button', button: 2, pressed: true },
    { kind: 'scroll', dx: 0, dy: 1 },
    { kind: 'text', text: 'hi' },
    { kind: 'button', button: 2, pressed: false },
  ])
})

test('a crash lifts what was held, and a refusal is the answer to opening', async () => {
  const { machine, openDesktop } = createFakePlatform()
  const desktop = await openDesktop({})
  desktop.input.setKey('KeyA', true)
  machine.crash()
  expect(machine.seat.heldKeys).toEqual([])
  machine.refusal = new PlatformError('display-unset', 'nobody is logged in')
  await expect(openDesktop({})).rejects.toThrow('nobody is logged in')
})

test('a clock of its own decides when the next frame comes', async () => {
  const timers: { delayMs: number; call: () => void }[] = []
  let nowMs = 1000
  const clock = {
    nowMs: () => nowMs,
    after: (delayMs: number, call: () => void) => {
      timers.push({ delayMs, call })
      return () => undefined
    },
  }
  const { machine, openDesktop } = createFakePlatform({ clock })
  const desktop = await openDesktop({})
  const stop = new AbortController()
  const times: number[] = []
  const captured = desktop.screen.capture(
    { displayId: 'fake-1', maxFramesPerSecond: 10, signal: stop.signal },
    frame => void times.push(frame.capturedAtMs),
  )
  await Promise.resolve()
  machine.paint('fake-1', 0xff0000)
  machine.paint('fake-1', 0x00ff00)
  await Promise.resolve()
  expect(timers).toMatchObject([{ delayMs: 100 }])
  nowMs += 100
  timers[0]?.call()
  stop.abort()
  await captured
  expect(times).toEqual([1000, 1100])
})
