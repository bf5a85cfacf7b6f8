import { afterEach, beforeEach, expect, test } from 'vitest'
import { auditReplySchema } from '#protocol/http.ts'
import { apiKeyReplySchema } from '#protocol/identity-http.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { ADMIN, TestRelay } from '#testing/relay.ts'
import { TestSession } from '#testing/relay-session.ts'

const HOUR = 3_600_000
let clock: ManualClock
let relay: TestRelay
let token: string
beforeEach(async () => {
  clock = new ManualClock()
  relay = await TestRelay.start({ clock })
  token = await relay.signIn()
})
afterEach(() => relay.close())

async function audit(query: Record<string, string | number>, as = token) {
  const text = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) text.set(name, String(value))
  return auditReplySchema.parse((await relay.call('GET', `/v1/audit?${text}`, { token: as })).body).entries
}
const actionsOf = async (query: Record<string, string | number>) => (await audit(query)).map(({ action }) => action)
const addRole = (name: string) => relay.call('POST', '/v1/roles', { token, body: { name, capabilities: ['view'] } })

test('by action, page by page', async () => {
  for (const name of ['One', 'Two', 'Three']) await addRole(name)
  const first = await audit({ action: 'role.created', limit: 2 })
  expect(first.map(({ action }) => action)).toEqual(['role.created', 'role.created'])
  const rest = await audit({ action: 'role.created', limit: 2, before: first[1]?.sequence ?? 0 })
  expect(rest).toHaveLength(1)
  expect(await audit({ action: 'role' })).toEqual([])
})

test('by person: what they did themselves and by a key, and nobody whose address only begins alike', async () => {
  const longer = await relay.addOperator(token, `${ADMIN.email}.au`)
  await relay.signIn(longer)
  const wish = { name: 'Reader', scopes: ['devices:write'], expiresInDays: 1 }
  const made = await relay.call('POST', '/v1/api-keys', { token, body: wish })
  const { key } = apiKeyReplySchema.parse(made.body)
  const { deviceId } = await relay.enrol(await relay.mintEnrolmentToken(token))
  await relay.call('PUT', `/v1/devices/${deviceId}/tags`, { token: key, body: { tags: ['front'] } })
  const actors = new Set((await audit({ person: ADMIN.email.toUpperCase(), limit: 500 })).map(({ actor }) => actor))
  expect([...actors].filter(actor => actor.startsWith(`user ${ADMIN.email} by key`))).toHaveLength(1)
  expect(actors.has(`user ${ADMIN.email}`)).toBe(true)
  expect(actors.size).toBe(2)
  expect(await actionsOf({ person: longer.email })).toEqual(['user.signed-in'])
})

test('by device: what it did, what was done to it, and its sessions', async () => {
  const other = await relay.enrol(await relay.mintEnrolmentToken(token))
  const session = await TestSession.connect(relay)
  await session.request()
  const actions = await actionsOf({ deviceId: session.device.deviceId, limit: 500 })
  expect(actions).toContain('device.enrolled')
  expect(actions).toContain('session.requested')
  const others = await audit({ deviceId: other.deviceId, limit: 500 })
  expect(others.map(({ action }) => action)).not.toContain('session.requested')
})

test('by time: from is in, to is out', async () => {
  await addRole('Before')
  clock.advance(HOUR / 2)
  const fromMs = clock.nowMs()
  token = await relay.signIn()
  await addRole('Within')
  clock.advance(HOUR / 2)
  const toMs = clock.nowMs()
  token = await relay.signIn()
  await addRole('After')
  const within = await audit({ fromMs, toMs })
  expect(within.every(({ atMs }) => atMs >= fromMs && atMs < toMs)).toBe(true)
  expect(within.map(({ action }) => action)).toContain('role.created')
  expect(await audit({ fromMs, toMs, action: 'role.created' })).toHaveLength(1)
  expect(await audit({ fromMs: toMs, action: 'role.created' })).toHaveLength(1)
  expect(await audit({ fromMs: toMs + HOUR })).toEqual([])
})

test('by time: what a wrong clock wrote is found by the time that it wrote, and hides nothing else', async () => {
  const nowMs = clock.nowMs()
  const day = 24 * HOUR
  const at = async (atMs: number, name: string) => {
    clock.set(atMs)
    token = await relay.signIn()
    await addRole(name)
  }
  await at(nowMs + HOUR, 'Right')
  await at(nowMs + 9_000 * day, 'Far ahead')
  await at(nowMs + 2 * HOUR, 'Right again')
  await at(nowMs - 9_000 * day, 'Long ago')
  await at(nowMs + 3 * HOUR, 'Right at last')
  const made = async (query: Record<string, number>) =>
    (await audit({ ...query, action: 'role.created' })).map(({ detail }) => detail.name)
  expect(await made({ fromMs: nowMs })).toEqual(['Right at last', 'Right again', 'Far ahead', 'Right'])
  expect(await made({ fromMs: nowMs, toMs: nowMs + day })).toEqual(['Right at last', 'Right again', 'Right'])
  expect(await made({ fromMs: nowMs + day })).toEqual(['Far ahead'])
  expect(await made({ toMs: nowMs })).toEqual(['Long ago'])
  expect(await made({ fromMs: 0, limit: 2 })).toEqual(['Right at last', 'Long ago'])
})

test('A47 never has an entry of another organisation, and refuses what it doesn’t know', async () => {
  const theirs = await relay.addOrganisation('Other', 'head@other.example')
  const own = await relay.signIn(theirs)
  expect(await audit({ person: ADMIN.email }, own)).toEqual([])
  expect(await audit({ action: 'role.created', person: ADMIN.email }, own)).toEqual([])
  for (const query of ['action=%25', 'deviceId=x', 'person=x', 'fromMs=-1', 'search=x'])
    expect([query, (await relay.call('GET', `/v1/audit?${query}`, { token })).status]).toEqual([query, 400])
})
