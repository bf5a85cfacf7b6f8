import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { processesOfSession } from '#testing/process-tree.ts'
import { UnattendedOperator } from '#testing/unattended-operator.ts'
import { type KioskDevice, openUnattendedWorld, type UnattendedWorld } from '#testing/unattended-world.ts'
import { waitFor } from '#testing/wait-for.ts'

let world: UnattendedWorld
let device: KioskDevice
beforeEach(async () => {
  world = await openUnattendedWorld({ isHeadless: true })
  device = await world.addDevice()
})
afterEach(() => world.close())

// Elevated tools are the agent's own rights; without root they are the same, and this test needs none.
describe('a server without a display', () => {
  it('A80 has tools by a grant and no picture, and at the end nothing runs that was started there', async () => {
    const scopes = ['view', 'control', 'shell'] as const
    const operator = await UnattendedOperator.ask(world.relay, device.token, { ...device, scopes })
    await operator.enter(await operator.withPassword(await operator.password()))
    const said = JSON.stringify(await operator.peer.message('control', message => hasType(message, 'screen')))
    expect(said).toContain('unavailable')

    await operator.unlock('shell')
    operator.command({ type: 'open', tool: 'shell', request: 1, shell: 'sh', columns: 80, rows: 24 })
    const opened = (await operator.peer.message('tools', message => hasType(message, 'opened'))) as Opened
    const { terminal } = opened.terminal
    // It leaves its terminal and its session, as a program does that is to stay.
    operator.command({ type: 'input', tool: 'shell', terminal, data: 'setsid sleep 1000 & echo rea""dy\n' })
    await operator.peer.message('tools', message => JSON.stringify(message).includes('ready'))
    // The host, the helper, the shell, and what left the shell: which is a process in the middle of its start for a moment.
    await waitFor('all that was started', () => processesOfSession(operator.sessionId).length >= 4)
    await operator.end()
    await operator.reached('closed')
    await waitFor('all of them to be gone', () => processesOfSession(operator.sessionId).length === 0)
    const { body } = await world.relay.call('GET', '/v1/audit', { token: world.token })
    expect(JSON.stringify(body)).toMatch(
      /unattended\.teardown.*processes that were left|processes that were left.*unattended\.teardown/,
    )
    await operator.close()
  })
})

interface Opened {
  readonly terminal: { readonly terminal: number }
}

const hasType = (message: unknown, type: string): boolean =>
  typeof message === 'object' && message !== null && 'type' in message && message.type === type
