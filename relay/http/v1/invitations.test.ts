import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { invitationReplySchema } from '#protocol/identity-http.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { ADMIN, TestRelay } from '#testing/relay.ts'

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

const BOB = { email: 'bob@example.org', password: 'seven green umbrellas' }
const INVALID = { status: 403, body: { code: 'link-invalid' } }

async function invite(email = BOB.email, role = 'operator') {
  const reply = await relay.call('POST', '/v1/invitations', { token: admin, body: { email, role } })
  return invitationReplySchema.parse(reply.body)
}
const accept = (token: string, password = BOB.password) =>
  relay.call('POST', '/v1/invitations/accept', { body: { token, name: 'Bob', password } })

describe('invitations', () => {
  it('let somebody make their own account, with the role of the invitation', async () => {
    const { token } = await invite('Bob@Example.org', 'admin')
    expect(await accept(token)).toMatchObject({ status: 200, body: { user: { email: BOB.email, name: 'Bob' } } })
    const bob = await relay.signIn(BOB)
    expect((await relay.call('GET', '/v1/me/security', { token: bob })).body).toMatchObject({ role: 'admin' })
    expect((await relay.call('GET', '/v1/invitations', { token: admin })).body).toMatchObject({ invitations: [] })
  })

  it('are good once, also when they are opened many times at once', async () => {
    const { token } = await invite()
    const replies = await Promise.all([1, 2, 3, 4].map(() => accept(token)))
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
    for (const reply of replies.filter(({ status }) => status !== 200)) expect(reply).toMatchObject(INVALID)
  })

  it('A17 answer alike: unknown, used, expired, revoked, replaced, and for an address that has an account', async () => {
    const refused = [await accept('never made by anybody at all')]
    const used = await invite()
    await accept(used.token)
    refused.push(await accept(used.token))
    const replaced = await invite('eve@example.org')
    const revoked = await invite('eve@example.org')
    refused.push(await accept(replaced.token))
    const path = `/v1/invitations/${revoked.invitation.id}`
    expect((await relay.call('DELETE', path, { token: admin })).status).toBe(204)
    refused.push(await accept(revoked.token))
    const elsewhere = await relay.addOrganisation('Other Ltd', 'otto@example.net')
    const known = await invite(elsewhere.email)
    refused.push(await accept(known.token))
    const expired = await invite('kim@example.org')
    clock.advance(7 * DAY)
    refused.push(await accept(expired.token))
    for (const reply of refused) expect([reply.status, reply.body]).toEqual([403, refused[0]?.body])
    expect(refused[0]).toMatchObject(INVALID)
  })

  it('A17 say nothing about accounts of other organisations', async () => {
    const elsewhere = await relay.addOrganisation('Other Ltd', 'otto@example.net')
    const known = await relay.call('POST', '/v1/invitations', {
      token: admin,
      body: { email: elsewhere.email, role: 'operator' },
    })
    const unknown = await relay.call('POST', '/v1/invitations', {
      token: admin,
      body: { email: 'new@example.net', role: 'operator' },
    })
    expect(known.status).toBe(unknown.status)
    expect(Object.keys(known.body as object)).toEqual(Object.keys(unknown.body as object))
    expect((await invite('new2@example.net')).invitation.email).toBe('new2@example.net')
  })

  it('stay when the password was too weak', async () => {
    const { token } = await invite()
    expect(await accept(token, 'Password1234!')).toMatchObject({
      status: 400,
      body: { code: 'password-weak' },
    })
    expect((await accept(token)).status).toBe(200)
  })

  it('A45 belong to an organisation, and their tokens are in no file', async () => {
    const { token, invitation } = await invite()
    const other = await relay.signIn(await relay.addOrganisation('Other Ltd', 'otto@example.net'))
    expect((await relay.call('DELETE', `/v1/invitations/${invitation.id}`, { token: other })).status).toBe(404)
    expect((await relay.call('GET', '/v1/invitations', { token: other })).body).toMatchObject({ invitations: [] })
    for (const file of ['relay.db', 'relay.db-wal'])
      expect((await readFile(join(relay.dataDir, file))).includes(token)).toBe(false)
    for (const path of ['/v1/me', '/v1/devices']) expect((await relay.call('GET', path, { token })).status).toBe(401)
  })

  it('A25 take a fresh proof, and a member is not invited again', async () => {
    const body = { email: ADMIN.email, role: 'operator' }
    expect((await relay.call('POST', '/v1/invitations', { token: admin, body })).status).toBe(400)
    clock.advance(5 * 60_000 + 1)
    const late = { email: BOB.email, role: 'operator' }
    expect(await relay.call('POST', '/v1/invitations', { token: admin, body: late })).toMatchObject({
      status: 401,
      body: { code: 'step-up-required' },
    })
  })
})
