import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { commitmentTo, numberMatch } from './number-match.ts'

const text = () => randomBytes(32).toString('base64url')
const input = () => ({ sessionId: 'ses', operatorKeyThumbprint: text(), agentNonce: text(), operatorSecret: text() })

describe('number matching', () => {
  it('gives both sides the same three different numbers of two digits', async () => {
    for (let run = 0; run < 300; run++) {
      const both = input()
      const { right, choices } = await numberMatch(both)
      expect(await numberMatch({ ...both })).toEqual({ right, choices })
      expect(new Set(choices).size).toBe(3)
      expect(choices).toContain(right)
      expect(choices).toEqual(choices.toSorted((one, other) => one - other))
      for (const number of choices) expect(number >= 10 && number <= 99).toBe(true)
    }
  })

  it('a key that a relay puts in the middle has other numbers nearly always', async () => {
    let fooled = 0
    for (let run = 0; run < 600; run++) {
      const own = input()
      const { right } = await numberMatch(own)
      const { choices } = await numberMatch({ ...own, operatorKeyThumbprint: text(), operatorSecret: text() })
      if (choices.includes(right)) fooled++
    }
    // One in thirty is what three numbers of ninety give.
    expect(fooled / 600).toBeLessThan(0.08)
  })

  it('the commitment says nothing of the secret and fits no other', async () => {
    const secret = text()
    expect(await commitmentTo(secret)).toBe(await commitmentTo(secret))
    expect(await commitmentTo(secret)).not.toContain(secret)
    expect(await commitmentTo(text())).not.toBe(await commitmentTo(secret))
  })
})
