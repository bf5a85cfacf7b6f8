import { afterEach, beforeEach, expect, it } from 'vitest'
import { ADMIN, TestRelay } from '#testing/relay.ts'
import { runRelayCommand } from '#testing/relay-command.ts'

let relay: TestRelay
beforeEach(async () => {
  relay = await TestRelay.start()
})
afterEach(() => relay.close())

const run = (...args: string[]) => runRelayCommand(relay.dataDir, ['organisation', ...args])
const OTTO = { name: 'Otto', email: 'otto@example.net', password: 'seven green umbrellas' }

/** Opens the link that was printed, and signs in. */
async function accept(link: string): Promise<string> {
  const { pathname, hash } = new URL(link)
  expect(pathname).toBe('/invitation')
  const body = { token: hash.slice(1), name: OTTO.name, password: OTTO.password }
  expect((await relay.call('POST', '/v1/invitations/accept', { body })).status).toBe(200)
  return relay.signIn(OTTO)
}

it('makes another organisation beside the first, whose administrator comes by the printed link, while the relay runs', async () => {
  const made = await run('create', 'Other Ltd', 'Otto@Example.net')
  expect([made.code, made.stdout.trim()]).toEqual([0, expect.stringMatching(/^http:\S+$/)])
  const otto = await accept(made.stdout.trim())
  const { body } = await relay.call('GET', '/v1/me', { token: otto })
  expect(body).toMatchObject({ organisation: { name: 'Other Ltd' } })
  expect((await relay.call('GET', '/v1/operators', { token: otto })).body).toMatchObject({
    operators: [{ email: OTTO.email }],
  })
  const mint = await relay.call('POST', '/v1/enrolment-tokens', { token: otto, body: { maxUses: 1, expiresInS: 60 } })
  expect(mint.status).toBe(200)
  const audit = (await relay.call('GET', '/v1/audit', { token: otto })).body
  expect(JSON.stringify(audit)).toMatch(/"actor":"console [^"]+","action":"organisation.created"/)
  const listed = (await run('list')).stdout.trim().split('\n')
  expect(listed.map(line => line.replace(/^org_\w+/, '')).sort()).toEqual(['  1  Example Ltd', '  1  Other Ltd'])
})

it('invites another administrator, and says in one line what is wrong', async () => {
  const link = await run('invite', OTTO.email)
  expect((await relay.call('GET', '/v1/operators', { token: await accept(link.stdout.trim()) })).status).toBe(200)
  const wrong = await Promise.all([
    run('create', 'Example Ltd', 'new@example.net'),
    run('create', 'New Ltd', ADMIN.email),
    run('create', '  ', 'new@example.net'),
    run('create', 'New Ltd', 'nobody'),
    run('create', 'New Ltd'),
    run('invite', OTTO.email),
    run('invite', 'new@example.net', '--organisation', 'Nowhere'),
  ])
  for (const { code, stdout, stderr } of wrong)
    expect([code, stdout, stderr]).toEqual([1, '', expect.stringMatching(/^handhold-relay: [^\n]+\n$/)])
  expect((await run('list')).stdout.trim().split('\n')).toHaveLength(1)
})
