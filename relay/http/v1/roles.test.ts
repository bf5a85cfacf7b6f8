import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CAPABILITIES } from '#protocol/policy/capabilities.ts'
import { rolesReplySchema } from '#protocol/policy/http.ts'
import { TestPolicy } from '#testing/policy.ts'
import { TestRelay } from '#testing/relay.ts'

let relay: TestRelay
let token: string
let policy: TestPolicy
let rootId: string
beforeEach(async () => {
  relay = await TestRelay.start()
  token = await relay.signIn()
  policy = new TestPolicy(relay, token)
  rootId = await policy.rootId()
})
afterEach(() => relay.close())

const roles = async () => rolesReplySchema.parse((await policy.call('GET', '/v1/roles')).body).roles
const me = async () => (await relay.call('GET', '/v1/me', { token })).body as { user: { id: string } }

async function addPerson(email: string, roleId: string, groupId = rootId) {
  const account = await relay.addOperator(token, email)
  await policy.clear(account.user.id)
  await policy.assign(account.user.id, roleId, groupId)
  return { id: account.user.id, policy: new TestPolicy(relay, await relay.signIn(account)) }
}

describe('roles', () => {
  it('are two from the start, which stay as they are, and as many more as one makes', async () => {
    const id = await policy.addRole('Viewer', ['chat', 'view'])
    await policy.call('PUT', `/v1/roles/${id}`, { name: 'Watcher', capabilities: ['view'] })
    expect(await roles()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: 'administrator', builtIn: true, capabilities: [...CAPABILITIES] }),
        expect.objectContaining({ id: 'operator', builtIn: true }),
        { id, name: 'Watcher', builtIn: false, capabilities: ['view'] },
      ]),
    )
    await expect(policy.addRole('Watcher', [])).rejects.toThrow('name-taken')
    for (const builtIn of ['administrator', 'operator']) {
      await expect(policy.call('DELETE', `/v1/roles/${builtIn}`)).rejects.toThrow('role-built-in')
      const body = { name: 'Mine', capabilities: [] }
      await expect(policy.call('PUT', `/v1/roles/${builtIn}`, body)).rejects.toThrow('role-built-in')
    }
    await policy.call('DELETE', `/v1/roles/${id}`)
    expect(await roles()).toHaveLength(2)
  })

  it.each([[['view', 'view']], [['everything']], [['view', 7]]])('A48 refuse %j', async capabilities => {
    const body = { name: 'Odd', capabilities }
    await expect(policy.call('POST', '/v1/roles', body)).rejects.toThrow('bad-request')
  })

  it('cannot grant more than their author has, by any way, and nothing stays of the try', async () => {
    const lead = await policy.addRole('Lead', ['view', 'chat', 'manage-policy'])
    const viewer = await policy.addRole('Viewer', ['view'])
    const lea = await addPerson('lea@example.org', lead)
    const bob = await addPerson('bob@example.org', viewer)
    const before = [await roles(), await policy.assignments()]
    const ways: (() => Promise<unknown>)[] = [
      () => lea.policy.addRole('Shell', ['shell']),
      () => lea.policy.call('PUT', `/v1/roles/${lead}`, { name: 'Lead', capabilities: ['view', 'shell'] }),
      () => lea.policy.call('PUT', `/v1/roles/${viewer}`, { name: 'Viewer', capabilities: ['view', 'control'] }),
      () => lea.policy.assign(lea.id, 'administrator', rootId),
      () => lea.policy.assign(bob.id, 'operator', rootId),
    ]
    for (const way of ways) await expect(way()).rejects.toThrow('role-exceeds-author')
    expect([await roles(), await policy.assignments()]).toEqual(before)
    await lea.policy.addRole('Talk', ['view', 'chat'])
  })

  it('cannot be widened by lifting a limit: a narrower role, a denial in one’s own name, a move', async () => {
    const lead = await policy.addRole('Lead', ['view', 'manage-policy', 'manage-devices'])
    const viewer = await policy.addRole('Viewer', ['view'])
    const servers = await policy.addGroup('Servers')
    const open = await policy.addGroup('Open')
    const lea = await addPerson('lea@example.org', lead, servers)
    await policy.assign(lea.id, lead, open)
    const bob = await addPerson('bob@example.org', 'operator')
    const narrow = await policy.assign(bob.id, viewer, servers)
    await expect(lea.policy.call('DELETE', `/v1/assignments/${narrow}`)).rejects.toThrow('role-exceeds-author')
    const device = await relay.enrol(await relay.mintEnrolmentToken(token))
    await policy.move(device.deviceId, servers)
    await expect(lea.policy.move(device.deviceId, open)).rejects.toThrow('role-exceeds-author')
    const watching = await policy.addRole('Watching', ['view'])
    const own = await policy.assign(lea.id, watching, servers, 'deny')
    await expect(lea.policy.call('DELETE', `/v1/assignments/${own}`)).rejects.toThrow('role-exceeds-author')
  })
})

describe('assignments', () => {
  it('are made once, for people and roles that are there, and to everybody as a denial only', async () => {
    const { user } = await relay.addOperator(token, 'bob@example.org')
    await expect(policy.assign(user.id, 'operator', rootId)).rejects.toThrow('name-taken')
    await expect(policy.assign('usr_nobody_at_all', 'operator', rootId)).rejects.toThrow('not-found')
    await expect(policy.assign(user.id, `rol_${'0'.repeat(26)}`, rootId)).rejects.toThrow('not-found')
    await expect(policy.assign(null, 'operator', rootId)).rejects.toThrow('bad-request')
    await policy.assign(null, 'operator', await policy.addGroup('Closed'), 'deny')
  })

  it('A52 the last administrator stays one, whatever is tried', async () => {
    const { user } = await me()
    const [own] = await policy.assignments(user.id)
    const managing = await policy.addRole('Managing', ['manage-policy'])
    const group = await policy.addGroup('Group')
    for (const way of [
      () => policy.call('DELETE', `/v1/assignments/${own?.id}`),
      () => policy.assign(user.id, 'administrator', rootId, 'deny'),
      () => policy.assign(null, managing, rootId, 'deny'),
      () => policy.assign(null, 'administrator', group, 'deny'),
    ])
      await expect(way()).rejects.toThrow('last-administrator')
    expect(await policy.assignments(user.id)).toEqual([own])
  })

  it('A52 the last administrator who can act as one is not removed, whoever else has the title', async () => {
    const { user } = await me()
    const account = await relay.addOperator(token, 'eve@example.org', 'admin')
    await policy.assign(account.user.id, 'administrator', rootId, 'deny')
    const path = `/v1/operators/${user.id}`
    await expect(policy.call('DELETE', path)).rejects.toThrow('last-administrator')
    await expect(policy.call('PATCH', path, { role: 'operator' })).rejects.toThrow('last-administrator')
  })

  it('A52 two administrators who demote each other at once: one remains', async () => {
    const account = await relay.addOperator(token, 'eve@example.org', 'admin')
    const eve = new TestPolicy(relay, await relay.signIn(account))
    const [own] = await policy.assignments((await me()).user.id)
    const [hers] = await policy.assignments(account.user.id)
    const tries = await Promise.allSettled([
      eve.call('DELETE', `/v1/assignments/${own?.id}`),
      policy.call('DELETE', `/v1/assignments/${hers?.id}`),
    ])
    expect(tries.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const left = await Promise.allSettled([eve.groups(), policy.groups()])
    expect(left.flatMap(one => (one.status === 'fulfilled' ? [one.value.length] : [])).sort()).toEqual([0, 1])
  })

  it('make and unmake administrators for every other route too', async () => {
    const account = await relay.addOperator(token, 'eve@example.org')
    const eve = await relay.signIn(account)
    const mint = () => relay.call('POST', '/v1/enrolment-tokens', { token: eve, body: { maxUses: 1, expiresInS: 60 } })
    expect((await mint()).status).toBe(403)
    const id = await policy.assign(account.user.id, 'administrator', rootId)
    expect((await mint()).status).toBe(200)
    const denial = await policy.assign(account.user.id, 'administrator', rootId, 'deny')
    expect((await mint()).status).toBe(403)
    await policy.call('DELETE', `/v1/assignments/${denial}`)
    expect((await mint()).status).toBe(200)
    await policy.call('DELETE', `/v1/assignments/${id}`)
    expect((await mint()).status).toBe(403)
  })
})
