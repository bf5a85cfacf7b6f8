import { afterEach, beforeEach, expect, it } from 'vitest'
import { policyFileReplySchema } from '#protocol/policy/http.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { TestPolicy } from '#testing/policy.ts'
import { TestRelay } from '#testing/relay.ts'

let relay: TestRelay
let token: string
const clock = new ManualClock()
beforeEach(async () => {
  relay = await TestRelay.start({ clock })
  token = await relay.signIn()
})
afterEach(() => relay.close())

const read = async () => String((await relay.call('GET', '/v1/policy/file', { token })).body)
const post = (yaml: string, dryRun: boolean, by = token) =>
  relay.call('POST', '/v1/policy/file', { token: by, body: { yaml, dryRun } })

it('gives the policy as YAML, says what another would change, and makes it so', async () => {
  const before = await read()
  const wanted = before.replace('groups:', 'groups:\n  - path: /Branches')
  const planned = policyFileReplySchema.parse((await post(wanted, true)).body)
  expect(planned.differences).toEqual(['+ group /Branches'])
  expect(await read()).toBe(before)
  expect(await post(wanted, false)).toMatchObject({ status: 200, body: planned })
  expect(await read()).toContain('/Branches')
  expect((await post(await read(), false)).body).toEqual({ differences: [] })
})

it('refuses with line and reason, and keeps nothing of it', async () => {
  const before = await read()
  const reply = await post(before.replace('groups:', 'groups:\n  - path: /New\n    colour: red'), false)
  expect(reply).toMatchObject({
    status: 400,
    body: { code: 'policy-invalid', detail: expect.stringMatching(/^Line \d+/) },
  })
  expect(await read()).toBe(before)
})

it('takes the right in every group, and a fresh proof', async () => {
  const policy = new TestPolicy(relay, token)
  const bob = await relay.addOperator(token, 'bob@example.org')
  const bobToken = await relay.signIn(bob)
  const part = await policy.addGroup('Part')
  await policy.assign(bob.user.id, await policy.addRole('Manager', ['manage-policy']), part)
  expect((await relay.call('GET', '/v1/policy/file', { token: bobToken })).status).toBe(403)
  expect([403, 404]).toContain((await post(await read(), true, bobToken)).status)
  const yaml = await read()
  clock.advance(6 * 60_000)
  expect(await post(yaml, false)).toMatchObject({ status: 401, body: { code: 'step-up-required' } })
})
