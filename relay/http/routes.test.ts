import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { problemSchema } from '#protocol/problem.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { TestRelay } from '#testing/relay.ts'
import { TestSession } from '#testing/relay-session.ts'
import type { Services } from '../services.ts'
import { AGENT_MESSAGES, OPERATOR_MESSAGES } from '../signalling/message-rules.ts'
import { routesOf } from './routes.ts'

// Only the table is read: a route takes its services when it answers.
const routes = routesOf({} as Services)

describe('the routes', () => {
  it('A45 say who may use each of them and how often', () => {
    const table = routes.map(
      ({ method, url, access: { authn, authz, limitPerMinute, stepUp, apiKey } }) =>
        `${method} ${url}: ${authn}, ${authz}, ${limitPerMinute}/min${stepUp ? ', step-up' : ''}${apiKey ? `, key ${apiKey}` : ''}`,
    )
    expect(table).toMatchInlineSnapshot(`
      [
        "GET /healthz: none, anyone, 600/min",
        "GET /metrics: monitoring, monitoring, 120/min",
        "POST /v1/bootstrap: body, first-start, 30/min",
        "POST /v1/sign-in: body, anyone, 120/min",
        "POST /v1/sign-in/second-factor: body, anyone, 120/min",
        "POST /v1/sign-in/passkey/options: none, anyone, 60/min",
        "POST /v1/sign-in/passkey: body, anyone, 60/min",
        "POST /v1/sign-in/browser: none, anyone, 30/min",
        "POST /v1/sign-in/browser/passkey: body, anyone, 60/min",
        "POST /v1/sign-in/sso: body, anyone, 30/min",
        "GET /v1/sign-in/sso/callback: body, anyone, 30/min",
        "POST /v1/sign-in/sso/redeem: body, anyone, 120/min",
        "POST /v1/sign-in/password-reset: body, anyone, 30/min",
        "POST /v1/sign-out: bearer, member, 60/min",
        "GET /v1/me: bearer, member, 300/min",
        "GET /v1/me/administration: bearer, member, 300/min",
        "GET /v1/me/security: bearer, member, 300/min",
        "POST /v1/me/step-up: bearer, member, 60/min",
        "POST /v1/me/password: bearer, member, 30/min",
        "GET /v1/me/operator-keys: bearer, member, 120/min",
        "POST /v1/me/operator-keys: bearer, member, 30/min",
        "POST /v1/two-factor: bearer, member, 30/min, step-up",
        "DELETE /v1/two-factor: bearer, member, 30/min, step-up",
        "POST /v1/two-factor/confirm: bearer, member, 30/min",
        "POST /v1/two-factor/recovery-codes: bearer, member, 30/min, step-up",
        "GET /v1/passkeys: bearer, member, 120/min",
        "POST /v1/passkeys: bearer, member, 30/min",
        "POST /v1/passkeys/options: bearer, member, 30/min, step-up",
        "DELETE /v1/passkeys/:passkeyId: bearer, member, 30/min, step-up",
        "GET /v1/operator-sessions: bearer, member, 120/min",
        "DELETE /v1/operator-sessions: bearer, member, 30/min",
        "DELETE /v1/operator-sessions/:loginId: bearer, member, 60/min",
        "GET /v1/operators: bearer, administrator, 120/min, key people:read",
        "POST /v1/operators: bearer, administrator, 60/min, step-up",
        "PATCH /v1/operators/:userId: bearer, administrator, 60/min, step-up",
        "DELETE /v1/operators/:userId: bearer, administrator, 60/min, step-up",
        "POST /v1/operators/:userId/disable: bearer, administrator, 60/min",
        "POST /v1/operators/:userId/enable: bearer, administrator, 60/min, step-up",
        "POST /v1/operators/:userId/password-reset: bearer, administrator, 60/min, step-up",
        "POST /v1/operators/:userId/sign-out: bearer, administrator, 60/min",
        "DELETE /v1/operators/:userId/two-factor: bearer, administrator, 60/min, step-up",
        "GET /v1/invitations: bearer, administrator, 120/min",
        "POST /v1/invitations: bearer, administrator, 60/min, step-up",
        "POST /v1/invitations/accept: body, anyone, 30/min",
        "DELETE /v1/invitations/:invitationId: bearer, administrator, 60/min",
        "GET /v1/sso: bearer, administrator, 120/min",
        "PUT /v1/sso: bearer, administrator, 30/min, step-up",
        "DELETE /v1/sso: bearer, administrator, 30/min, step-up",
        "GET /v1/api-keys: bearer, administrator, 120/min",
        "POST /v1/api-keys: bearer, administrator, 30/min, step-up",
        "DELETE /v1/api-keys/:apiKeyId: bearer, administrator, 60/min",
        "GET /v1/devices: bearer, member, 300/min, key devices:read",
        "GET /v1/devices/:deviceId: bearer, member, 600/min, key devices:read",
        "GET /v1/devices/:deviceId/inventory: bearer, member, 300/min, key devices:read",
        "GET /v1/devices/:deviceId/presence: bearer, member, 300/min, key devices:read",
        "GET /v1/devices/:deviceId/notes: bearer, member, 300/min, key devices:read",
        "POST /v1/devices/:deviceId/notes: bearer, member, 60/min, key devices:write",
        "DELETE /v1/devices/:deviceId/notes/:noteId: bearer, manage-devices, 60/min, key devices:write",
        "PUT /v1/devices/:deviceId/tags: bearer, manage-devices, 300/min, key devices:write",
        "GET /v1/device-filters: bearer, member, 300/min",
        "POST /v1/device-filters: bearer, member, 60/min",
        "DELETE /v1/device-filters/:filterId: bearer, member, 60/min",
        "GET /v1/devices/:deviceId/eligibility: bearer, member, 300/min, key devices:read",
        "POST /v1/devices/:deviceId/wake: bearer, member, 20/min, key sessions:write",
        "DELETE /v1/devices/:deviceId: bearer, manage-devices, 120/min, key devices:write",
        "PUT /v1/devices/:deviceId/group: bearer, manage-devices, 300/min, key devices:write",
        "PUT /v1/devices/:deviceId/status: bearer, manage-devices, 300/min, key devices:write",
        "PUT /v1/devices/:deviceId/unattended: bearer, manage-devices, 20/min, step-up",
        "GET /v1/devices/:deviceId/tools: bearer, member, 120/min",
        "GET /v1/groups: bearer, member, 300/min, key devices:read",
        "POST /v1/groups: bearer, manage-policy, 120/min",
        "PATCH /v1/groups/:groupId: bearer, manage-policy, 120/min, step-up",
        "DELETE /v1/groups/:groupId: bearer, manage-policy, 120/min, step-up",
        "GET /v1/groups/:groupId/settings: bearer, member, 300/min, key devices:read",
        "PATCH /v1/groups/:groupId/settings: bearer, manage-policy, 120/min, step-up",
        "GET /v1/roles: bearer, manage-policy, 300/min",
        "POST /v1/roles: bearer, manage-policy, 60/min, step-up",
        "PUT /v1/roles/:roleId: bearer, manage-policy, 60/min, step-up",
        "DELETE /v1/roles/:roleId: bearer, manage-policy, 60/min, step-up",
        "GET /v1/assignments: bearer, manage-policy, 300/min",
        "POST /v1/assignments: bearer, manage-policy, 120/min, step-up",
        "DELETE /v1/assignments/:assignmentId: bearer, manage-policy, 120/min, step-up",
        "GET /v1/policy/explain: bearer, member, 300/min, key devices:read",
        "GET /v1/policy/file: bearer, manage-policy, 60/min",
        "POST /v1/policy/file: bearer, manage-policy, 30/min, step-up",
        "GET /v1/enrolment-tokens: bearer, manage-devices, 120/min",
        "POST /v1/enrolment-tokens: bearer, manage-devices, 60/min, step-up",
        "DELETE /v1/enrolment-tokens/:enrolmentTokenId: bearer, manage-devices, 60/min",
        "POST /v1/enrol: body, enrolling-device, 300/min",
        "GET /v1/sessions: bearer, member, 300/min, key sessions:read",
        "GET /v1/sessions.csv: bearer, member, 10/min, key sessions:read",
        "PUT /v1/sessions/:sessionId/note: bearer, member, 60/min, key sessions:write",
        "POST /v1/sessions: bearer, member, 60/min, key sessions:write",
        "GET /v1/sessions/:sessionId: bearer, member, 600/min, key sessions:read",
        "POST /v1/sessions/:sessionId/end: bearer, member, 120/min, key sessions:write",
        "POST /v1/sessions/:sessionId/pass: bearer, member, 60/min, key sessions:write",
        "DELETE /v1/sessions/:sessionId/passes: bearer, member, 60/min, key sessions:write",
        "POST /v1/passes/:passId/open: bearer, member, 30/min",
        "GET /v1/approvals: bearer, member, 60/min",
        "POST /v1/approvals/:sessionId: bearer, member, 60/min",
        "GET /v1/help: bearer, member, 60/min",
        "POST /v1/help/code: bearer, member, 30/min",
        "POST /v1/help/:helpId/take: bearer, member, 60/min",
        "POST /v1/sessions/:sessionId/scopes: bearer, member, 60/min, key sessions:write",
        "POST /v1/sessions/:sessionId/grants: bearer, member, 60/min, step-up",
        "GET /v1/watches: bearer, member, 60/min",
        "POST /v1/sessions/:sessionId/watch: bearer, member, 60/min, step-up",
        "DELETE /v1/sessions/:sessionId/watch: bearer, member, 60/min",
        "GET /v1/scripts: bearer, member, 120/min",
        "POST /v1/scripts: bearer, administrator, 30/min, step-up",
        "POST /v1/scripts/:scriptId/approve: bearer, administrator, 30/min, step-up",
        "DELETE /v1/scripts/:scriptId: bearer, administrator, 30/min, step-up",
        "GET /v1/script-runs: bearer, member, 120/min",
        "POST /v1/script-runs: bearer, member, 30/min, step-up",
        "GET /v1/script-runs/:scriptRunId: bearer, member, 120/min",
        "POST /v1/script-runs/:scriptRunId/answer: bearer, member, 60/min, step-up",
        "POST /v1/script-runs/:scriptRunId/cancel: bearer, member, 60/min",
        "GET /v1/script-runs/:scriptRunId/devices/:deviceId/output: bearer, member, 240/min",
        "GET /v1/reports/sessions: bearer, read-audit, 60/min, key audit:read",
        "GET /v1/reports/sessions.csv: bearer, read-audit, 60/min, key audit:read",
        "GET /v1/sessions/:sessionId/receipt: bearer, member, 120/min, key audit:read",
        "GET /v1/audit: bearer, read-audit, 120/min, key audit:read",
        "GET /v1/retention: bearer, administrator, 120/min",
        "PUT /v1/retention: bearer, administrator, 30/min, step-up",
        "GET /v1/organisation-trust: bearer, administrator, 120/min",
        "DELETE /v1/organisation-trust: bearer, administrator, 10/min, step-up",
        "POST /v1/organisation-trust/orders: bearer, administrator, 30/min, step-up",
        "POST /v1/organisation-trust/certificates: bearer, administrator, 600/min, step-up",
        "GET /v1/webhooks: bearer, administrator, 120/min",
        "POST /v1/webhooks: bearer, administrator, 30/min, step-up",
        "DELETE /v1/webhooks/:webhookId: bearer, administrator, 30/min, step-up",
        "POST /v1/webhooks/:webhookId/secret: bearer, administrator, 30/min, step-up",
        "POST /v1/webhooks/:webhookId/ping: bearer, administrator, 30/min",
        "GET /v1/webhooks/:webhookId/deliveries: bearer, administrator, 120/min",
        "POST /v1/webhooks/:webhookId/deliveries/:webhookDeliveryId/replay: bearer, administrator, 60/min",
        "GET /v1/failed-deliveries: bearer, administrator, 120/min",
        "POST /v1/failed-deliveries/replay: bearer, administrator, 60/min",
        "GET /v1/openapi.json: none, anyone, 120/min",
        "GET /v1/docs: none, anyone, 120/min",
        "GET /v1/docs.css: none, anyone, 120/min",
        "GET /v1/problems/:code: none, anyone, 120/min",
        "GET /invitation: none, anyone, 120/min",
        "GET /password-reset: none, anyone, 120/min",
        "GET /sign-in: none, anyone, 120/min",
        "GET /account: none, anyone, 120/min",
        "GET /pages/account.js: none, anyone, 120/min",
        "GET /pages/account.css: none, anyone, 120/min",
      ]
    `)
  })

  it('A45 check what they take: every parameter of an address, and for people step-up and keys', () => {
    for (const { method, url, access, params, body } of routes) {
      expect([url, params !== undefined]).toEqual([url, url.includes(':')])
      expect([url, body === undefined || method !== 'GET']).toEqual([url, true])
      const saysAll = typeof access.stepUp === 'boolean' && access.apiKey !== undefined
      expect([url, saysAll]).toEqual([url, access.authn === 'bearer'])
      expect([url, access.stepUp === true && access.apiKey !== null]).toEqual([url, false])
    }
  })

  it('A45 check every body but those of routes that take none', () => {
    const bodyless = routes.filter(({ method, body }) => ['POST', 'PUT', 'PATCH'].includes(method) && !body)
    expect(bodyless.map(({ method, url }) => `${method} ${url}`)).toMatchInlineSnapshot(`
      [
        "POST /v1/sign-in/passkey/options",
        "POST /v1/sign-in/browser",
        "POST /v1/sign-out",
        "POST /v1/two-factor",
        "POST /v1/two-factor/recovery-codes",
        "POST /v1/passkeys/options",
        "POST /v1/operators/:userId/disable",
        "POST /v1/operators/:userId/enable",
        "POST /v1/operators/:userId/password-reset",
        "POST /v1/operators/:userId/sign-out",
        "POST /v1/devices/:deviceId/wake",
        "PUT /v1/devices/:deviceId/unattended",
        "POST /v1/sessions/:sessionId/end",
        "POST /v1/sessions/:sessionId/pass",
        "POST /v1/passes/:passId/open",
        "POST /v1/help/:helpId/take",
        "POST /v1/scripts/:scriptId/approve",
        "POST /v1/script-runs/:scriptRunId/cancel",
        "POST /v1/webhooks/:webhookId/secret",
        "POST /v1/webhooks/:webhookId/ping",
        "POST /v1/webhooks/:webhookId/deliveries/:webhookDeliveryId/replay",
      ]
    `)
    const silent = routes.filter(({ method, url, reply }) => method === 'GET' && !reply && !url.endsWith('/callback'))
    expect(silent).toEqual([])
  })

  it('A45 say the same of each socket message', () => {
    const rules = Object.entries({ ...OPERATOR_MESSAGES, ...AGENT_MESSAGES })
    for (const [, rule] of rules) expect(Object.values(rule).every(text => text.length > 0)).toBe(true)
    expect([Object.keys(OPERATOR_MESSAGES), Object.keys(AGENT_MESSAGES)]).toEqual([
      ['session.join', 'session.signal', 'session.match', 'watch.beat', 'session.leave', 'session.end'],
      [
        'agent.hello',
        'session.event',
        'session.match',
        'session.dropped',
        'session.turn',
        'session.signal',
        'session.lease-request',
        'session.tool',
        'session.watched',
        'session.receipt',
        'session.teardown',
        'script.report',
        'help.ask',
        'help.withdraw',
        'unattended.off',
        'device.inventory',
      ],
    ])
  })
})

describe('every route', () => {
  let relay: TestRelay
  beforeEach(async () => {
    relay = await TestRelay.start({ clock: new ManualClock() })
  })
  afterEach(() => relay.close())
  const pathOf = (url: string) =>
    url
      .replace(':assignmentId', `asg_${'0'.repeat(26)}`)
      .replace(':deviceId', `dev_${'0'.repeat(26)}`)
      .replace(':noteId', `not_${'0'.repeat(26)}`)
      .replace(':filterId', `flt_${'0'.repeat(26)}`)
      .replace(':helpId', `hlp_${'0'.repeat(26)}`)
      .replace(':groupId', `grp_${'0'.repeat(26)}`)
      .replace(':roleId', `rol_${'0'.repeat(26)}`)
      .replace(':sessionId', `ses_${'0'.repeat(26)}`)

  it('A53 that is for people answers 401 to nobody, to an enrolment token and to a pass, before it reads the body', async () => {
    const session = await TestSession.connect(relay)
    await session.grant()
    const pass = (await session.pass()).slice(0, 256)
    const tokens = [
      undefined,
      await relay.mintEnrolmentToken(session.token),
      pass,
      session.agentNonce,
      `${session.token}x`,
    ]
    for (const { method, url } of routes.filter(({ access }) => access.authn === 'bearer')) {
      for (const token of tokens) {
        const reply = await relay.call(method, pathOf(url), {
          ...(token && { token }),
          ...(method === 'POST' && { body: '{not json' }),
        })
        expect([url, reply.status]).toEqual([url, 401])
      }
    }
  })

  it('that is for administrators answers 403 to an operator', async () => {
    const admin = await relay.signIn()
    const token = await relay.signIn(await relay.addOperator(admin, 'bob@example.org'))
    const isAdministration = (authz: string) => authz === 'administrator' || /^(manage|read)-/.test(authz)
    for (const { method, url } of routes.filter(({ access }) => isAdministration(access.authz)))
      expect([url, (await relay.call(method, pathOf(url), { token })).status]).toEqual([url, 403])
  })

  it('A20 counts by the socket however a client spells its address', async () => {
    const statuses = []
    for (let index = 0; index < 32; index++) {
      const address = `198.51.100.${index}`
      const headers = { 'x-forwarded-for': address, forwarded: `for=${address}`, 'x-real-ip': '127.0.0.\\1' }
      statuses.push((await relay.call('POST', '/v1/bootstrap', { body: {}, headers })).status)
    }
    expect(statuses.at(0)).toBe(400)
    expect(statuses.at(-1)).toBe(429)
  })

  it('answers with the same shape whatever is wrong, and with nothing of its inside', async () => {
    const empty = await relay.call('POST', '/v1/sign-in', { headers: { 'content-type': 'application/json' } })
    expect(empty).toMatchObject({ status: 400, body: { detail: expect.stringContaining('the body is empty') } })
    for (const [method, path, body] of [
      ['GET', '/nowhere', undefined],
      ['POST', '/v1/sign-in', '{"email":'],
      ['POST', '/v1/sign-in', '[]'],
      ['POST', '/v1/sign-in', `${'['.repeat(20_000)}${']'.repeat(20_000)}`],
      ['POST', '/v1/sign-in', '{"__proto__":{"x":1}}'],
      ['GET', '/v1/audit?limit=1e9', undefined],
    ] as const) {
      const reply = await relay.call(method, path, body === undefined ? {} : { body })
      expect(reply.status).toBeGreaterThanOrEqual(400)
      expect(reply.status).toBeLessThan(500)
      expect(reply.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
      const { code, type, status } = problemSchema.strict().parse(reply.body)
      expect([type, status]).toEqual([`/v1/problems/${code}`, reply.status])
      expect(reply.headers.get('content-security-policy')).toContain("default-src 'none'")
    }
  })
})
