import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DevicesPatch } from '#ipc/operator.ts'
import { meReplySchema } from '#protocol/http.ts'
import { fillFleet } from '#testing/fleet.ts'
import { TestPolicy } from '#testing/policy.ts'
import { TestRelay } from '#testing/relay.ts'
import { waitFor } from '#testing/wait-for.ts'
import { sampleDevice } from '../../renderer/checks/samples.ts'
import type { Credentials } from '../auth/auth.ts'
import { State } from '../state.ts'
import { setupDevices } from './devices.ts'

const MANY = 600

let relay: TestRelay
let token: string
beforeAll(async () => {
  relay = await TestRelay.start()
  token = await relay.signIn()
  const { organisation } = meReplySchema.parse((await relay.call('GET', '/v1/me', { token })).body)
  const groupIds = [await new TestPolicy(relay, token).rootId()]
  const database = new Database(join(relay.dataDir, 'relay.db'))
  fillFleet(database, { organisationId: organisation.id, groupIds, devices: MANY, nowMs: Date.now() })
  database.close()
})
afterAll(() => relay.close())

function open() {
  const credentials = new State<Credentials | undefined>({ origin: relay.url, token })
  const patches: DevicesPatch[] = []
  let stale = 0
  const devices = setupDevices(credentials, {
    onPatch: patch => void patches.push(patch),
    onStale: () => void stale++,
  })
  return { credentials, devices, patches, stale: () => stale }
}

test('pages of the relay’s list come one by one, found and ordered by the relay', async () => {
  const { devices } = open()
  const first = await devices.list({ q: 'kiosk', sort: 'seen', order: 'descending', limit: 50 })
  expect(first).toMatchObject({ devices: { length: 50 }, total: (MANY * 3) / 4 })
  const second = await devices.list({
    q: 'kiosk',
    sort: 'seen',
    order: 'descending',
    limit: 50,
    cursor: first.nextCursor ?? '',
  })
  expect(second.total).toBeNull()
  expect(new Set([...first.devices, ...second.devices].map(({ id }) => id)).size).toBe(100)
  await expect(devices.list({ cursor: 'nonsense' })).rejects.toMatchObject({ code: 'bad-request' })
})

test('who is signed out is told so, and asks nobody', async () => {
  const { credentials, devices } = open()
  credentials.set(undefined)
  await expect(devices.list({})).rejects.toMatchObject({ code: 'unauthenticated' })
})

test('single changes are gathered: of each device the last', async () => {
  const { devices, patches, stale } = open()
  const [first, second, third] = [sampleDevice(1), sampleDevice(2), sampleDevice(3)]
  devices.handleChanged({ ...first, busy: true })
  devices.handleChanged({ ...first, name: 'Renamed' })
  devices.handleRemoved(second.id)
  devices.handleChanged({ ...third, online: true })
  await waitFor('a patch', () => patches.length > 0)
  const changed = [
    { ...first, name: 'Renamed' },
    { ...third, online: true },
  ]
  expect(patches).toEqual([{ changed, removed: [second.id] }])
  expect(stale()).toBe(0)
})

test('a network that comes back with hundreds of devices, and a connection that was away, are told as one: ask anew', async () => {
  const { devices, patches, stale } = open()
  for (let index = 0; index <= 500; index++) devices.handleRemoved(`dev_${index}`)
  await waitFor('it is told', () => stale() === 1)
  devices.handleRemoved('dev_1')
  devices.handleConnected()
  expect(stale()).toBe(2)
  devices.handleRemoved('dev_2')
  await waitFor('a patch', () => patches.length > 0)
  expect(patches).toEqual([{ changed: [], removed: ['dev_2'] }])
})

test('what was heard before somebody signed out is told to nobody', async () => {
  const { devices, patches } = open()
  devices.handleRemoved('dev_1')
  devices.clear()
  devices.handleRemoved('dev_2')
  await waitFor('a patch', () => patches.length > 0)
  expect(patches).toEqual([{ changed: [], removed: ['dev_2'] }])
})
