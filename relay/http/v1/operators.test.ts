import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  apiKeyReplySchema,
  linkReplySchema,
  operatorsReplySchema,
  recoveryCodesReplySchema,
  totpReplySchema,
} from '#protocol/identity-http.ts'
import { totpCode } from '#testing/authenticator-app.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { ADMIN, TestRelay } from '#testing/relay.ts'
import { TestSession } from '#testing/relay-session.ts'

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

const LAST = { status: 409, body: { code: 'last-administrator' } }
const NEW_PASSWORD = 'nine purple teapots'

async function idOf(token: string): Promise<string> {
  const { body } = await relay.call('GET', '/v1/me', { token })
  return (body as { user: { id: string } }).user.id
}
async function listed(search: string) {
  const { body } = await relay.call('GET', `/v1/operators?search=${search}`, { token: admin })
  return operatorsReplySchema.parse(body).operators
}
async function resetLink(userId: string): Promise<string> {
  const { body } = await relay.call('POST', `/v1/operators/${userId}/password-reset`, { token: admin })
  return linkReplySchema.parse(body).token
}
const reset = (token: string, password = NEW_PASSWORD) =>
  relay.call('POST', '/v1/sign-in/password-reset', { body: { token, password } })

describe('the people of an organisation', () => {
  it('are listed to administrators, without those of others', async () => {
    await relay.addOperator(admin, 'bob@example.org')
    await relay.addOrganisation('Other Ltd', 'otto@example.net')
    const { body } = await relay.call('GET', '/v1/operators', { token: admin })
    expect(body).toMatchObject({ operators: [{ email: ADMIN.email, role: 'admin' }, { role: 'operator' }] })
    expect(JSON.stringify(body)).not.toMatch(/otto|hash/i)
  })

  it('A52 the last administrator neither demotes nor removes themselves', async () => {
    const path = `/v1/operators/${await idOf(admin)}`
    expect(await relay.call('PATCH', path, { token: admin, body: { role: 'operator' } })).toMatchObject(LAST)
    expect(await relay.call('DELETE', path, { token: admin })).toMatchObject(LAST)
    expect((await relay.call('GET', '/v1/operators', { token: admin })).status).toBe(200)
  })

  it('A52 of two administrators who demote each other at once one stays', async () => {
    const eve = await relay.signIn(await relay.addOperator(admin, 'eve@example.org', 'admin'))
    const [adminId, eveId] = [await idOf(admin), await idOf(eve)]
    const replies = await Promise.all([
      relay.call('PATCH', `/v1/operators/${eveId}`, { token: admin, body: { role: 'operator' } }),
      relay.call('DELETE', `/v1/operators/${adminId}`, { token: eve }),
    ])
    expect(replies.filter(({ status }) => status === 204)).toHaveLength(1)
  })

  it('whoever is removed is out at once, sockets included, and their address is free again', async () => {
    const account = await relay.addOperator(admin, 'bob@example.org')
    const bob = await relay.signIn(account)
    const socket = await relay.openOperatorSocket(bob)
    expect((await relay.call('DELETE', `/v1/operators/${account.user.id}`, { token: admin })).status).toBe(204)
    expect(await socket.closed).toBe(4401)
    expect((await relay.call('GET', '/v1/me', { token: bob })).status).toBe(401)
    await expect(relay.signIn(account)).rejects.toThrow('sign-in-failed')
    await relay.addOperator(admin, 'bob@example.org')
  })

  it('who is switched off is out at once, keeps nothing that opens, and comes back as they were', async () => {
    const account = await relay.addOperator(admin, 'eve@example.org', 'admin')
    const eve = await relay.signIn(account)
    const socket = await relay.openOperatorSocket(eve)
    const body = { name: 'Key', scopes: ['devices:read'], expiresInDays: 1 }
    const { key } = apiKeyReplySchema.parse((await relay.call('POST', '/v1/api-keys', { token: eve, body })).body)
    expect((await relay.call('GET', '/v1/devices', { token: key })).status).toBe(200)
    const path = `/v1/operators/${account.user.id}`
    expect((await relay.call('POST', `${path}/disable`, { token: admin })).status).toBe(204)
    expect(await socket.closed).toBe(4401)
    for (const token of [eve, key]) expect((await relay.call('GET', '/v1/devices', { token })).status).toBe(401)
    const wrong = { email: account.email, password: 'not the right one' }
    const replies = [account, wrong].map(({ email, password }) =>
      relay.call('POST', '/v1/sign-in', { body: { email, password } }),
    )
    const [right, guessed] = await Promise.all(replies)
    expect(right).toMatchObject({ status: 401, body: { code: 'sign-in-failed' } })
    expect(right?.body).toEqual(guessed?.body)
    const seen = await relay.call('GET', '/v1/operators?search=eve', { token: admin })
    expect(seen.body).toMatchObject({ operators: [{ role: 'admin', disabled: true }] })
    expect((await relay.call('POST', `${path}/enable`, { token: admin })).status).toBe(204)
    expect((await relay.call('GET', '/v1/operators', { token: await relay.signIn(account) })).status).toBe(200)
  })

  it('a session of somebody who is switched off ends, and its operator has no rights until they are back', async () => {
    const bob = await relay.addOperator(admin, 'bob@example.org')
    const session = await TestSession.connect(relay, undefined, bob)
    await session.activate()
    expect((await relay.call('POST', `/v1/operators/${bob.user.id}/disable`, { token: admin })).status).toBe(204)
    const view = await relay.call('GET', `/v1/sessions/${session.id}`, { token: admin })
    expect(view.body).toMatchObject({ session: { state: { reason: 'policy-revoked' } } })
  })

  it('A52 the last administrator does not switch themselves off', async () => {
    const eve = await relay.addOperator(admin, 'eve@example.org', 'admin')
    expect((await relay.call('POST', `/v1/operators/${eve.user.id}/disable`, { token: admin })).status).toBe(204)
    expect(await relay.call('POST', `/v1/operators/${await idOf(admin)}/disable`, { token: admin })).toMatchObject(LAST)
    expect((await relay.call('GET', '/v1/me', { token: admin })).status).toBe(200)
  })

  it('A17 A47 adding an address of another organisation looks like adding any other, and takes nothing from it', async () => {
    const otto = await relay.addOrganisation('Other Ltd', 'otto@example.net')
    const bob = await relay.addOperator(admin, 'bob@example.org')
    const decoy = await relay.addOperator(admin, 'Otto@example.net'.toLowerCase())
    expect(Object.keys(decoy.user)).toEqual(Object.keys(bob.user))
    expect(decoy.user.email).toBe('otto@example.net')
    const people = await listed('')
    const shapeOf = (id: string) => Object.keys(people.find(person => person.id === id) ?? {})
    expect(shapeOf(decoy.user.id)).toEqual(shapeOf(bob.user.id))
    await expect(relay.addOperator(admin, 'otto@example.net')).rejects.toThrow('has an account already')
    await expect(relay.signIn(decoy)).rejects.toThrow('sign-in-failed')
    const other = await relay.signIn(otto)
    expect((await relay.call('GET', '/v1/me', { token: other })).body).toMatchObject({
      organisation: { name: 'Other Ltd' },
    })
    expect((await relay.call('DELETE', `/v1/operators/${decoy.user.id}`, { token: admin })).status).toBe(204)
    await relay.signIn(otto)
  })

  it('A11 of another organisation are not found', async () => {
    const other = await relay.signIn(await relay.addOrganisation('Other Ltd', 'otto@example.net'))
    const path = `/v1/operators/${await idOf(admin)}`
    for (const [method, end, body] of [
      ['PATCH', '', { role: 'operator' }],
      ['DELETE', '', undefined],
      ['POST', '/password-reset', undefined],
      ['POST', '/sign-out', undefined],
      ['POST', '/disable', undefined],
      ['POST', '/enable', undefined],
      ['DELETE', '/two-factor', undefined],
    ] as const)
      expect((await relay.call(method, `${path}${end}`, { token: other, ...(body && { body }) })).status).toBe(404)
    expect((await relay.call('GET', '/v1/me/security', { token: admin })).body).toMatchObject({ role: 'admin' })
  })

  it('A25 are changed with a fresh proof only', async () => {
    const { user } = await relay.addOperator(admin, 'bob@example.org')
    clock.advance(5 * 60_000 + 1)
    for (const [method, end, body] of [
      ['PATCH', '', { role: 'admin' }],
      ['DELETE', '', undefined],
      ['POST', '/password-reset', undefined],
    ] as const)
      expect(
        await relay.call(method, `/v1/operators/${user.id}${end}`, { token: admin, ...(body && { body }) }),
      ).toMatchObject({ status: 401, body: { code: 'step-up-required' } })
  })
})

describe("an administrator's link for a forgotten password", () => {
  it('sets a password once, ends every sign-in and signs nobody in', async () => {
    const account = await relay.addOperator(admin, 'bob@example.org')
    const bob = await relay.signIn(account)
    const first = await resetLink(account.user.id)
    const link = await resetLink(account.user.id)
    expect((await reset(first)).status).toBe(403)
    const replies = await Promise.all([1, 2, 3].map(() => reset(link)))
    expect(replies.filter(({ status }) => status === 204)).toHaveLength(1)
    expect((await relay.call('GET', '/v1/me', { token: bob })).status).toBe(401)
    await expect(relay.signIn(account)).rejects.toThrow('sign-in-failed')
    await relay.signIn({ email: account.email, password: NEW_PASSWORD })
  })

  it('A22 leaves the second factor in force', async () => {
    const { secret } = totpReplySchema.parse((await relay.call('POST', '/v1/two-factor', { token: admin })).body)
    const body = { code: totpCode(secret, clock.nowMs()) }
    const confirmed = await relay.call('POST', '/v1/two-factor/confirm', { token: admin, body })
    expect(recoveryCodesReplySchema.safeParse(confirmed.body).success).toBe(true)
    const link = await resetLink(await idOf(admin))
    expect((await reset(link)).status).toBe(204)
    const reply = await relay.call('POST', '/v1/sign-in', { body: { email: ADMIN.email, password: NEW_PASSWORD } })
    expect(reply.body).toMatchObject({ secondFactor: { methods: ['totp', 'recovery-code'] } })
    expect(reply.body).not.toHaveProperty('token')
  })

  it('A17 answers alike when it is unknown, used or a day old', async () => {
    const { user } = await relay.addOperator(admin, 'bob@example.org')
    const link = await resetLink(user.id)
    clock.advance(DAY)
    const replies = [await reset(link), await reset('never made by anybody at all')]
    for (const reply of replies) expect(reply).toMatchObject({ status: 403, body: { code: 'link-invalid' } })
    expect(replies[0]?.body).toEqual(replies[1]?.body)
  })
})
