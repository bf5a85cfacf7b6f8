import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { ManualClock } from '#testing/manual-clock.ts'
import { TypingRows } from './typing-rows.ts'

const clock = new ManualClock()

/** Rows that are kept when the test says so. */
function start() {
  const asked: { keep(): void; refuse(): void }[] = []
  const rows = new TypingRows({ monotonicMs: clock.nowMs }, () => {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    asked.push({ keep: resolve, refuse: () => reject(new Error('the disk is full')) })
    return promise
  })
  const arrived: string[] = []
  const type = (key: string) =>
    rows.require('shell', 'x.cast').then(
      () => void arrived.push(key),
      (thrown: Error) => void arrived.push(`${key}: ${thrown.message}`),
    )
  return { asked, arrived, type, rows }
}

it('keys wait for one row, in their order, and are covered by it for two seconds', async () => {
  const { asked, arrived, type } = start()
  for (const key of 'abc') void type(key)
  await setImmediate()
  expect([asked.length, arrived]).toEqual([1, []])
  asked[0]?.keep()
  await setImmediate()
  clock.advance(900)
  await type('d')
  expect([asked.length, arrived]).toEqual([1, ['a', 'b', 'c', 'd']])
  // Who types on doesn't wait: the next row is on its way before the last one is old.
  clock.advance(200)
  await type('e')
  expect([asked.length, arrived.at(-1)]).toEqual([2, 'e'])
  clock.advance(1_000)
  void type('f')
  await setImmediate()
  expect([asked.length, arrived.at(-1)]).toEqual([2, 'e'])
  asked[1]?.keep()
  await setImmediate()
  expect(arrived.at(-1)).toBe('f')
})

it('a row that can’t be kept takes every key that waits for it along, and a second later a key asks anew', async () => {
  const { asked, arrived, type } = start()
  void type('a')
  void type('b')
  asked[0]?.refuse()
  await setImmediate()
  await type('c')
  expect(arrived).toEqual(['a: the disk is full', 'b: the disk is full', 'c: the disk is full'])
  expect(asked).toHaveLength(1)
  clock.advance(1_000)
  void type('d')
  await setImmediate()
  asked[1]?.keep()
  await setImmediate()
  expect(arrived.at(-1)).toBe('d')
})

it('a row is counted from when it was asked for, and each terminal has its own', async () => {
  const { asked, arrived, type, rows } = start()
  void type('a')
  clock.advance(2_500)
  asked[0]?.keep()
  await setImmediate()
  expect(arrived).toEqual(['a'])
  void type('b')
  void rows.require('shell', 'y.cast').catch(() => undefined)
  await setImmediate()
  expect([asked.length, arrived]).toEqual([3, ['a']])
})

it('no more than a thousand wait', async () => {
  const { arrived, type } = start()
  for (let key = 0; key < 1_000; key++) void type('a')
  await type('b')
  expect(arrived).toEqual(['b: Too much waits for the audit. Paste less at once.'])
})
