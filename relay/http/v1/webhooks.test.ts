import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deliveriesReplySchema, failedDeliveriesReplySchema, webhookReplySchema } from '#protocol/webhooks-http.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { TestRelay } from '#testing/relay.ts'
import { waitFor } from '#testing/wait-for.ts'
import { fillDeliveries } from '#testing/webhook-history.ts'
import { retryDelayMs } from '../../domain/webhooks/retry.ts'
import { createPostWebhook, requireOutsideUrl } from '../../outbound/post-webhook.ts'

interface Received {
  headers: IncomingHttpHeaders
  body: string
}

let relay: TestRelay
let token: string
let clock: ManualClock
let receiver: Server
let received: Received[]
let status: number
let url: string
/** Requests to `/slow` wait here for their answer, while it is slow. */
let held: ServerResponse[]
let isSlow: boolean
beforeEach(async () => {
  received = []
  status = 204
  held = []
  isSlow = true
  receiver = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() })
    if (isSlow && request.url === '/slow') held.push(response)
    else response.writeHead(status, { location: url }).end()
  })
  await new Promise<void>(resolve => receiver.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`
  clock = new ManualClock()
  relay = await TestRelay.start({ clock, allowLoopbackWebhooks: true })
  token = await relay.signIn()
})
afterEach(async () => {
  await relay.close()
  receiver.close()
})

const call = (method: string, path: string, body?: unknown) =>
  relay.call(method, `/v1/webhooks${path}`, { token, ...(body !== undefined && { body }) })
const create = async (events = ['operator.added']) =>
  webhookReplySchema.parse((await call('POST', '', { url, events, description: 'Desk' })).body)
const log = async (id: string, query = '') =>
  deliveriesReplySchema.parse((await call('GET', `/${id}/deliveries${query}`)).body).deliveries
/** The relay looks for what is due; then what it sent has arrived and is written down. */
async function sent(count: number, id: string): Promise<void> {
  await waitFor('a delivery', async () => {
    clock.advance(1_000)
    const deliveries = await log(id)
    return received.length >= count && deliveries.every(({ attempts }) => attempts > 0)
  })
}
const signatureOf = (secret: string, { headers, body }: Received) =>
  `v1,${createHmac('sha256', Buffer.from(secret.slice(6), 'base64'))
    .update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`)
    .digest('base64')}`

describe('a webhook', () => {
  it('hears of what it asked for, signed with its secret, and of nothing else', async () => {
    const { webhook, secret } = await create()
    await relay.mintEnrolmentToken(token)
    const { user } = await relay.addOperator(token, 'bob@example.org')
    await sent(1, webhook.id)
    expect(received).toHaveLength(1)
    const [delivery] = received as [Received]
    expect(JSON.parse(delivery.body)).toMatchObject({
      type: 'operator.added',
      data: { subject: user.id, actor: 'user ada@example.org' },
    })
    expect(delivery.headers['webhook-signature']).toBe(signatureOf(secret, delivery))
    expect(await log(webhook.id)).toMatchObject([{ status: 'delivered', attempts: 1, lastStatus: 204 }])
  })

  it('is signed with both secrets for a day after a rotation', async () => {
    const { webhook, secret } = await create()
    const rotated = webhookReplySchema.parse((await call('POST', `/${webhook.id}/secret`)).body)
    await call('POST', `/${webhook.id}/ping`)
    await sent(1, webhook.id)
    const [ping] = received as [Received]
    const both = [rotated.secret, secret].map(one => signatureOf(one, ping)).join(' ')
    expect(ping.headers['webhook-signature']).toBe(both)
  })

  it('is tried again after a failure, a redirect is one, and is dead after three days', async () => {
    const { webhook } = await create()
    status = 307
    await call('POST', `/${webhook.id}/ping`)
    await sent(1, webhook.id)
    expect(await log(webhook.id)).toMatchObject([{ status: 'waiting', attempts: 1, lastStatus: 307 }])
    status = 200
    await sent(2, webhook.id)
    await waitFor('its arrival', async () => (await log(webhook.id, '?status=delivered')).length === 1)
    const [first, second] = received as [Received, Received]
    expect(second.headers['webhook-id']).toBe(first.headers['webhook-id'])
  })

  it('can be replayed under the same id, and is gone with its deliveries', async () => {
    const { webhook } = await create()
    await call('POST', `/${webhook.id}/ping`)
    await sent(1, webhook.id)
    const [delivery] = await log(webhook.id)
    expect((await call('POST', `/${webhook.id}/deliveries/${delivery?.id}/replay`)).status).toBe(200)
    await sent(2, webhook.id)
    expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect((await call('DELETE', `/${webhook.id}`)).status).toBe(204)
    expect((await call('GET', `/${webhook.id}/deliveries`)).status).toBe(404)
  })
})

describe('what failed', () => {
  const failed = async (query = '', by = token) =>
    failedDeliveriesReplySchema.parse((await relay.call('GET', `/v1/failed-deliveries${query}`, { token: by })).body)
  const replayAll = (body: object = {}) => relay.call('POST', '/v1/failed-deliveries/replay', { token, body })

  it('is one list over all receivers: what was given up until it is sent again, and what is still tried', async () => {
    const [tickets, push] = [await create(), await create(['device.connect-wanted'])]
    for (const { webhook } of [tickets, push]) await fillDeliveries(relay.dataDir, webhook.id, clock.nowMs())
    const first = await failed('?limit=1')
    const second = await failed(`?limit=1&cursor=${first.nextCursor}`)
    expect(second.nextCursor).toBeNull()
    const dead = [...first.deliveries, ...second.deliveries]
    expect(dead.map(({ webhook }) => webhook.id).toSorted()).toEqual([tickets.webhook.id, push.webhook.id].toSorted())
    expect(dead[0]).toMatchObject({ status: 'dead', lastStatus: 503, subject: expect.stringMatching(/^ses_/) })
    expect(dead[0]?.webhook).toMatchObject({ description: 'Desk', url })
    expect((await failed(`?webhookId=${push.webhook.id}`)).deliveries).toHaveLength(1)
    expect((await failed('?status=retrying')).deliveries).toEqual([])
    status = 500
    const [one] = dead
    await call('POST', `/${one?.webhook.id}/deliveries/${one?.id}/replay`)
    await sent(1, one?.webhook.id ?? '')
    expect((await failed()).deliveries.map(({ id }) => id)).toEqual([dead[1]?.id])
    const [retrying] = (await failed('?status=retrying')).deliveries
    expect(retrying).toMatchObject({ status: 'waiting', attempts: 1, eventId: one?.eventId, lastStatus: 500 })
    // One that waits for its next try has it now: no second copy of it.
    await call('POST', `/${one?.webhook.id}/deliveries/${retrying?.id}/replay`)
    status = 204
    await waitFor('its arrival', async () => {
      clock.advance(1_000)
      return (await failed('?status=retrying')).deliveries.length === 0
    })
    expect(received).toHaveLength(2)
  })

  it('is sent again all at once, of every receiver or of one, and is in the audit', async () => {
    const [tickets, push] = [await create(), await create(['device.connect-wanted'])]
    for (const { webhook } of [tickets, push]) await fillDeliveries(relay.dataDir, webhook.id, clock.nowMs())
    expect((await replayAll({ webhookId: push.webhook.id })).body).toEqual({ replayed: 1, isMore: false })
    expect((await failed()).deliveries.map(({ webhook }) => webhook.id)).toEqual([tickets.webhook.id])
    expect((await replayAll()).body).toEqual({ replayed: 1, isMore: false })
    expect((await replayAll()).body).toEqual({ replayed: 0, isMore: false })
    expect((await failed()).deliveries).toEqual([])
    await sent(2, tickets.webhook.id)
    const { body } = await relay.call('GET', '/v1/audit?action=webhook.failed-replayed', { token })
    expect(body).toMatchObject({
      entries: [{ detail: { deliveries: 1 } }, { subject: push.webhook.id, detail: { deliveries: 1 } }],
    })
  })

  it('A11 A47 is the organisation’s own, and its administrators’', async () => {
    const { webhook } = await create()
    await fillDeliveries(relay.dataDir, webhook.id, clock.nowMs())
    const other = await relay.signIn(await relay.addOrganisation('Other Ltd', 'otto@example.net'))
    expect((await failed('', other)).deliveries).toEqual([])
    const path = '/v1/failed-deliveries'
    expect((await relay.call('GET', `${path}?webhookId=${webhook.id}`, { token: other })).status).toBe(404)
    const body = { webhookId: webhook.id }
    expect((await relay.call('POST', `${path}/replay`, { token: other, body })).status).toBe(404)
    expect((await relay.call('POST', `${path}/replay`, { token: other, body: {} })).body).toMatchObject({ replayed: 0 })
    const bob = await relay.signIn(await relay.addOperator(token, 'bob@example.org'))
    for (const [method, at] of [['GET', path] as const, ['POST', `${path}/replay`] as const])
      expect((await relay.call(method, at, { token: bob, ...(method === 'POST' && { body: {} }) })).status).toBe(403)
    expect((await failed()).deliveries).toHaveLength(1)
  })
})

describe('a receiver that doesn’t answer', () => {
  it('delays neither another one of its organisation nor another organisation', async () => {
    const slowUrl = url.replace('/hook', '/slow')
    const slow = await call('POST', '', { url: slowUrl, events: ['operator.added'], description: 'Slow' })
    const { webhook } = webhookReplySchema.parse(slow.body)
    const own = await create()
    const otto = await relay.signIn(await relay.addOrganisation('Other Ltd', 'otto@example.net'))
    const body = { url, events: ['operator.added'], description: 'Theirs' }
    const theirs = webhookReplySchema.parse((await relay.call('POST', '/v1/webhooks', { token: otto, body })).body)
    for (let count = 0; count < 6; count++) await call('POST', `/${webhook.id}/ping`)
    await waitFor('the slow one to be asked', () => {
      clock.advance(1_000)
      return held.length > 0
    })
    await call('POST', `/${own.webhook.id}/ping`)
    await relay.call('POST', `/v1/webhooks/${theirs.webhook.id}/ping`, { token: otto })
    await waitFor('both others', () => {
      clock.advance(1_000)
      return received.length - held.length >= 2
    })
    // And it is asked no more than twice at once itself.
    expect(held).toHaveLength(2)
    expect((await log(own.webhook.id))[0]).toMatchObject({ type: 'webhook.ping' })
    isSlow = false
    for (const response of held) response.writeHead(204).end()
    // No look at what is due in between: each answer makes room for the next.
    await waitFor('the rest, at once', async () => (await log(webhook.id, '?status=delivered')).length === 6)
  })
})

describe('what is called', () => {
  it('is https and outside, however the address is spelt', async () => {
    for (const wrong of [
      'http://example.org/',
      'https://127.0.0.1/',
      'https://0x7f000001/',
      'https://2130706433/',
      'https://10.1.2.3/',
      'https://192.168.1.1/',
      'https://169.254.169.254/latest/meta-data',
      'https://100.64.0.1/',
      'https://[::1]/',
      'https://[::ffff:127.0.0.1]/',
      'https://[64:ff9b::7f00:1]/',
      'https://[fd00::1]/',
      'https://[fe80::1]/',
      'https://user:secret@example.org/',
    ])
      expect(() => requireOutsideUrl(wrong, false), wrong).toThrow(expect.objectContaining({ code: 'bad-request' }))
    expect(() => requireOutsideUrl('https://example.org/hook', false)).not.toThrow()
  })

  it('is looked at again when its name leads inside', async () => {
    await expect(createPostWebhook(false)('https://localhost/', {}, '{}')).rejects.toThrow('inside of a network')
  })

  it('waits longer each time, and three days at most', () => {
    const delays: number[] = []
    let ageMs = 0
    for (let tries = 1; ; tries++) {
      const delayMs = retryDelayMs(tries, ageMs, 0.5)
      if (delayMs === null) break
      delays.push(delayMs)
      ageMs += delayMs
    }
    expect(delays.slice(0, 3)).toEqual([5_000, 15_000, 45_000])
    expect(Math.max(...delays)).toBe(12 * 3_600_000)
    expect(ageMs).toBeLessThanOrEqual(3 * 86_400_000)
    expect(ageMs).toBeGreaterThan(2 * 86_400_000)
  })
})
