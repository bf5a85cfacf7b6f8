import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sessionReplySchema } from '#protocol/http.ts'
import { deliveriesReplySchema, type WebhookEvent, webhookReplySchema } from '#protocol/webhooks-http.ts'
import type { DeviceInventory } from '#protocol/wire/inventory.ts'
import { makeTestKey } from '#testing/keys.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { type AgentSocket, type TestDevice, TestRelay } from '#testing/relay.ts'
import { waitFor } from '#testing/wait-for.ts'

const MAC = '02:00:5e:10:00:01'

let clock: ManualClock
let relay: TestRelay
let admin: string
let asleep: TestDevice
beforeEach(async () => {
  clock = new ManualClock()
  relay = await TestRelay.start({ clock })
  admin = await relay.signIn()
  const { device, socket } = await present(admin, inventory(MAC, '192.0.2.77/24'))
  asleep = device
  await socket.close()
  await waitFor('its end', async () =>
    JSON.stringify((await call('GET', `/v1/devices/${asleep.deviceId}`)).body).includes('"online":false'),
  )
})
afterEach(() => relay.close())

const call = (method: string, path: string, body?: unknown, token = admin) =>
  relay.call(method, path, { token, ...(body !== undefined && { body }) })
const wake = (token = admin) => call('POST', `/v1/devices/${asleep.deviceId}/wake`, undefined, token)

function inventory(mac: string, address: string): DeviceInventory {
  return {
    ...{ manufacturer: null, model: null, serial: null, memoryBytes: 1, disks: [], diskEncryption: 'unknown' },
    ...{ cpu: { name: null, cores: 1 }, signedInUser: null, displays: [], battery: null, bootedAtMs: null },
    interfaces: [{ name: 'eth0', mac, addresses: [address] }],
  }
}

/** A device of that organisation that is connected and has said what it is made of. */
async function present(token: string, made: DeviceInventory): Promise<{ device: TestDevice; socket: AgentSocket }> {
  const device = await relay.enrol(await relay.mintEnrolmentToken(token))
  const socket = await relay.openAgentSocket(device)
  await socket.request({ type: 'device.inventory', inventory: made })
  return { device, socket }
}

async function webhook(events: WebhookEvent[]) {
  const body = { url: 'https://example.org/hook', events, description: 'Push' }
  const { id } = webhookReplySchema.parse((await call('POST', '/v1/webhooks', body)).body).webhook
  return async () =>
    deliveriesReplySchema
      .parse((await call('GET', `/v1/webhooks/${id}/deliveries`)).body)
      .deliveries.map(({ type }) => type)
}

describe('waking a device', () => {
  it('asks a neighbour in the same network to send the packet, and nobody else', async () => {
    const near = await present(admin, inventory('02:00:5e:10:00:02', '192.0.2.9/24'))
    const far = await present(admin, inventory('02:00:5e:10:00:03', '192.0.3.9/24'))
    const other = await relay.signIn(await relay.addOrganisation('Other Ltd', 'otto@example.net'))
    const theirs = await present(other, inventory('02:00:5e:10:00:04', '192.0.2.10/24'))
    expect((await wake()).body).toEqual({ online: false, neighbours: 1 })
    expect(await near.socket.waitFor('device.wake')).toMatchObject({ order: { network: '192.0.2.0/24', macs: [MAC] } })
    for (const { socket } of [far, theirs])
      expect(socket.received.filter(({ type }) => type === 'device.wake')).toEqual([])
    const { body } = await call('GET', '/v1/audit?limit=1')
    const detail = { networks: ['192.0.2.0/24'], neighbours: [near.device.deviceId] }
    expect(body).toMatchObject({ entries: [{ action: 'device.wake-requested', subject: asleep.deviceId, detail }] })
  })

  it('does nothing for one that is there, and says when no neighbour did it', async () => {
    expect((await wake()).body).toEqual({ online: false, neighbours: 0 })
    const back = await relay.openAgentSocket(asleep)
    await back.waitFor('welcome')
    expect((await wake()).body).toEqual({ online: true, neighbours: 0 })
  })

  it('A11 A47 is for whoever may connect to it: not for another organisation, not without a role there', async () => {
    const near = await present(admin, inventory('02:00:5e:10:00:02', '192.0.2.9/24'))
    const other = await relay.signIn(await relay.addOrganisation('Other Ltd', 'otto@example.net'))
    const bob = await relay.addOperator(admin, 'bob@example.org')
    const token = await relay.signIn(bob)
    const { body } = await call('GET', '/v1/assignments')
    const { assignments } = body as { assignments: { id: string; userId: string }[] }
    for (const { id, userId } of assignments) if (userId === bob.user.id) await call('DELETE', `/v1/assignments/${id}`)
    for (const stranger of [other, token]) expect((await wake(stranger)).status).toBe(404)
    expect(near.socket.received.filter(({ type }) => type === 'device.wake')).toEqual([])
  })
})

describe('a message gateway', () => {
  it('hears that a device is wanted, from who wakes it and from who waits for it', async () => {
    const heard = await webhook(['device.connect-wanted'])
    await wake()
    const { publicKey: operatorKey } = await makeTestKey()
    const wish = { deviceId: asleep.deviceId, reason: 'Because', ticket: null, scopes: ['view'], operatorKey }
    await call('POST', '/v1/sessions', wish)
    expect(await heard()).toEqual(['device.connect-wanted', 'device.connect-wanted'])
  })
})

describe('requests that wait for a device', () => {
  it('are listed, and are over when their time is', async () => {
    const { publicKey: operatorKey } = await makeTestKey()
    const wish = { deviceId: asleep.deviceId, reason: 'Because', ticket: null, scopes: ['view'], operatorKey }
    expect((await call('POST', '/v1/sessions', { ...wish, waitMinutes: 1_441 })).status).toBe(400)
    const reply = await call('POST', '/v1/sessions', { ...wish, waitMinutes: 30 })
    const { session } = sessionReplySchema.parse(reply.body)
    const untilMs = clock.nowMs() + 30 * 60_000
    const listed = await call('GET', '/v1/sessions?state=queued')
    expect(listed.body).toMatchObject({ sessions: [{ id: session.id, state: { name: 'queued', untilMs } }] })
    clock.advance(29 * 60_000)
    expect((await call('GET', '/v1/sessions?state=queued')).body).toMatchObject({ sessions: { length: 1 } })
    clock.advance(60_000)
    await waitFor('its end', async () => {
      const { body } = await call('GET', '/v1/sessions?state=queued')
      return (body as { sessions: unknown[] }).sessions.length === 0
    })
    const { body } = await call('GET', `/v1/sessions/${session.id}`)
    expect(body).toMatchObject({ session: { state: { name: 'closed', reason: 'expired' } } })
  })
})
