import { beforeAll, describe, expect, it } from 'vitest'
import { makeTestKey, type TestKey } from '#testing/keys.ts'
import { followHandovers, KEY_HANDOVER, type PinnedKey } from './key-handover.ts'
import { signStatement } from './signed.ts'

const NOW_MS = 1_000_000

let first: TestKey
let second: TestKey
let third: TestKey
beforeAll(async () => {
  ;[first, second, third] = await Promise.all([makeTestKey(), makeTestKey(), makeTestKey()])
})

const named = ({ publicKey, thumbprint }: TestKey): PinnedKey => ({ ...publicKey, kid: thumbprint.slice(0, 16) })
const handover = (from: TestKey, to: TestKey, previousUntilMs: number, kid = named(to).kid) =>
  signStatement(
    KEY_HANDOVER,
    { version: 1, next: { ...named(to), kid }, previousUntilMs },
    from.privateKey,
    from.publicKey,
  )
const kids = (keys: readonly PinnedKey[]) => keys.map(({ kid, untilMs }) => [kid, untilMs])

describe('followHandovers', () => {
  it('takes the next key and keeps the one before for as long as was said', async () => {
    const text = await handover(first, second, NOW_MS + 5)
    const keys = await followHandovers([named(first)], [text], NOW_MS)
    expect(kids(keys)).toEqual([
      [named(second).kid, undefined],
      [named(first).kid, NOW_MS + 5],
    ])
    expect(kids(await followHandovers(keys, [text], NOW_MS + 5))).toEqual([[named(second).kid, undefined]])
  })

  it('follows several at once, as a device that was away for long does', async () => {
    const chain = [await handover(first, second, 10), await handover(second, third, NOW_MS + 9)]
    expect(kids(await followHandovers([named(first)], chain, NOW_MS))).toEqual([
      [named(third).kid, undefined],
      [named(second).kid, NOW_MS + 9],
    ])
  })

  it('A10 changes nothing on the word of a stranger, of a key that was handed on, or of one that is no longer good', async () => {
    const taken = await followHandovers([named(first)], [await handover(first, second, NOW_MS + 5)], NOW_MS)
    for (const forged of [await handover(third, third, NOW_MS), await handover(first, third, NOW_MS + 5)])
      expect(await followHandovers(taken, [forged], NOW_MS)).toEqual(taken)
    await expect(followHandovers([named(first)], ['no.such.word'], NOW_MS)).rejects.toMatchObject({
      code: 'signature-invalid',
    })
    const misnamed = await handover(first, second, NOW_MS, named(first).kid)
    await expect(followHandovers([named(first)], [misnamed], NOW_MS)).rejects.toMatchObject({
      code: 'signature-invalid',
    })
  })
})
