import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeProtectedHeader } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { enrolReplySchema } from '#protocol/enrolment-http.ts'
import { followHandovers } from '#protocol/trust/key-handover.ts'
import { makeTestKey } from '#testing/keys.ts'
import { TestRelay } from '#testing/relay.ts'
import { runRelayCommand } from '#testing/relay-command.ts'
import { TestSession } from '#testing/relay-session.ts'
import { passKeyFile } from '../keys/pass-key-file.ts'

const EFFECTIVE_WITHIN_MS = 2_000

let relay: TestRelay
let session: TestSession
beforeEach(async () => {
  relay = await TestRelay.start()
  session = await TestSession.connect(relay)
})
afterEach(() => relay.close())

const run = (...args: string[]) => runRelayCommand(relay.dataDir, ['keys', ...args])
const kidOf = (token: string) => decodeProtectedHeader(token).kid
/** Which rows there are of rotations; no organisation's, so only whoever has the relay's machine sees them. */
async function rotations(): Promise<string[]> {
  const file = join(relay.dataDir, 'audit.jsonl')
  await runRelayCommand(relay.dataDir, ['audit', 'export', file])
  return (await readFile(file, 'utf8')).split('\n').filter(line => line.includes('"keys.rotated"'))
}

// Each call starts a process.
describe('handhold-relay keys', () => {
  it('A10 rotates: the old key is good for what it signed, the new one signs, devices are handed over, and a restart keeps both', async () => {
    const [before] = (await session.agent.waitFor('welcome')).passKeys
    if (!before) throw new Error('no key')
    await session.grant()
    const pass = await session.pass()
    const { code, stdout } = await run('rotate')
    expect([code, stdout]).toEqual([0, expect.stringContaining(`${before.kid} is accepted until `)])

    const { handovers } = await session.agent.waitFor('keys.changed')
    const [next, previous] = await followHandovers([before], handovers, Date.now())
    expect(stdout).toContain(`${next?.kid} signs from now on.`)
    expect(previous).toMatchObject({ kid: before.kid })
    expect((previous?.untilMs ?? 0) - Date.now()).toBeGreaterThan(900_000)
    expect([kidOf(pass), kidOf(await session.pass())]).toEqual([before.kid, next?.kid])
    await session.join(pass)
    await session.say({ type: 'peer-connected' })
    await session.state('active')

    await relay.restart()
    const again = await relay.openAgentSocket(session.device)
    const welcome = await again.waitFor('welcome')
    expect(welcome.passKeys.map(({ kid }) => kid)).toEqual([next?.kid, before.kid])
    expect(welcome.handovers).toEqual(handovers)
    // A device that comes now has nothing of the old key's to check.
    const body = await relay.enrolBody(await relay.mintEnrolmentToken(session.token), await makeTestKey(), 'kiosk-2')
    const enrolled = enrolReplySchema.parse((await relay.call('POST', '/v1/enrol', { body })).body)
    expect(enrolled.passKeys.map(({ kid }) => kid)).toEqual([next?.kid])
  })

  it('A10 --now: what the old key signed is refused and who came in by it leaves, within two seconds', async () => {
    const other = await TestSession.connect(relay)
    await other.grant()
    const pass = await other.pass()
    await session.activate()
    expect((await run('rotate', '--now')).stdout).toMatch(/^\w\S+ signs from now on\.\n$/)
    const rotatedAtMs = performance.now()
    expect(await session.state('ending')).toMatchObject({ state: { reason: 'policy-revoked' } })
    expect(performance.now() - rotatedAtMs).toBeLessThan(EFFECTIVE_WITHIN_MS)
    await expect(other.join(pass)).rejects.toMatchObject({ code: 'pass-invalid' })
    await other.join()
    const { passKeys } = await session.agent.waitFor('welcome')
    const { handovers } = await session.agent.waitFor('keys.changed')
    const good = await followHandovers(passKeys, handovers, Date.now())
    expect(good.map(({ kid }) => kid)).toEqual([kidOf(await other.pass())])
  })

  it('A10 --now ends also what lived while the relay was away', async () => {
    await session.activate()
    await relay.restart(async () => void (await run('rotate', '--now')))
    const { body } = await relay.call('GET', `/v1/sessions/${session.id}`, { token: session.token })
    expect(body).toMatchObject({ session: { state: { name: 'closed', reason: 'policy-revoked' } } })
  })

  it('has two keys at a time, says so, writes each rotation down, and tells no private key', async () => {
    const first = await run('rotate')
    const third = await run('rotate')
    expect([third.code, third.stderr]).toEqual([1, expect.stringMatching(/^handhold-relay: The key before, [^\n]+\n$/)])
    const list = await run('list')
    expect(list.stdout).toMatch(/^\S+ {2}signs {2}since .*Z\n\S+ {2}accepted {2}until .*Z\n$/)
    expect((await run('rotate', '--now')).code).toBe(0)
    expect((await run('list')).stdout).toMatch(/^\S+ {2}signs {2}since .*Z\n$/)

    const file = passKeyFile(relay.dataDir)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    const { current } = JSON.parse(await readFile(file, 'utf8'))
    const secret = current.pem.split('\n')[1]
    const rows = await rotations()
    expect(rows).toHaveLength(2)
    for (const said of [first.stdout, list.stdout, ...rows]) expect(said).not.toContain(secret)
    for (const part of ['relay.db', 'relay.db-wal'])
      expect((await readFile(`${relay.dataDir}/${part}`)).includes(secret)).toBe(false)
  })

  it('says in one line where there is nothing to rotate', async () => {
    const { code, stderr } = await runRelayCommand(`${relay.dataDir}/nothing`, ['keys', 'rotate'])
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^handhold-relay: There are no keys in [^\n]+\n$/)])
  })
})
