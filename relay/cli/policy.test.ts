import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TestPolicy } from '#testing/policy.ts'
import { TestRelay } from '#testing/relay.ts'
import { TestSession } from '#testing/relay-session.ts'

let relay: TestRelay
let session: TestSession
beforeEach(async () => {
  relay = await TestRelay.start()
  session = await TestSession.connect(relay)
})
afterEach(() => relay.close())

/** The command as a process of its own, beside the relay that runs. */
function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { PATH: process.env.PATH, HANDHOLD_RELAY_DATA_DIR: relay.dataDir }
  const main = join(import.meta.dirname, '..', 'main.ts')
  return new Promise(resolve => {
    execFile(process.execPath, [main, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    )
  })
}

// Each call starts a process.
describe('handhold-relay policy', () => {
  it('writes the policy, shows a difference, applies it, and the running relay follows', async () => {
    const file = join(relay.dataDir, 'policy.yaml')
    expect(await run('policy', 'export', file)).toEqual({ code: 0, stdout: '', stderr: '' })
    const text = await readFile(file, 'utf8')
    expect((await run('policy', 'export')).stdout).toBe(text)
    await writeFile(file, text.replace('    allow:', '    settings: { interactive: false }\n    allow:'))
    await session.activate()
    const dry = await run('policy', 'apply', '--dry-run', file)
    expect(dry.stdout).toBe('~ setting / interactive: inherited -> false\nNothing was changed: this was a dry run.\n')
    expect((await run('policy', 'export')).stdout).toBe(text)
    const applied = await run('policy', 'apply', file)
    expect(applied.stdout).toBe('~ setting / interactive: inherited -> false\nApplied: 1 differences.\n')
    expect(await session.state('ending')).toMatchObject({ state: { reason: 'policy-revoked' } })
    expect((await run('policy', 'apply', file)).stdout).toBe('The policy is so already.\n')
    const { body } = await relay.call('GET', '/v1/audit', { token: session.token })
    expect(JSON.stringify(body)).toMatch(/"actor":"console [^"]+","action":"group.setting-changed"/)
  })

  it('explains a decision by the line that made it', async () => {
    const policy = new TestPolicy(relay, session.token)
    const bob = await relay.addOperator(session.token, 'bob@example.org')
    const role = await policy.addRole('No hands', ['control'])
    await policy.assign(bob.user.id, role, await policy.rootId(), 'deny')
    await policy.set(await policy.rootId(), { consentSeconds: 10 })
    const { stdout, code } = await run('policy', 'explain', 'Bob@example.org', 'kiosk-1')
    expect(code).toBe(0)
    expect(stdout).toContain(`<bob@example.org> on kiosk-1 (${session.device.deviceId}) in /`)
    expect(stdout).toMatch(/yes view +allow role "Operator" in \//)
    expect(stdout).toMatch(/no {2}control +deny role "No hands" in \//)
    expect(stdout).toMatch(/consentSeconds +10 +\//)
    expect((await run('policy', 'explain', bob.user.id, session.device.deviceId)).stdout).toBe(stdout)
  })

  it('says in one line what is wrong', async () => {
    const file = join(relay.dataDir, 'policy.yaml')
    await writeFile(file, 'version: 1\nroles: []\ngroups: []\nowner: me\n')
    const oneLine = /^handhold-relay: [^\n]+\n$/
    await relay.addOrganisation('Other Ltd', 'otto@example.net')
    const several = await run('policy', 'export')
    expect(several.stderr).toContain('Name one organisation with --organisation: ')
    const results = await Promise.all([
      several,
      run('policy', 'apply', file, '--organisation', 'Example Ltd'),
      run('policy', 'apply', '/nowhere.yaml', '--organisation', 'Example Ltd'),
      run('policy', 'explain', 'eve@example.org', 'kiosk-1', '--organisation', 'Example Ltd'),
      run('policy', 'explain', 'ada@example.org', 'kiosk-1', '--organisation', 'Other Ltd'),
      run('policy', 'explain', 'ada@example.org', 'kiosk-2', '--organisation', 'Example Ltd'),
      run('policy', 'explain', 'ada@example.org'),
      run('policy', 'dance'),
    ])
    expect(results.map(({ code }) => code)).toEqual(results.map(() => 1))
    for (const { stderr } of results) expect(stderr).toMatch(oneLine)
    expect((await run('policy', 'apply', '--help')).stdout).toContain('--dry-run')
  })
})
