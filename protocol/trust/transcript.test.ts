import { describe, expect, it } from 'vitest'
import { keyWords } from './key-words.ts'
import { fingerprintIn } from './transcript.ts'

const value = (byte: string) => Array.from({ length: 32 }, () => byte).join(':')
const line = (hash: string, text: string) => `a=fingerprint:${hash} ${text}\r\n`

describe('fingerprintIn', () => {
  it('finds the one certificate of all sections, however it is written', () => {
    expect(fingerprintIn(`v=0\r\n${line('sha-256', value('ab'))}m=audio\r\n${line('SHA-256', value('AB'))}`)).toBe(
      value('AB'),
    )
  })

  it.each([
    ['none', 'v=0\r\n'],
    ['two that differ', line('sha-256', value('AB')) + line('sha-256', value('AC'))],
    ['a weaker hash beside it', line('sha-256', value('AB')) + line('sha-1', value('AB').slice(0, 59))],
    ['another hash', line('sha-512', value('AB'))],
    ['half of one', line('sha-256', 'AB:CD')],
  ])('A40 refuses a description with %s', (_, sdp) => {
    expect(() => fingerprintIn(sdp)).toThrow(expect.objectContaining({ code: 'identity-changed' }))
  })
})

describe('keyWords', () => {
  it('are eight words of the list, the same for the same key and others for another', () => {
    expect(keyWords('A'.repeat(43))).toEqual(Array.from({ length: 8 }, () => 'abandon'))
    const words = keyWords('k3Jx-Zb0V_9sQmYt7rHcPfLwE2uNgAaDiOoTyXvKe5M')
    expect(words).toHaveLength(8)
    expect(new Set(words).size).toBeGreaterThan(5)
  })
})
