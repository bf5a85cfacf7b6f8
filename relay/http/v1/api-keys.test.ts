import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { API_SCOPES, type ApiScope } from '#protocol/api-scopes.ts'
import { apiKeyReplySchema } from '#protocol/identity-http.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { TestRelay } from '#testing/relay.ts'
import type { Services } from '../../services.ts'
import { routesOf } from '../routes.ts'

const DAY = 24 * 60 * 60_000
let clock: ManualClock
let relay: TestRelay
let admin: string
beforeEach(async () => {
  clock = new ManualClock()
  relay = await TestRelay.start({ clock })
  admin = await relay.signIn()
})
afterEach(() => relay.close())

async function makeKey(scopes: readonly ApiScope[] = API_SCOPES, token = admin) {
  const body = { name: 'Inventory', scopes, expiresInDays: 30 }
  return apiKeyReplySchema.parse((await relay.call('POST', '/v1/api-keys', { token, body })).body)
}
const routes = routesOf({} as Services).filter(({ access }) => access.authn === 'bearer')
const random = { dev: 'deviceId', ses: 'sessionId', grp: 'groupId', asg: 'assignmentId', rol: 'roleId' }
const pathOf = (url: string) =>
  Object.entries({
    ...random,
    usr: 'userId',
    key: 'apiKeyId',
    inv: 'invitationId',
    lgn: 'loginId',
    pky: 'passkeyId',
  }).reduce((path, [prefix, name]) => path.replace(`:${name}`, `${prefix}_${'0'.repeat(26)}`), url)

describe('API keys', () => {
  it('work on the routes of their scopes and on no other', async () => {
    const { key } = await makeKey(['devices:read'])
    expect((await relay.call('GET', '/v1/devices', { token: key })).status).toBe(200)
    expect(await relay.call('GET', '/v1/audit', { token: key })).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    })
  })

  it('A50 with every scope there is change no credential, role or key, and say so with 403', async () => {
    const { key } = await makeKey()
    const closed = routes.filter(({ access }) => access.apiKey === null)
    const urls = closed.map(({ method, url }) => `${method} ${url}`)
    for (const url of [
      'POST /v1/api-keys',
      'PATCH /v1/operators/:userId',
      'POST /v1/me/password',
      'POST /v1/me/step-up',
    ])
      expect(urls).toContain(url)
    for (const { method, url } of closed) {
      const reply = await relay.call(method, pathOf(url), { token: key, ...(method !== 'GET' && { body: '{}' }) })
      expect([method, url, reply.status]).toEqual([method, url, 403])
    }
    await expect(relay.openOperatorSocket(key)).rejects.toThrow()
  })

  it('A25 no key opens a route that wants step-up', () => {
    for (const { access } of routes) if (access.stepUp) expect(access.apiKey).toBeNull()
  })

  it('are kept as a hash, shown by their prefix, and named in the audit of what they do', async () => {
    const { key, apiKey } = await makeKey(['devices:write'])
    expect(key.startsWith(apiKey.prefix)).toBe(true)
    expect(key.length).toBeGreaterThan(apiKey.prefix.length + 30)
    const listed = await relay.call('GET', '/v1/api-keys', { token: admin })
    expect(JSON.stringify(listed.body)).not.toContain(key)
    for (const file of ['relay.db', 'relay.db-wal'])
      expect((await readFile(join(relay.dataDir, file))).includes(key)).toBe(false)
    const { deviceId } = await relay.enrol(await relay.mintEnrolmentToken(admin))
    expect((await relay.call('DELETE', `/v1/devices/${deviceId}`, { token: key })).status).toBe(204)
    const { body } = await relay.call('GET', '/v1/audit', { token: admin })
    expect(JSON.stringify(body)).toContain(`by key ${apiKey.prefix}`)
  })

  it('end by revoking, by expiry, and with the person who made them', async () => {
    const revoked = await makeKey()
    expect((await relay.call('DELETE', `/v1/api-keys/${revoked.apiKey.id}`, { token: admin })).status).toBe(204)
    const account = await relay.addOperator(admin, 'eve@example.org', 'admin')
    const orphan = await makeKey(API_SCOPES, await relay.signIn(account))
    expect((await relay.call('GET', '/v1/devices', { token: orphan.key })).status).toBe(200)
    await relay.call('DELETE', `/v1/operators/${account.user.id}`, { token: admin })
    const expired = await makeKey()
    clock.advance(30 * DAY)
    for (const { key } of [revoked, orphan, expired])
      expect((await relay.call('GET', '/v1/devices', { token: key })).status).toBe(401)
  })

  it('do no more than the person who made them may now', async () => {
    const account = await relay.addOperator(admin, 'eve@example.org', 'admin')
    const { key } = await makeKey(['people:read'], await relay.signIn(account))
    expect((await relay.call('GET', '/v1/operators', { token: key })).status).toBe(200)
    const path = `/v1/operators/${account.user.id}`
    await relay.call('PATCH', path, { token: admin, body: { role: 'operator' } })
    expect((await relay.call('GET', '/v1/operators', { token: key })).status).toBe(403)
  })

  it('A11 belong to an organisation', async () => {
    const { apiKey } = await makeKey()
    const other = await relay.signIn(await relay.addOrganisation('Other Ltd', 'otto@example.net'))
    expect((await relay.call('DELETE', `/v1/api-keys/${apiKey.id}`, { token: other })).status).toBe(404)
    expect((await relay.call('GET', '/v1/api-keys', { token: other })).body).toMatchObject({ apiKeys: [] })
  })
})
