import { afterEach, beforeEach, expect, test } from 'vitest'
import { startXDisplay, type XDisplay } from '#testing/x-display.ts'
import { type KeyProbe, openKeyProbe } from '#testing/x-display-keys.ts'
import type { Desktop } from '../platform.ts'
import { XConnection } from './connection.ts'
import { linuxPlatform } from './index.ts'

let display: XDisplay
let probe: KeyProbe
let desktop: Desktop

beforeEach(async () => {
  display = await startXDisplay({ width: 640, height: 480 })
  probe = await openKeyProbe(display.name)
  desktop = await linuxPlatform.openDesktop({ address: display.name })
})

afterEach(async () => {
  await desktop.close()
  await probe.close()
  await display.stop()
})

async function readMapping(): Promise<number[][]> {
  const connection = await XConnection.open(display.name, () => undefined)
  const mapping = await connection.ask<number[][]>(answer => connection.client.GetKeyboardMapping(8, 248, answer))
  await connection.close()
  return mapping.map(row => row.slice(0, 4))
}

test('buttons and the wheel arrive under their X numbers', async () => {
  const { input } = desktop
  for (const button of [0, 1, 2, 3, 4] as const) {
    input.setButton(button, true)
    input.setButton(button, false)
  }
  input.scroll(0, 1)
  input.scroll(0, -1)
  input.scroll(1, 0)
  input.scroll(-1, 0)
  const expected = [1, 2, 3, 8, 9, 5, 4, 7, 6].flatMap(number => [`+b${number}`, `-b${number}`])
  await probe.until(({ strokes }) => strokes.length >= expected.length)
  expect(probe.strokes).toEqual(expected)
})

test('parts of a notch add up, and a hostile amount is bounded', async () => {
  const { input } = desktop
  for (let part = 0; part < 4; part++) input.scroll(0, 0.25)
  await probe.until(({ strokes }) => strokes.length === 2)
  input.scroll(0, 1e9)
  input.setButton(0, true)
  await probe.until(({ strokes }) => strokes.includes('+b1'))
  expect(probe.strokes.length).toBe(2 + 200 + 1)
})

test('keys go by their place on the keyboard', async () => {
  const codes = {
    ArrowUp: 111,
    F12: 96,
    Delete: 119,
    NumpadEnter: 104,
    MetaLeft: 133,
    IntlBackslash: 94,
    AltRight: 108,
  }
  for (const code of Object.keys(codes)) {
    desktop.input.setKey(code, true)
    desktop.input.setKey(code, false)
  }
  const expected = Object.values(codes).flatMap(keycode => [`+${keycode}`, `-${keycode}`])
  await probe.until(({ strokes }) => strokes.length >= expected.length)
  expect(probe.strokes).toEqual(expected)
})

test('a key that is held already is not pressed twice', async () => {
  for (let repeat = 0; repeat < 5; repeat++) desktop.input.setKey('ShiftLeft', true)
  await desktop.input.releaseAll()
  await probe.until(({ strokes }) => strokes.includes('-50'))
  expect(probe.strokes).toEqual(['+50', '-50'])
})

test('typing leaves the mapping of the keyboard as it was', async () => {
  const before = await readMapping()
  await desktop.input.typeText('漢字 ж')
  await probe.until(({ text }) => text === '漢字 ж')
  expect(await readMapping()).toEqual(before)
})

test('more foreign characters than there are spare keys arrive in their order', async () => {
  const text = Array.from({ length: 60 }, (_, index) => String.fromCodePoint(0x4e00 + index)).join('')
  await desktop.input.typeText(text)
  await probe.until(({ text: typed }) => typed.length >= text.length)
  expect(probe.text).toBe(text)
})

test('Caps Lock and held modifiers do not change the text, and stay as they were', async () => {
  const { input } = desktop
  input.setKey('CapsLock', true)
  input.setKey('CapsLock', false)
  input.setKey('ControlLeft', true)
  await input.typeText('aBc')
  await probe.until(({ text }) => text === 'aBc')
  // Held down again after the text; another client's question could overtake that.
  await probe.until(({ strokes }) => strokes.filter(stroke => stroke === '+37').length === 2)
  expect((await probe.state()).keycodes).toEqual([37])
  const lockTaps = probe.strokes.filter(stroke => stroke === '+66').length
  expect(lockTaps).toBe(3)
  expect(probe.strokes.indexOf('-37')).toBeLessThan(probe.strokes.indexOf('+38'))
})

test('releaseAll stops a text that is being typed', async () => {
  const typed = desktop.input.typeText('x'.repeat(100_000))
  desktop.input.setKey('KeyQ', true)
  await probe.until(({ text }) => text.length > 100)
  await desktop.input.releaseAll()
  await typed
  expect(probe.text.length).toBeLessThan(100_000)
  expect((await probe.state()).keycodes).toEqual([])
  expect(probe.text).not.toContain('q')
})
