import { z } from 'zod'
import { signInReplySchema } from '#protocol/http.ts'
import { enrolBody } from '../enrol-body.ts'
import { makeTestKey, type TestKey } from '../keys.ts'
import type { Effect } from './effects.ts'

const WORKERS = 4
const FACTS = { platform: 'fake' as const, osName: 'Testix 1', agentVersion: '0.0.0-test' }

export interface Account {
  readonly email: string
  readonly password: string
}

/** Clients that write as fast as they are answered, until `stop`. What they were told of goes into `acknowledged`. */
export class Load {
  readonly #url: string
  readonly #key: TestKey
  readonly #acknowledged: Map<Effect, string[]>
  readonly #work: Promise<unknown>
  #isOver = false

  private constructor(url: string, key: TestKey, token: string, acknowledged: Map<Effect, string[]>) {
    this.#url = url
    this.#key = key
    this.#acknowledged = acknowledged
    this.#work = Promise.all(Array.from({ length: WORKERS }, () => this.#run(token)))
  }

  /** Signs in first: what makes tokens wants a proof that is fresh. */
  static async start(url: string, account: Account, acknowledged: Map<Effect, string[]>): Promise<Load> {
    const { token } = signInReplySchema.parse(await send(url, 'POST', '/v1/sign-in', account))
    return new Load(url, await makeTestKey(), token, acknowledged)
  }

  /** Safe while the relay is there and when it is gone. */
  async stop(): Promise<void> {
    this.#isOver = true
    await this.#work
  }

  /** What is refused or cut off is part of the load; what counts is on the disk. */
  async #run(token: string): Promise<void> {
    while (!this.#isOver) {
      await this.#device(token).catch(() => undefined)
      await this.#group(token).catch(() => undefined)
    }
  }

  async #device(token: string): Promise<void> {
    const enrolment = await this.#call('POST', '/v1/enrolment-tokens', token, { maxUses: 1, expiresInS: 3600 })
    this.#note('enrolment-token.created', enrolment.id)
    const body = await enrolBody(String(enrolment.token), await makeTestKey(), { ...FACTS, hostname: 'kill' })
    const { deviceId } = await this.#call('POST', '/v1/enrol', undefined, body)
    this.#note('device.enrolled', deviceId)
    const wish = { deviceId, reason: 'kill', ticket: null, scopes: ['view'], operatorKey: this.#key.publicKey }
    const { session } = await this.#call('POST', '/v1/sessions', token, wish)
    this.#note('session.requested', (session as { id: string }).id)
    await this.#call('DELETE', `/v1/devices/${deviceId}`, token)
    this.#note('device.removed', deviceId)
  }

  async #group(token: string): Promise<void> {
    const { groups } = await this.#call('GET', '/v1/groups', token)
    const parentId = (groups as { id: string; path: string }[]).find(({ path }) => path === '/')?.id
    const name = `kill ${crypto.randomUUID()}`
    const { id } = await this.#call('POST', '/v1/groups', token, { name, parentId })
    this.#note('group.created', id)
    await this.#call('DELETE', `/v1/groups/${id}`, token)
  }

  #call(method: string, path: string, token?: string, body?: unknown): Promise<Record<string, unknown>> {
    return send(this.#url, method, path, body, token)
  }

  #note(effect: Effect, id: unknown): void {
    const ids = this.#acknowledged.get(effect) ?? []
    ids.push(String(id))
    this.#acknowledged.set(effect, ids)
  }
}

/** Rejects when the relay refuses it or is gone. */
export async function send(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  token?: string,
): Promise<Record<string, unknown>> {
  const reply = await fetch(new URL(path, url), {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await reply.text()
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`)
  return text === '' ? {} : z.record(z.string(), z.unknown()).parse(JSON.parse(text))
}
