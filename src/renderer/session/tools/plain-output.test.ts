import { describe, expect, it } from 'vitest'
import { PlainOutput, startOfLastLines } from './plain-output.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

describe('plain output', () => {
  it('is text, in any script, with its line ends and tabs', () => {
    const plain = new PlainOutput()
    expect(plain.take(bytes('y\r\n\tname größe 日本 🙂\r\n'))).toBe(true)
  })

  it.each([
    ['a colour', '\u001b[31m'],
    ['a colour whose end comes later', '\u001b[3', '1;4m'],
    ['a title', '\u001b]0;', 'title', '\u0007'],
    ['a title that ends as a string does', '\u001b]0;', 'title', '\u001b\\'],
    ['a device control string', '\u001bP1$r', '0m', '\u001b\\'],
    ['a charset', '\u001b(', '0'],
    ['a sequence by its one character', '\u009b3', '1m'],
    ['a title by its one character', '\u009d0;', 'title', '\u0007'],
    ['a bell', '\u0007'],
    ['a backspace', '\b'],
    ['what is given up', '\u001b]0;', 'title', '\u0018'],
  ])('isn’t %s, nor what belongs to it; and is again after it', (_, ...parts) => {
    const plain = new PlainOutput()
    for (const part of parts) expect(plain.take(bytes(part))).toBe(false)
    expect(plain.take(bytes('y\r\n'))).toBe(true)
  })

  it('isn’t what follows a string that never ends', () => {
    const plain = new PlainOutput()
    plain.take(bytes('\u001b]52;c;'))
    expect(plain.take(bytes('y\r\n'.repeat(10_000)))).toBe(false)
    plain.reset()
    expect(plain.take(bytes('y\r\n'))).toBe(true)
  })

  it('isn’t what follows the first half of a control character', () => {
    const plain = new PlainOutput()
    expect(plain.take(Uint8Array.of(0xc2))).toBe(false)
    expect(plain.take(Uint8Array.of(0x9b, 0x33))).toBe(false)
    expect(plain.take(bytes('1m'))).toBe(false)
    expect(plain.take(bytes('y\r\n'))).toBe(true)
  })
})

describe('the last lines', () => {
  const last = (text: string, count: number) =>
    new TextDecoder().decode(bytes(text).subarray(startOfLastLines(bytes(text), count)))

  it('are whole, and what stands after them is with them', () => {
    expect(last('1\r\n2\r\n3\r\n4\r\n', 2)).toBe('3\r\n4\r\n')
    expect(last('1\r\n2\r\n3\r\n4\r\n$ ', 2)).toBe('3\r\n4\r\n$ ')
  })

  it('are all where there are no more', () => {
    expect(last('1\r\n2\r\n', 2)).toBe('1\r\n2\r\n')
    expect(last('', 2)).toBe('')
  })

  it('begin where a line begins at its left, never after a bare line feed', () => {
    expect(last('0\r\n1\n2\n3\r\n', 1)).toBe('1\n2\n3\r\n')
  })
})
