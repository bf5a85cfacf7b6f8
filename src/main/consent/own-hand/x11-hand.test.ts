import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type NestedDisplay, startNestedDisplay } from '#testing/nested-display.ts'
import type { OwnHand } from './own-hand.ts'
import { watchHands } from './x11-hand.ts'

const run = promisify(execFile)
let display: NestedDisplay
let hand: OwnHand

beforeAll(async () => {
  display = await startNestedDisplay({ width: 640, height: 480 })
  hand = await watchHands(display.name)
})
afterAll(async () => {
  hand?.close()
  await display?.stop()
})

/** XTEST on the display itself is a program; on the display around it, it is the hardware of the inner one. */
const press = (on: string, action: string) =>
  run('xdotool', [action, 'Shift_L'], { env: { ...process.env, DISPLAY: on } })
const refused = expect.objectContaining({ code: 'forbidden' })

/** What the hardware does needs a moment to come through the window that the inner display is. */
const ownPressCounts = () =>
  expect
    .poll(
      () =>
        hand.require().then(
          () => true,
          () => false,
        ),
      { timeout: 1_400 },
    )
    .toBe(true)

it('A62 keys that a pause lifted spoil nothing once they are forgotten; what comes after them counts as before', async () => {
  await press(display.name, 'keydown')
  await press(display.name, 'keyup')
  await expect(hand.require()).rejects.toEqual(refused)
  // What only takes away wants somebody's press, whatever a program does beside it.
  await expect(hand.refuseProgram()).rejects.toEqual(refused)
  await press(display.hand, 'key')
  await expect
    .poll(
      () =>
        hand.refuseProgram().then(
          () => true,
          () => false,
        ),
      { timeout: 1_400 },
    )
    .toBe(true)
  // The program's press was a moment ago: the person's own doesn't count beside it.
  await expect(hand.require()).rejects.toEqual(refused)

  await hand.forget()
  await expect(hand.require()).rejects.toEqual(refused)
  await hand.refuseProgram()
  await press(display.hand, 'key')
  await ownPressCounts()

  await hand.forget()
  await press(display.name, 'key')
  await press(display.hand, 'key')
  await expect(hand.require()).rejects.toEqual(refused)
})

it('A62 a press of the person’s own is known with its place while a program holds the pointer; a program’s press is not', async () => {
  const places: { x: number; y: number }[] = []
  hand.onPress(at => places.push(at))
  const click = (on: string, ...actions: string[]) => run('xdotool', actions, { env: { ...process.env, DISPLAY: on } })
  await click(display.name, 'mousemove', '50', '60', 'mousedown', '1')
  await click(display.hand, 'mousemove', '200', '100', 'click', '3', 'click', '1')
  await expect.poll(() => places).toEqual([{ x: 200, y: 100 }])
  await click(display.name, 'mouseup', '1')
})

it('A166 a program’s key is told of with the time that has passed since it, and a key of the person’s isn’t', async () => {
  await hand.forget()
  const agos: number[] = []
  hand.onForeignKey(agoMs => agos.push(agoMs))
  await press(display.hand, 'key')
  await ownPressCounts()
  expect(agos).toEqual([])
  const beforeMs = performance.now()
  await press(display.name, 'key')
  await expect.poll(() => agos.length).toBe(1)
  // By the server's clock, and not the time that is said where that can't be known.
  expect(agos[0]).toBeLessThan(Math.min(400, performance.now() - beforeMs + 20))
})

it('A59 where the server is gone no press counts', async () => {
  const other = await watchHands(display.name)
  other.close()
  await other.forget()
  await expect(other.require()).rejects.toEqual(refused)
  // Nobody is kept from ending a session by it.
  await other.refuseProgram()
})
