import { afterEach, beforeEach, expect, it } from 'vitest'
import { TestRelay } from '#testing/relay.ts'
import { runRelayCommand } from '#testing/relay-command.ts'

let relay: TestRelay
beforeEach(async () => {
  relay = await TestRelay.start()
})
afterEach(() => relay.close())

const run = (...args: string[]) => runRelayCommand(relay.dataDir, ['enrol-token', ...args])

it('makes a token that works, lists it, and revoking it cuts a connected device off within two seconds (A134)', async () => {
  const made = await run('create', '--uses', '3', '--network', '127.0.0.0/8,::1/128', '--name', 'Kiosks')
  const token = made.stdout.trim()
  expect(token).toMatch(/^hhe_/)
  const id = made.stderr.split(',')[0] ?? ''
  const device = await relay.enrol(token)
  const agent = await relay.openAgentSocket(device)
  expect((await run('list')).stdout).toMatch(new RegExp(`^${id} {2}good {2}2/3 left .*1 active.*Kiosks\\n$`))
  expect((await run('revoke', id)).stdout).toBe('Revoked. Devices quarantined: 1.\n')
  const revokedAtMs = performance.now()
  expect(await agent.closed).toBe(4423)
  expect(performance.now() - revokedAtMs).toBeLessThan(2_000)
  expect((await run('list')).stdout).toContain('  over  ')
  await expect(relay.enrol(token)).rejects.toThrow('enrolment-token-invalid')
})

it('says in one line what is wrong', async () => {
  for (const args of [
    ['create', '--uses', 'many'],
    ['create', '--network', 'here'],
    ['create', '--group', '/Nowhere'],
    ['revoke', 'ent_x'],
  ]) {
    const { code, stderr } = await run(...args)
    expect([args, code]).toEqual([args, 1])
    expect(stderr).toMatch(/^handhold-relay: [^\n]+\n$/)
  }
})
