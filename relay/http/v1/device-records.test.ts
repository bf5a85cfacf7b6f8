import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AgentSocket, type TestDevice, TestRelay } from '#testing/relay.ts'
import { SAMPLE_INVENTORY } from '#testing/sample-inventory.ts'

let relay: TestRelay
let admin: string
let device: TestDevice
let agent: AgentSocket
beforeEach(async () => {
  relay = await TestRelay.start()
  admin = await relay.signIn()
  device = await relay.enrol(await relay.mintEnrolmentToken(admin))
  agent = await relay.openAgentSocket(device)
})
afterEach(() => relay.close())

const path = (rest: string) => `/v1/devices/${device.deviceId}/${rest}`
const call = (method: string, where: string, body?: unknown, token = admin) =>
  relay.call(method, where, { token, ...(body !== undefined && { body }) })
const found = async (query: string, token = admin) =>
  ((await call('GET', `/v1/devices?${query}`, undefined, token)).body as { devices: { id: string }[] }).devices.length

describe('the record of a device', () => {
  it('has what the device says that it is made of, and is found by it', async () => {
    expect((await call('GET', path('inventory'))).body).toEqual({ inventory: null, atMs: null })
    expect(await found('q=thinkpad')).toBe(0)
    await agent.request({ type: 'device.inventory', inventory: SAMPLE_INVENTORY })
    expect((await call('GET', path('inventory'))).body).toMatchObject({ inventory: SAMPLE_INVENTORY })
    for (const word of ['thinkpad', 'ADA.LOVE', '192.0.2.77', '00:5e:10', 'pf01', 'te t14'])
      expect([word, await found(`q=${encodeURIComponent(word)}`)]).toEqual([word, 1])
    expect(await found('q=thinkpad%20nothing')).toBe(0)
    await expect(agent.request({ type: 'device.inventory', inventory: SAMPLE_INVENTORY })).rejects.toThrow(
      'each half minute',
    )
  })

  it('has tags that narrow lists, in one spelling', async () => {
    expect((await call('PUT', path('tags'), { tags: ['lab', 'berlin', 'lab'] })).status).toBe(204)
    expect((await call('GET', '/v1/devices?tag=lab')).body).toMatchObject({
      devices: [{ tags: ['berlin', 'lab'] }],
      total: 1,
    })
    expect([
      await found('tag=hall'),
      await found('q=berlin'),
      await found('online=true'),
      await found('online=false'),
    ]).toEqual([0, 1, 1, 0])
    expect((await call('PUT', path('tags'), { tags: ['Lab'] })).status).toBe(400)
    expect(
      (await call('PUT', path('tags'), { tags: Array.from({ length: 21 }, (_, index) => `t${index}`) })).status,
    ).toBe(400)
    await call('PUT', path('tags'), { tags: [] })
    expect([await found('tag=lab'), await found('q=berlin')]).toEqual([0, 0])
  })

  it('has notes of who may connect; only who manages devices takes one away', async () => {
    const bob = await relay.signIn(await relay.addOperator(admin, 'bob@example.org'))
    for (const text of ['first', 'second', 'third']) await call('POST', path('notes'), { text }, bob)
    const page = await call('GET', `${path('notes')}?limit=2`)
    expect(page.body).toMatchObject({ notes: [{ author: 'Operator bob@example.org' }, {}] })
    const { nextCursor, notes } = page.body as { nextCursor: string; notes: { id: string; text: string }[] }
    const rest = (await call('GET', `${path('notes')}?limit=2&cursor=${nextCursor}`)).body as {
      notes: { text: string }[]
      nextCursor: null
    }
    expect([...notes, ...rest.notes].map(({ text }) => text).sort()).toEqual(['first', 'second', 'third'])
    expect(rest.nextCursor).toBeNull()
    expect((await call('DELETE', path(`notes/${notes[0]?.id}`), undefined, bob)).status).toBe(403)
    expect((await call('DELETE', path(`notes/${notes[0]?.id}`))).status).toBe(204)
    expect((await call('DELETE', path(`notes/${notes[0]?.id}`))).status).toBe(404)
  })

  it('says when the device was here, after a restart of the relay too', async () => {
    expect((await call('GET', path('presence'))).body).toMatchObject({ spans: [{ toMs: null }], nextCursor: null })
    await relay.restart()
    admin = await relay.signIn()
    const { spans } = (await call('GET', path('presence'))).body as { spans: { fromMs: number; toMs: number }[] }
    expect(spans.map(({ fromMs, toMs }) => toMs >= fromMs)).toEqual([true])
    agent = await relay.openAgentSocket(device)
    expect((await call('GET', path('presence'))).body).toMatchObject({
      spans: [{ toMs: null }, { toMs: expect.any(Number) }],
    })
  })

  it('A47 A11 is not there for another organisation: no route, no word, no filter of somebody else', async () => {
    const other = await relay.signIn(await relay.addOrganisation('Other Ltd', 'otto@example.net'))
    await agent.request({ type: 'device.inventory', inventory: SAMPLE_INVENTORY })
    await call('PUT', path('tags'), { tags: ['lab'] })
    const { id } = (await call('POST', path('notes'), { text: 'mine' })).body as { id: string }
    for (const [method, where, body] of [
      ['GET', 'inventory'],
      ['GET', 'presence'],
      ['GET', 'notes'],
      ['POST', 'notes', { text: 'theirs' }],
      ['DELETE', `notes/${id}`],
      ['PUT', 'tags', { tags: [] }],
    ] as const)
      expect([where, (await call(method, path(where), body, other)).status]).toEqual([where, 404])
    for (const query of ['q=thinkpad', 'q=02:00:5e', `q=${device.deviceId}`, 'tag=lab', 'online=true', ''])
      expect((await call('GET', `/v1/devices?${query}`, undefined, other)).body).toEqual({
        devices: [],
        total: 0,
        nextCursor: null,
      })
    expect((await call('GET', `/v1/devices?groupId=grp_${'0'.repeat(26)}`, undefined, other)).status).toBe(404)
    const saved = await call('POST', '/v1/device-filters', { name: 'Lab', filter: { tag: 'lab', sort: 'seen' } })
    const filterId = (saved.body as { id: string }).id
    expect((await call('POST', '/v1/device-filters', { name: 'Lab', filter: {} })).status).toBe(409)
    expect((await call('GET', '/v1/device-filters')).body).toEqual({
      filters: [{ id: filterId, name: 'Lab', filter: { tag: 'lab', sort: 'seen' } }],
    })
    expect((await call('GET', '/v1/device-filters', undefined, other)).body).toEqual({ filters: [] })
    expect((await call('DELETE', `/v1/device-filters/${filterId}`, undefined, other)).status).toBe(404)
    expect((await call('DELETE', `/v1/device-filters/${filterId}`)).status).toBe(204)
    expect((await call('GET', path('notes'))).body).toMatchObject({ notes: [{ text: 'mine' }] })
  })
})
