import { expect, test } from 'vitest'
import { sampleDevice } from '../../checks/samples.ts'
import { deviceRows, type SortColumn } from './device-rows.ts'
import { strings } from './strings.ts'

const devices = [
  sampleDevice(1, { name: 'Packing 12', online: false, lastSeenAtMs: 5 }),
  sampleDevice(2, { name: 'packing 4', busy: true }),
  sampleDevice(3, { name: 'Kiosk', online: false, lastSeenAtMs: null }),
  sampleDevice(4, { name: 'Äpfel' }),
]
const names = (query: string, column: SortColumn = 'name', isDescending = false) =>
  deviceRows(devices, query, { column, isDescending }, strings.status).map(device => device.name)

test('sorts as people count, and back', () => {
  expect(names('')).toEqual(['Äpfel', 'Kiosk', 'packing 4', 'Packing 12'])
  expect(names('', 'name', true)).toEqual(['Packing 12', 'packing 4', 'Kiosk', 'Äpfel'])
})

test('status and last seen put first what can be helped now', () => {
  expect(names('', 'status')).toEqual(['packing 4', 'Äpfel', 'Kiosk', 'Packing 12'])
  expect(names('', 'lastSeen')).toEqual(['Äpfel', 'packing 4', 'Packing 12', 'Kiosk'])
})

test('search wants every word, in names, systems and states', () => {
  expect(names('PACK')).toEqual(['packing 4', 'Packing 12'])
  expect(names('debian  offline')).toEqual(['Kiosk', 'Packing 12'])
  expect(names('host-4')).toEqual(['Äpfel'])
  expect(names('.*')).toEqual([])
})
