import { afterEach, expect, it, vi } from 'vitest'
import { TerminalWriter } from './terminal-writer.ts'

/** Draws when it is told to. */
class SlowTerminal {
  readonly written: string[] = []
  readonly #waiting: (() => void)[] = []

  write(bytes: Uint8Array, isDone: () => void): void {
    this.written.push(new TextDecoder().decode(bytes))
    this.#waiting.push(isDone)
  }

  reset(): void {
    this.written.push('reset')
  }

  draw(): void {
    for (const isDone of this.#waiting.splice(0)) isDone()
  }
}

afterEach(() => vi.useRealTimers())

function setUp(lines = 3) {
  vi.useFakeTimers()
  const terminal = new SlowTerminal()
  let drawnBytes = 0
  const writer = new TerminalWriter({ terminal, lines: () => lines, onDrawn: bytes => (drawnBytes += bytes) })
  const write = (text: string) => writer.write(new TextEncoder().encode(text))
  return { terminal, writer, write, drawnBytes: () => drawnBytes }
}

it('what comes first is written at once, what comes meanwhile after it and in its order', () => {
  const { terminal, write, drawnBytes } = setUp()
  for (const text of ['a', 'b', 'c']) write(text)
  expect(terminal.written).toEqual(['a'])
  terminal.draw()
  expect(terminal.written).toEqual(['a', 'bc'])
  expect(drawnBytes()).toBe(1)
  terminal.draw()
  expect(drawnBytes()).toBe(3)
})

it('of lines that nobody could scroll back to only the last are written, and all count as drawn', () => {
  const { terminal, write, drawnBytes } = setUp()
  const all = ['first\r\n', '1\r\n2\r\n3\r\n', '4\r\n5\r\n6\r\n', '7\r\n$ ']
  for (const text of all) write(text)
  terminal.draw()
  vi.advanceTimersByTime(50)
  terminal.draw()
  expect(terminal.written).toEqual(['first\r\n', '5\r\n6\r\n7\r\n$ '])
  expect(drawnBytes()).toBe(all.join('').length)
})

it('what is left out counts as drawn at once, and what is kept of a flood is drawn twenty times a second', () => {
  const { terminal, write, drawnBytes } = setUp()
  write('first\r\n')
  // A flood begins with what the terminal is busy with.
  const piece = 'y\r\n'.repeat(5_000)
  for (let round = 0; round < 100; round++) write(piece)
  expect(drawnBytes()).toBeGreaterThan(100 * piece.length - 100_000)
  terminal.draw()
  expect(terminal.written).toEqual(['first\r\n'])
  write('$ ')
  vi.advanceTimersByTime(50)
  expect(terminal.written).toEqual(['first\r\n', `${'y\r\n'.repeat(3)}$ `])
  terminal.draw()
  expect(drawnBytes()).toBe(7 + 100 * piece.length + 2)
  vi.advanceTimersByTime(50)
  write('a')
  expect(terminal.written.at(-1)).toBe('a')
})

it('nothing is written once it is closed', () => {
  const { terminal, writer, write } = setUp()
  write('a')
  writer.close()
  write('b')
  terminal.draw()
  vi.advanceTimersByTime(1_000)
  expect(terminal.written).toEqual(['a'])
})

it('nothing is left out before a control sequence, and of what follows one only lines', () => {
  const { terminal, write } = setUp()
  write('first')
  const coloured = '1\r\n2\r\n3\r\n4\r\n5\r\n\u001b[31m'
  write(coloured)
  write('6\r\n7\r\n8\r\n9\r\n10\r\n')
  terminal.draw()
  expect(terminal.written).toEqual(['first', coloured, '8\r\n9\r\n10\r\n'])
})

it('a terminal that is shown anew begins empty, once what is being drawn is; what waited is gone', () => {
  const { terminal, writer, write, drawnBytes } = setUp()
  write('old')
  write('older')
  writer.reset()
  write('\u001b]0;')
  writer.reset()
  write('new')
  expect(terminal.written).toEqual(['old'])
  terminal.draw()
  terminal.draw()
  expect(terminal.written).toEqual(['old', 'reset', 'new'])
  expect(drawnBytes()).toBe(3)
})
