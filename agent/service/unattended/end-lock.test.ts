import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TestPolicy } from '#testing/policy.ts'
import { makeLoginctl } from '#testing/stand-in-loginctl.ts'
import { UnattendedOperator } from '#testing/unattended-operator.ts'
import { UnattendedRig } from '#testing/unattended-rig.ts'
import { openUnattendedWorld, type UnattendedWorld } from '#testing/unattended-world.ts'
import { waitFor } from '#testing/wait-for.ts'

const SECOND = 1_000

describe('a desktop that is to be signed out', () => {
  let rig: UnattendedRig
  beforeEach(async () => {
    rig = await UnattendedRig.open()
  })
  afterEach(() => rig.close())

  const used = async () => {
    await rig.enter(await rig.issue({ endLock: 'sign-out' }))
    await rig.session?.end('operator-ended')
  }

  it('is locked at once and signed out a minute later, and both are reported together', async () => {
    await used()
    expect(rig.lockings).toEqual(['lock'])
    await rig.pass(59 * SECOND)
    expect([rig.lockings, teardowns()]).toEqual([['lock'], []])
    await rig.pass(SECOND)
    await rig.until(() => teardowns().length > 0)
    expect(rig.lockings).toEqual(['lock', 'sign-out'])
    expect(teardowns()).toMatchObject([{ removed: expect.arrayContaining(['desktop locked', 'desktop signed out']) }])
    await rig.unattended.settled
    expect(await rig.stateText()).toBe('')
  })

  it('A72 is signed out by the next start when the agent was killed meanwhile, once the minute is over', async () => {
    await used()
    await rig.crash()
    await rig.pass(30 * SECOND)
    await rig.start()
    await rig.pass(29 * SECOND)
    expect(rig.lockings).toEqual(['lock'])
    await rig.pass(SECOND)
    await rig.until(() => rig.lockings.length === 2)
    expect(rig.lockings).toEqual(['lock', 'sign-out'])
  })

  it('is signed out before the next password is made: that session begins on a desktop of its own', async () => {
    await used()
    await rig.issue()
    expect(rig.lockings).toEqual(['lock', 'sign-out'])
  })

  it('is left alone where nobody was in', async () => {
    await rig.issue({ endLock: 'sign-out' })
    await rig.session?.end('operator-ended')
    await rig.pass(61 * SECOND)
    expect(rig.lockings).toEqual([])
  })

  const teardowns = () => rig.sent.filter(({ type }) => type === 'session.teardown')
})

describe('the agent as it is', () => {
  let world: UnattendedWorld
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'handhold-lock-'))
    world = await openUnattendedWorld()
  })
  afterEach(async () => {
    await world.close()
    await rm(folder, { recursive: true })
  })

  it('A134 signs out at once when the device is removed: it isn’t there any more when the minute is over', async () => {
    const loginctl = await makeLoginctl(folder, [{ session: '7', uid: 1000, seat: 'seat0' }])
    const policy = new TestPolicy(world.relay, world.token)
    await policy.set(await policy.rootId(), { endLock: 'sign-out' })
    const device = await world.addDevice({ loginctl: loginctl.path })
    const operator = await UnattendedOperator.ask(world.relay, device.token, device)
    await operator.enter(await operator.withPassword(await operator.password()))
    const removed = await world.relay.call('DELETE', `/v1/devices/${device.deviceId}`, { token: world.token })
    expect(removed.status).toBe(204)
    expect(await device.agent.program.exited).toBe(4)
    const verbs = (await loginctl.calls()).map(([verb]) => verb)
    expect(verbs).toEqual(['list-sessions', 'lock-session', 'list-sessions', 'terminate-session'])
    expect((await readdir(device.stateDir)).sort()).toEqual(['removed'])
    await operator.close()
  })

  it.each([
    ['locks the sessions at the screen by systemd-logind', '', ['desktop locked', 'desktop signed out']],
    ['tells the audit where that is refused', 'lock-session', ['desktop NOT locked: systemd-logind refused']],
  ] as const)('%s', async (_, refuses, said) => {
    const loginctl = await makeLoginctl(folder, [{ session: '7', uid: 1000, seat: 'seat0' }], refuses)
    const policy = new TestPolicy(world.relay, world.token)
    await policy.set(await policy.rootId(), { endLock: refuses ? 'lock' : 'sign-out' })
    const device = await world.addDevice({ loginctl: loginctl.path })
    const operator = await UnattendedOperator.ask(world.relay, device.token, device)
    await operator.enter(await operator.withPassword(await operator.password()))
    await operator.end()
    await operator.reached('closed')
    const list = ['list-sessions', '--output=json']
    const wanted = [list, ['lock-session', '7'], ...(refuses ? [] : [list, ['terminate-session', '7']])]
    await waitFor('the desktop to be dealt with', async () => (await loginctl.calls()).length === wanted.length)
    expect(await loginctl.calls()).toEqual(wanted)
    const audit = async () => JSON.stringify((await world.relay.call('GET', '/v1/audit', { token: world.token })).body)
    for (const words of said) await waitFor(words, async () => (await audit()).includes(words))
    await operator.close()
  })
})
