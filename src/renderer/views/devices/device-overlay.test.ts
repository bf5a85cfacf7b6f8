import { expect, test } from 'vitest'
import { sampleDevice } from '../../checks/samples.ts'
import { DeviceOverlay } from './device-overlay.ts'

const [one, two, three] = [sampleDevice(1), sampleDevice(2), sampleDevice(3)]
const page = { rows: [one, two, three], nextCursor: 'next', total: 10 }

test('what was told is newer than a page that was on its way; rows keep their places, what is gone is counted', () => {
  const overlay = new DeviceOverlay(() => 0)
  overlay.tell({ changed: [{ ...two, busy: true }, sampleDevice(9)], removed: [three.id] })
  expect(overlay.over(page)).toEqual({ rows: [one, { ...two, busy: true }], nextCursor: 'next', total: 9 })
  overlay.tell({ changed: [three], removed: [] })
  expect(overlay.over(page).rows).toHaveLength(3)
})

test('a page of which nothing was told is the same one', () => {
  const overlay = new DeviceOverlay(() => 0)
  overlay.tell({ changed: [sampleDevice(9)], removed: [] })
  expect(overlay.over(page)).toBe(page)
})

test('what was told long before a page was asked for is in the page', () => {
  let nowMs = 0
  const overlay = new DeviceOverlay(() => nowMs)
  overlay.tell({ changed: [{ ...one, name: 'Old' }], removed: [] })
  nowMs = 15_000
  overlay.tell({ changed: [{ ...two, name: 'New' }], removed: [] })
  expect(overlay.over(page).rows.map(({ name }) => name)).toEqual([one.name, 'New', three.name])
})
