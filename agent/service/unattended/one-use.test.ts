import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { processesOfSession } from '#testing/process-tree.ts'
import { UnattendedOperator } from '#testing/unattended-operator.ts'
import { type KioskDevice, openUnattendedWorld, type UnattendedWorld } from '#testing/unattended-world.ts'

const MINUTE = 60_000

// The product's ten minutes, by the device's own clock, which the test runs ahead; relay, network and hosts are real.
let world: UnattendedWorld
let device: KioskDevice
let operator: UnattendedOperator
beforeEach(async () => {
  world = await openUnattendedWorld()
  device = await world.addDevice({ isShifted: true })
  operator = await ask(device)
})
afterEach(async () => {
  await operator.close()
  await world.close()
})

const ask = (at: KioskDevice) => UnattendedOperator.ask(world.relay, world.token, at)
const isIn = () => processesOfSession(operator.sessionId).length > 0

describe('a one-time password through a real relay', () => {
  it('A68 opens nothing for another operator, another organisation or at another device, and still opens for its own', async () => {
    const password = await operator.password()
    const ready = await operator.withPassword(password)
    const colleague = await world.relay.addOperator(world.token, 'mallory@example.org', 'admin')
    const stranger = await world.relay.addOrganisation('Elsewhere', 'eve@elsewhere.example')
    for (const account of [colleague, stranger]) {
      const socket = await world.relay.openOperatorSocket(await world.relay.signIn(account))
      await expect(operator.join(ready, socket)).rejects.toMatchObject({ code: 'not-found' })
      await socket.close()
    }
    const elsewhere = await UnattendedOperator.ask(world.relay, device.token, await world.addDevice())
    await expect(elsewhere.join(await elsewhere.withPassword(password))).rejects.toMatchObject({ code: 'otp-wrong' })
    await elsewhere.close()
    expect(isIn()).toBe(false)
    await operator.enter(ready)
    await expect(operator.join(ready)).rejects.toMatchObject({ code: 'illegal-transition' })
  })

  it('A70 is good 9:50 after its issue, over a restart of the relay', async () => {
    const password = await operator.password()
    await world.restartRelay()
    const socket = await world.relay.openOperatorSocket(world.token)
    await device.runAhead(9 * MINUTE + 50_000)
    await operator.join(await operator.withPassword(password), socket)
    expect(isIn()).toBe(true)
    await socket.close()
  })

  it('A70 is not good 10:01 after its issue, whatever the relay still believes', async () => {
    const late = await operator.withPassword(await operator.password())
    await device.runAhead(10 * MINUTE + 1_000)
    await expect(operator.join(late)).rejects.toMatchObject({ code: 'forbidden' })
    expect((await operator.reached('closed')).state).toMatchObject({ reason: 'expired' })
    expect(isIn()).toBe(false)
  })

  it('A157 a relay that starts anew ends the connection, which only goes through it; the operator is back by the resume key, with no password', async () => {
    await operator.enter(await operator.withPassword(await operator.password()))
    await world.restartRelay()
    const ready = await operator.withResumeKeyAfterRestart()
    expect(isIn()).toBe(false)
    await device.runAhead(14 * MINUTE)
    await operator.enter(ready)
    await operator.peer.picture(() => true)
    expect(isIn()).toBe(true)
  })
})
