import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readPassword } from '#protocol/unattended/password.ts'
import { TestPolicy } from '#testing/policy.ts'
import { UnattendedOperator } from '#testing/unattended-operator.ts'
import { type KioskDevice, openUnattendedWorld, type UnattendedWorld } from '#testing/unattended-world.ts'

let world: UnattendedWorld
let device: KioskDevice
beforeEach(async () => {
  world = await openUnattendedWorld()
  device = await world.addDevice()
})
afterEach(() => world.close())

const ask = async (settings: object) => {
  const policy = new TestPolicy(world.relay, world.token)
  await policy.set(await policy.rootId(), settings)
  return UnattendedOperator.ask(world.relay, world.token, { deviceId: device.deviceId })
}
/** What the window was told to show, in its order; the stand-in prints it. */
const shown = (phase: string) => device.agent.line(`\\"phase\\":\\"${phase}\\"`)
const windowOf = (line: string) => Number(/pid (\d+)/.exec(line)?.[1])

describe('a kiosk’s own screen', () => {
  it('shows the password where the policy says so; the operator’s program and the relay never have it', async () => {
    const operator = await ask({ otpDelivery: 'kiosk' })
    const line = await shown('password')
    const password = readPassword(/password\\":\\"([0-9A-Z-]{15})/.exec(line)?.[1] ?? '') ?? ''
    const view = await operator.reached('otp-issued')
    expect(view.unattended).toMatchObject({ delivery: 'kiosk', otp: { sealed: null } })
    await operator.enter(await operator.withPassword(password))
    await device.agent.line('\\"type\\":\\"over\\"')
    await operator.end()
    await operator.reached('closed')
    await operator.close()
  })

  it('says who works on it while somebody does, and is itself again afterwards', async () => {
    const operator = await ask({ maintenanceScreen: true })
    await operator.enter(await operator.withPassword(await operator.password()))
    const pid = windowOf(await shown('serviced'))
    await operator.leave()
    expect(windowOf(await shown('lingering'))).toBe(pid)
    await operator.end()
    await operator.reached('closed')
    await operator.close()
    expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  })

  it('A64 says when the agent starts that operators may come without asking', async () => {
    expect(await device.agent.line('\\"type\\":\\"notice\\"')).toContain('organisation')
  })

  it('A67 nobody works on behind a screen that was killed', async () => {
    const operator = await ask({ maintenanceScreen: true })
    await operator.enter(await operator.withPassword(await operator.password()))
    process.kill(windowOf(await shown('serviced')), 'SIGKILL')
    expect((await operator.reached('closed')).state).toMatchObject({ reason: 'agent-failed' })
    await operator.close()
  })
})
