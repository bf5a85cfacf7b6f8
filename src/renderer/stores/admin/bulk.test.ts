import { expect, test } from 'vitest'
import { type BulkProgress, runBulk } from './bulk.ts'

const ids = Array.from({ length: 30 }, (_, index) => `device ${index}`)

test('each is done once, and the progress counts up to all of them', async () => {
  const done: string[] = []
  const told: BulkProgress[] = []
  const refusal = await runBulk(ids, async id => void done.push(id), { onProgress: progress => told.push(progress) })
  expect(refusal).toBeNull()
  expect(done.toSorted()).toEqual(ids.toSorted())
  expect(told.at(-1)).toEqual({ done: 30, total: 30, isWaiting: false })
})

test('a relay that asks to go slower is waited for, and nothing is left out', async () => {
  const done: string[] = []
  let refusals = 3
  const waits: number[] = []
  const act = async (id: string) => {
    if (refusals-- > 0) throw { code: 'rate-limited', message: 'Wait a moment.' }
    done.push(id)
  }
  const wait = async (ms: number) => void waits.push(ms)
  expect(await runBulk(ids, act, { onProgress: () => undefined, wait })).toBeNull()
  expect(done.toSorted()).toEqual(ids.toSorted())
  expect(waits).toHaveLength(3)
})

test('any other refusal stops it and is told; what was done is counted', async () => {
  let asked = 0
  let last: BulkProgress | undefined
  const act = async () => {
    if (++asked > 10) throw { code: 'forbidden', message: 'Not here.' }
  }
  const refusal = await runBulk(ids, act, {
    onProgress: progress => {
      last = progress
    },
  })
  expect(refusal).toEqual({ code: 'forbidden', message: 'Not here.' })
  expect(last?.done).toBe(10)
  expect(asked).toBeLessThan(15)
})
