import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DevicesPatch, DevicesState } from '#ipc/operator.ts'
import { meReplySchema } from '#protocol/http.ts'
import { fillFleet } from '#testing/fleet.ts'
import { TestPolicy } from '#testing/policy.ts'
import { TestRelay } from '#testing/relay.ts'
import { waitFor } from '#testing/wait-for.ts'
import { sampleDevice } from '../../renderer/checks/samples.ts'
import type { Credentials } from '../auth/auth.ts'
import { State } from '../state.ts'
import { setupDevices } from './devices.ts'

const MANY = 10_000

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
  // Filling took so long that what was connected before isn't any more.
  await relay.restart()
}, 120_000)
afterAll(() => relay.close())

function open({ origin = relay.url, wait }: { origin?: string; wait?: (ms: number) => Promise<void> } = {}) {
  const credentials = new State<Credentials | undefined>({ origin, token })
  const lists: DevicesState[] = []
  const patches: DevicesPatch[] = []
  const devices = setupDevices(
    credentials,
    {
      onList: state => void lists.push(state),
      onPatch: patch => void patches.push(patch),
    },
    wait,
  )
  return { credentials, devices, lists, patches }
}

test('ten thousand devices of a relay: the first page is told at once, the others as they come, each device once', async () => {
  const { devices, lists, patches } = open()
  await devices.load()
  expect(devices.read().error).toBeNull()
  expect(lists.map(({ status, devices: listed }) => [status, listed.length])).toEqual([['ready', 200]])
  const told = () => [...(lists[0]?.devices ?? []), ...patches.flatMap(({ changed }) => changed)].map(({ id }) => id)
  await waitFor('the last page', () => told().length === MANY)
  expect(new Set(told()).size).toBe(MANY)
  expect(devices.read().devices).toHaveLength(MANY)
  const before = patches.length
  await devices.load()
  expect([lists.length, patches.length]).toEqual([1, before])
}, 120_000)

test('a relay that asks to go slower is waited for, and no page is left out', async () => {
  const replies: [status: number, body: object][] = [
    [200, { devices: [sampleDevice(1)], total: 2, nextCursor: 'next' }],
    [429, { type: '/v1/problems/rate-limited', title: 'Slower', status: 429, code: 'rate-limited', detail: 'Wait.' }],
    [200, { devices: [sampleDevice(2)], total: null, nextCursor: null }],
  ]
  const asked: (string | undefined)[] = []
  const busy = createServer((request, response) => {
    asked.push(request.url)
    const [status, body] = replies.shift() ?? [500, {}]
    response.writeHead(status).end(JSON.stringify(body))
  })
  await new Promise<void>(resolve => busy.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(busy.address() as AddressInfo).port}`
  const waits: number[] = []
  const { devices } = open({ origin, wait: async ms => void waits.push(ms) })
  await devices.load()
  expect(devices.read().devices).toEqual([sampleDevice(1), sampleDevice(2)])
  expect(asked.slice(1)).toEqual(['/v1/devices?limit=200&cursor=next', '/v1/devices?limit=200&cursor=next'])
  expect(waits).toHaveLength(1)
  busy.close()
})

test('single changes are told as such and gathered, never the whole list anew', async () => {
  const { devices, lists, patches } = open()
  await devices.load()
  await waitFor('the last page', () => patches.flatMap(({ changed }) => changed).length === MANY - 200)
  patches.splice(0)
  const [first, second, third] = devices.read().devices
  if (!first || !second || !third) throw new Error('no devices')
  devices.handleChanged({ ...first, busy: true })
  devices.handleChanged({ ...first, name: 'Renamed' })
  devices.handleRemoved(second.id)
  devices.handleChanged({ ...third, online: true })
  await waitFor('a patch', () => patches.length > 0)
  expect(patches).toEqual([
    {
      changed: [
        { ...first, name: 'Renamed' },
        { ...third, online: true },
      ],
      removed: [second.id],
    },
  ])
  expect(lists).toHaveLength(1)
  expect(devices.read().devices).toHaveLength(MANY - 1)
}, 120_000)

test('a change that comes while the list is read is newer than its pages', async () => {
  const { devices } = open()
  await devices.load()
  const [first, second] = devices.read().devices
  if (!first || !second) throw new Error('no devices')
  const loading = devices.load()
  devices.handleChanged({ ...first, name: 'While it loads' })
  devices.handleRemoved(second.id)
  await loading
  const listed = devices.read().devices
  expect(listed.find(({ id }) => id === first.id)?.name).toBe('While it loads')
  expect(listed.some(({ id }) => id === second.id)).toBe(false)
}, 120_000)

test('what was asked before somebody signed out is dropped', async () => {
  const { credentials, devices } = open()
  const loading = devices.load()
  credentials.set(undefined)
  devices.clear()
  await loading
  expect(devices.read()).toEqual({ status: 'loading', error: null, devices: [] })
}, 120_000)
