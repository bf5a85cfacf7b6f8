import { expect, test } from 'vitest'
import { actionOfKeyDown, isLeaveShortcut, isLocalShortcut, type KeyPress } from './keyboard.ts'

const press = (code: string, key: string, change: Partial<KeyPress> = {}): KeyPress => ({
  code,
  key,
  repeat: false,
  isComposing: false,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  shiftKey: false,
  isAltGraph: false,
  ...change,
})
const key = (code: string, withShift = false) => ({ kind: 'key', code, withShift })

test('physical mode sends where the key is and leaves repeats to the device', () => {
  expect(actionOfKeyDown(press('KeyQ', 'a'), 'physical')).toEqual(key('KeyQ'))
  expect(actionOfKeyDown(press('KeyQ', 'a', { repeat: true }), 'physical')).toEqual({ kind: 'ignore' })
  expect(actionOfKeyDown(press('BracketLeft', 'Dead'), 'physical')).toEqual(key('BracketLeft'))
  expect(actionOfKeyDown(press('Tab', 'Tab', { shiftKey: true }), 'physical')).toEqual(key('Tab'))
})

test('a character without a key is sent as text in both modes', () => {
  for (const mode of ['physical', 'text'] as const) {
    expect(actionOfKeyDown(press('', 'ß'), mode)).toEqual({ kind: 'text', text: 'ß' })
    expect(actionOfKeyDown(press('Unidentified', '😀'), mode)).toEqual({ kind: 'text', text: '😀' })
    expect(actionOfKeyDown(press('', 'Unidentified'), mode)).toEqual({ kind: 'ignore' })
    expect(actionOfKeyDown(press('x'.repeat(33), 'Enter'), mode)).toEqual({ kind: 'ignore' })
  }
})

test('an input method keeps its keys', () => {
  expect(actionOfKeyDown(press('KeyA', 'Process'), 'physical')).toEqual({ kind: 'compose' })
  expect(actionOfKeyDown(press('KeyA', 'a', { isComposing: true }), 'text')).toEqual({ kind: 'compose' })
  expect(actionOfKeyDown(press('Quote', 'Dead'), 'text')).toEqual({ kind: 'compose' })
})

test('text mode sends the character, again while the key is held', () => {
  expect(actionOfKeyDown(press('KeyQ', 'a'), 'text')).toEqual({ kind: 'text', text: 'a' })
  expect(actionOfKeyDown(press('KeyQ', 'a', { repeat: true }), 'text')).toEqual({ kind: 'text', text: 'a' })
  expect(actionOfKeyDown(press('KeyE', '€', { ctrlKey: true, altKey: true, isAltGraph: true }), 'text')).toEqual({
    kind: 'text',
    text: '€',
  })
})

test('text mode keeps Shift and AltGr to itself and sends what has no character as a key', () => {
  expect(actionOfKeyDown(press('ShiftLeft', 'Shift', { shiftKey: true }), 'text')).toEqual({ kind: 'ignore' })
  expect(actionOfKeyDown(press('AltRight', 'AltGraph'), 'text')).toEqual({ kind: 'ignore' })
  expect(actionOfKeyDown(press('Enter', 'Enter'), 'text')).toEqual(key('Enter'))
  expect(actionOfKeyDown(press('ArrowLeft', 'ArrowLeft', { shiftKey: true }), 'text')).toEqual(key('ArrowLeft', true))
})

test('a shortcut in text mode is the key that says the letter', () => {
  expect(actionOfKeyDown(press('KeyQ', 'a', { ctrlKey: true }), 'text')).toEqual(key('KeyA'))
  expect(actionOfKeyDown(press('KeyZ', 'W', { ctrlKey: true, shiftKey: true }), 'text')).toEqual(key('KeyW', true))
  expect(actionOfKeyDown(press('Digit1', '1', { altKey: true }), 'text')).toEqual(key('Digit1'))
  expect(actionOfKeyDown(press('Slash', '-', { ctrlKey: true }), 'text')).toEqual(key('Slash'))
})

test('the window keeps its own shortcuts and no others', () => {
  for (const code of ['KeyK', 'KeyW', 'Digit1', 'Digit9']) {
    expect(isLocalShortcut(press(code, '', { ctrlKey: true }))).toBe(true)
    expect(isLocalShortcut(press(code, '', { ctrlKey: true, shiftKey: true }))).toBe(false)
    expect(isLocalShortcut(press(code, ''))).toBe(false)
  }
  expect(isLocalShortcut(press('F11', 'F11'))).toBe(true)
  expect(isLocalShortcut(press('Digit0', '0', { ctrlKey: true }))).toBe(false)
  expect(isLeaveShortcut(press('Home', 'Home', { ctrlKey: true, altKey: true }))).toBe(true)
  expect(isLeaveShortcut(press('Home', 'Home', { ctrlKey: true }))).toBe(false)
})
