import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TestPolicy } from '#testing/policy.ts'
import { TestRelay } from '#testing/relay.ts'

let relay: TestRelay
let token: string
let policy: TestPolicy
beforeEach(async () => {
  relay = await TestRelay.start()
  token = await relay.signIn()
  policy = new TestPolicy(relay, token)
})
afterEach(() => relay.close())

const paths = async (as = policy) => (await as.groups()).map(({ path }) => path).sort()

/** Somebody who may do these things in this group and nothing elsewhere. */
async function addPerson(email: string, roleId: string, groupId: string) {
  const account = await relay.addOperator(token, email)
  await policy.clear(account.user.id)
  await policy.assign(account.user.id, roleId, groupId)
  const own = await relay.signIn(account)
  return { id: account.user.id, token: own, policy: new TestPolicy(relay, own) }
}

describe('the tree of groups', () => {
  it('is made, renamed, moved and cut', async () => {
    const branches = await policy.addGroup('Branches')
    const finance = await policy.addGroup('Finance', branches)
    expect(await paths()).toEqual(['/', '/Branches', '/Branches/Finance'])
    await policy.call('PATCH', `/v1/groups/${finance}`, { name: 'Money', parentId: await policy.rootId() })
    await policy.call('DELETE', `/v1/groups/${branches}`)
    expect(await paths()).toEqual(['/', '/Money'])
    expect(await actions(4)).toEqual(['group.deleted', 'group.changed', 'group.created', 'group.created'])
  })

  it('refuses a ring, wherever it would close, and keeps what was', async () => {
    const one = await policy.addGroup('One')
    const two = await policy.addGroup('Two', one)
    const three = await policy.addGroup('Three', two)
    const root = await policy.rootId()
    for (const [group, parentId] of [
      [one, one],
      [one, two],
      [one, three],
      [root, three],
    ])
      await expect(policy.call('PATCH', `/v1/groups/${group}`, { parentId })).rejects.toThrow('group-cycle')
    expect(await paths()).toEqual(['/', '/One', '/One/Two', '/One/Two/Three'])
    expect(await actions(1)).toEqual(['group.created'])
  })

  it('refuses two of a name side by side, names with a slash, and cutting what is in use', async () => {
    const one = await policy.addGroup('One')
    await policy.addGroup('Two', one)
    const device = await relay.enrol(await relay.mintEnrolmentToken(token))
    await expect(policy.addGroup('One')).rejects.toThrow('name-taken')
    await expect(policy.addGroup('a/b')).rejects.toThrow('bad-request')
    await expect(policy.addGroup('  ')).rejects.toThrow('bad-request')
    await expect(policy.call('DELETE', `/v1/groups/${one}`)).rejects.toThrow('group-in-use')
    await expect(policy.call('DELETE', `/v1/groups/${await policy.rootId()}`)).rejects.toThrow('group-in-use')
    const three = await policy.addGroup('Three')
    await policy.move(device.deviceId, three)
    await expect(policy.call('DELETE', `/v1/groups/${three}`)).rejects.toThrow('group-in-use')
    await policy.call('DELETE', `/v1/devices/${device.deviceId}`)
    await policy.call('DELETE', `/v1/groups/${three}`)
  })

  it('A11 A47 is nobody else’s: other organisations, and people without a role there, find nothing', async () => {
    const mine = await policy.addGroup('Mine')
    const other = await relay.signIn(await relay.addOrganisation('Other Ltd', 'otto@example.net'))
    const otto = new TestPolicy(relay, other)
    expect(await paths(otto)).toEqual(['/'])
    const theirs = await otto.rootId()
    const viewer = await policy.addRole('Viewer', ['view'])
    const elsewhere = await addPerson('bob@example.org', viewer, await policy.addGroup('Elsewhere'))
    expect(await paths(elsewhere.policy)).toEqual(['/Elsewhere'])
    const device = await relay.enrol(await relay.mintEnrolmentToken(token))
    for (const as of [otto, elsewhere.policy])
      for (const [method, path, body] of [
        ['PATCH', `/v1/groups/${mine}`, { name: 'Yours' }],
        ['DELETE', `/v1/groups/${mine}`],
        ['GET', `/v1/groups/${mine}/settings`],
        ['PATCH', `/v1/groups/${mine}/settings`, { set: { unattended: true } }],
        ['POST', '/v1/groups', { name: 'Below', parentId: mine }],
        ['POST', '/v1/assignments', { userId: null, roleId: 'operator', groupId: mine, effect: 'deny' }],
        ['PUT', `/v1/devices/${device.deviceId}/group`, { groupId: mine }],
      ] as const)
        await expect(as.call(method, path, body)).rejects.toThrow(/^(not-found|forbidden)$/)
    await expect(policy.move(device.deviceId, theirs)).rejects.toThrow('not-found')
    await expect(otto.assign((await elsewhere).id, 'operator', theirs)).rejects.toThrow('not-found')
    await expect(otto.call('PUT', `/v1/roles/${viewer}`, { name: 'x', capabilities: [] })).rejects.toThrow('not-found')
    await expect(otto.call('DELETE', `/v1/roles/${viewer}`)).rejects.toThrow('not-found')
    const [row] = await policy.assignments(elsewhere.id)
    await expect(otto.call('DELETE', `/v1/assignments/${row?.id}`)).rejects.toThrow('not-found')
    expect(await paths()).toEqual(['/', '/Elsewhere', '/Mine'])
  })

  it('can be handed to somebody in part', async () => {
    const branches = await policy.addGroup('Branches')
    const lead = await addPerson('lea@example.org', await policy.addRole('Lead', ['view', 'manage-policy']), branches)
    const finance = await lead.policy.addGroup('Finance', branches)
    await lead.policy.set(finance, { consentSeconds: 10 })
    await expect(
      lead.policy.call('PATCH', `/v1/groups/${finance}`, { parentId: await policy.rootId() }),
    ).rejects.toThrow('not-found')
    await expect(lead.policy.call('DELETE', `/v1/groups/${branches}`)).rejects.toThrow(/not-found|forbidden/)
    await expect(lead.policy.addRole('Own', ['view'])).rejects.toThrow('not-found')
  })
})

describe('the settings of a group', () => {
  const settings = async (groupId: string, key: string) => {
    const { body } = await policy.call('GET', `/v1/groups/${groupId}/settings`)
    return (body as { settings: { key: string }[] }).settings.find(row => row.key === key)
  }

  it('are inherited, overridden and taken back', async () => {
    const root = await policy.rootId()
    const kiosks = await policy.addGroup('Kiosks')
    expect(await settings(kiosks, 'unattended')).toMatchObject({ value: false, fromGroupId: null, isOwn: false })
    await policy.set(root, { unattended: true, hours: { days: ['mon'], from: '08:00', to: '18:00', timeZone: 'UTC' } })
    expect(await settings(kiosks, 'unattended')).toMatchObject({ value: true, fromGroupId: root, isOwn: false })
    await policy.set(kiosks, { unattended: false, hours: null })
    expect(await settings(kiosks, 'unattended')).toMatchObject({ value: false, fromGroupId: kiosks, isOwn: true })
    expect(await settings(kiosks, 'hours')).toMatchObject({ value: null, isOwn: true })
    await policy.set(kiosks, {}, ['unattended'])
    expect(await settings(kiosks, 'unattended')).toMatchObject({ value: true, fromGroupId: root })
  })

  it.each([
    [{ unknown: true }],
    [{ consentSeconds: 4 }],
    [{ consentSeconds: 31 }],
    [{ consentSeconds: '10' }],
    [{ lengthMinutes: 481 }],
    [{ tools: ['shell', 'shell'] }],
    [{ hours: { days: [], from: '08:00', to: '18:00', timeZone: 'UTC' } }],
    [{ hours: { days: ['mon'], from: '8', to: '18:00', timeZone: 'UTC' } }],
    [{ hours: { days: ['mon'], from: '08:00', to: '18:00', timeZone: 'Mars/Olympus' } }],
  ])('A48 refuse %o, and nothing of it is kept', async set => {
    const root = await policy.rootId()
    await expect(policy.set(root, { unattended: true, ...set })).rejects.toThrow('bad-request')
    expect(await settings(root, 'unattended')).toMatchObject({ isOwn: false })
  })
})

async function actions(count: number): Promise<string[]> {
  const { body } = await relay.call('GET', `/v1/audit?limit=${count}`, { token })
  return (body as { entries: { action: string }[] }).entries.map(({ action }) => action)
}
