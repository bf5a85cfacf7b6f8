import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { meReplySchema } from '#protocol/http.ts'
import { scriptReplySchema, scriptsReplySchema } from '#protocol/scripts/http.ts'
import { grantReplySchema } from '#protocol/tools/http.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { TestPolicy } from '#testing/policy.ts'
import { TestRelay } from '#testing/relay.ts'
import { TestSession } from '#testing/relay-session.ts'

const SCRIPT = {
  name: 'Who am I',
  description: 'Says who it runs as',
  definition: { tool: 'shell', program: 'sh', text: 'id', parameters: [] },
}

let relay: TestRelay
beforeEach(async () => {
  relay = await TestRelay.start({ clock: new ManualClock() })
})
afterEach(() => relay.close())

describe('the script library', () => {
  it('has a script that another administrator approved, whose digest a grant of its tool then names', async () => {
    const session = await TestSession.connect(relay)
    session.scopes = ['view', 'control', 'shell', 'shell-user']
    await session.activate()
    const { token } = session
    const made = await relay.call('POST', '/v1/scripts', { token, body: SCRIPT })
    const { id, digest, approvedBy } = scriptReplySchema.parse(made.body).script
    expect(approvedBy).toBeNull()
    const ask = (tool: string) =>
      relay.call('POST', `/v1/sessions/${session.id}/grants`, { token, body: { tool, scriptId: id } })
    expect((await ask('shell')).status).toBe(404)

    const approve = (by: string) => relay.call('POST', `/v1/scripts/${id}/approve`, { token: by })
    expect(await approve(token)).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    const policy = new TestPolicy(relay, token)
    const otto = await relay.addOperator(token, 'otto@example.org')
    const operator = await relay.signIn(otto)
    const listed = async (by: string) =>
      scriptsReplySchema.parse((await relay.call('GET', '/v1/scripts', { token: by })).body).scripts
    expect(await listed(operator)).toEqual([])
    expect((await approve(operator)).status).toBe(403)
    const second = await relay.signIn(await relay.addOperator(token, 'rosa@example.org', 'admin'))
    expect((await approve(second)).status).toBe(200)
    expect((await approve(second)).status).toBe(409)
    // To somebody who couldn’t run it anywhere it is none.
    expect(await listed(operator)).toEqual([])
    await policy.assign(otto.user.id, await policy.addRole('Shells', ['view', 'shell']), await policy.addGroup('Lab'))
    expect(await listed(operator)).toMatchObject([{ id, digest, name: 'Who am I' }])

    // A script that takes a role is seen and run by those only who have it there, whatever other rights they have.
    const printing = await policy.addRole('Printing', ['view', 'control', 'shell'])
    const limited = await relay.call('POST', '/v1/scripts', { token, body: { ...SCRIPT, roleId: printing } })
    const { script } = scriptReplySchema.parse(limited.body)
    expect(script).toMatchObject({ roleId: printing, roleName: 'Printing' })
    await relay.call('POST', `/v1/scripts/${script.id}/approve`, { token: second })
    expect(await listed(operator)).toHaveLength(1)
    const path = `/v1/sessions/${session.id}/grants`
    const granted = () => relay.call('POST', path, { token, body: { tool: 'shell', scriptId: script.id } })
    expect(await granted()).toMatchObject({ status: 403, body: { detail: 'This script is for the role “Printing”.' } })
    const { user } = meReplySchema.parse((await relay.call('GET', '/v1/me', { token })).body)
    const held = await policy.assign(user.id, printing, await policy.rootId())
    expect((await granted()).status).toBe(200)
    await policy.call('DELETE', `/v1/assignments/${held}`)
    expect((await granted()).status).toBe(403)
    const none = await relay.call('POST', '/v1/scripts', {
      token,
      body: { ...SCRIPT, roleId: `rol_${'0'.repeat(26)}` },
    })
    expect(none.status).toBe(404)

    const { grant } = grantReplySchema.parse((await ask('shell')).body)
    const claims = JSON.parse(Buffer.from(grant.split('.')[1] ?? '', 'base64url').toString()) as object
    expect(claims).toMatchObject({ tool: 'shell', script: { digest, name: 'Who am I' } })
    expect((await ask('shell-user')).status).toBe(404)
    expect((await relay.call('DELETE', `/v1/scripts/${id}`, { token })).status).toBe(204)
    expect((await ask('shell')).status).toBe(404)
    const audit = JSON.stringify((await relay.call('GET', '/v1/audit?limit=100', { token })).body)
    for (const action of ['script.created', 'script.approved', 'script.removed']) expect(audit).toContain(action)
  })
})
