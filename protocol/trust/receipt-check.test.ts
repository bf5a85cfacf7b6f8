import { describe, expect, it } from 'vitest'
import { makeTestKey } from '#testing/keys.ts'
import { RECEIPT, type ReceiptClaims, sha256Of } from './receipt.ts'
import { checkReceipts } from './receipt-check.ts'
import { signStatement } from './signed.ts'

const key = await makeTestKey()
const sessionId = `ses_${'0'.repeat(26)}`
const common = {
  ...{
    version: 1 as const,
    sessionId,
    deviceId: `dev_${'0'.repeat(26)}`,
    atMs: 1,
    agentVersion: '1',
    protocolVersion: 1,
  },
  organisation: { id: `org_${'0'.repeat(26)}`, name: 'Example Ltd' },
  operator: { id: 'operator-1', name: 'Ada', email: 'ada@example.org' },
}
const sign = (claims: ReceiptClaims, by = key) => signStatement(RECEIPT, claims, by.privateKey, by.publicKey)

async function answer(change: object = {}): Promise<string> {
  return sign({
    ...{ ...common, kind: 'answer', number: 1, previous: null, operatorKeyThumbprint: 'A'.repeat(43), reason: 'x' },
    ...{ ticket: null, asked: ['view'], granted: ['view'], durationMs: 1, answer: 'granted' },
    shown: { language: 'en', text: 'May Ada see your screen?', sha256: await sha256Of('May Ada see your screen?') },
    ...change,
  } as ReceiptClaims)
}

const closingClaims = (previous: string, change: object = {}) =>
  ({
    ...{ ...common, kind: 'closing', number: 2, previous, reason: 'idle', endedAtMs: 2, minutes: 1 },
    ...change,
  }) as ReceiptClaims
const closing = async (before: string, change: object = {}) => sign(closingClaims(await sha256Of(before), change))

const check = (receipts: string[]) =>
  checkReceipts({ handhold: 'receipt', version: 1, sessionId, deviceKey: key.publicKey, receipts })

describe('a receipt', () => {
  it('holds with nothing but itself and says who signed', async () => {
    const first = await answer()
    expect(await check([first])).toMatchObject({ thumbprint: key.thumbprint, isWhole: false })
    expect(await check([first, await closing(first)])).toMatchObject({ isWhole: true })
  })

  it('says that nobody was asked, and why, or it doesn’t hold', async () => {
    const first = await answer({ answer: 'not-asked', unasked: 'skip-consent' })
    expect(await check([first])).toMatchObject({ isWhole: false })
    expect(await check([first, await closing(first)])).toMatchObject({ isWhole: true })
    for (const change of [
      { answer: 'not-asked' },
      { unasked: 'skip-consent' },
      { answer: 'not-asked', unasked: 'skip-consent', granted: [] },
    ])
      await expect(check([await answer(change)])).rejects.toMatchObject({ code: 'signature-invalid' })
  })

  it('A137 doesn’t hold when a part is altered, left out, swapped, added or another’s', async () => {
    const first = await answer()
    const last = await closing(first)
    const altered = first.replace(/\.(.{40})../, '.$1AA')
    const byAnother = await sign(closingClaims(await sha256Of(first)), await makeTestKey())
    const shown = { language: 'en', text: 'Hello', sha256: 'A'.repeat(43) }
    const wrong: [string, string[]][] = [
      ['no valid signature', [altered]],
      ['1 is missing', [last]],
      ['1 is missing', [last, first]],
      ["doesn't follow", [first, await closing(await answer({ atMs: 9 }))]],
      ['after the closing', [first, last, await closing(last, { number: 3 })]],
      ['another key', [first, byAnother]],
      ['another session', [await answer({ sessionId: `ses_${'1'.repeat(26)}` })]],
      ["isn't the one shown", [await answer({ shown })]],
      ["grants what wasn't asked", [await answer({ granted: ['view', 'control'] })]],
      ['no receipt', []],
    ]
    for (const [message, receipts] of wrong)
      await expect(check(receipts)).rejects.toMatchObject({ message: expect.stringContaining(message) })
  })
})
