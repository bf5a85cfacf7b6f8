import { expect, test } from 'vitest'
import type { DeviceFilter } from '#protocol/records-http.ts'
import { fleetId } from '#testing/fleet.ts'
import { filterOf, isNarrowed, isSameFilter, NO_WISH, wishOf } from './filter-wish.ts'

const FILTERS: readonly DeviceFilter[] = [
  { sort: 'name', order: 'ascending' },
  { sort: 'seen', order: 'descending', q: 'kiosk 7' },
  { sort: 'seen', order: 'ascending', tag: 'lab', platform: 'win32' },
  { sort: 'status', order: 'descending', status: 'quarantined' },
  { sort: 'system', order: 'ascending', status: 'active', online: 'false', groupId: fleetId('group', 1) },
]

test('a filter that the fields made is what they say when it is opened again', () => {
  for (const filter of FILTERS) expect(filterOf(wishOf(filter))).toEqual(filter)
  expect(filterOf(NO_WISH)).toEqual({ sort: 'name', order: 'ascending' })
  expect(filterOf({ ...NO_WISH, query: '  ', tag: ' Lab ' })).toMatchObject({ tag: 'lab' })
})

test('filters are the same when they ask for the same devices in the same order', () => {
  expect(isSameFilter({}, { order: 'ascending', sort: 'name' })).toBe(true)
  expect(isSameFilter({ tag: 'lab', q: 'a' }, { q: 'a', tag: 'lab' })).toBe(true)
  expect(isSameFilter({ q: 'a' }, { q: 'a', order: 'descending' })).toBe(false)
  expect(FILTERS.map(isNarrowed)).toEqual([false, true, true, true, true])
})
