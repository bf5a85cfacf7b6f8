import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { z } from 'zod'
import { enrolmentTokenReplySchema, enrolReplySchema } from '#protocol/enrolment-http.ts'
import { bootstrapReplySchema, operatorReplySchema, signInReplySchema } from '#protocol/http.ts'
import { refusalOf } from '#protocol/problem.ts'
import { signProof } from '#protocol/proof.ts'
import { PROTOCOL_VERSION } from '#protocol/version.ts'
import { type AgentToRelay, type RelayToAgent, relayToAgentSchema } from '#protocol/wire/agent.ts'
import { type OperatorToRelay, type RelayToOperator, relayToOperatorSchema } from '#protocol/wire/operator.ts'
import type { RelayConfig } from '../relay/config/config.ts'
import { configSchema } from '../relay/config/config.ts'
import { newId } from '../relay/domain/chance.ts'
import { nodeChance } from '../relay/keys/node-chance.ts'
import { type Relay, type RelayOptions, startRelay } from '../relay/server.ts'
import { SqliteStore } from '../relay/store/store.ts'
import { type EnrolBody, enrolBody } from './enrol-body.ts'
import { HASHED_ONCE } from './hashed-once.ts'
import { makeTestKey, type TestKey } from './keys.ts'
import { TestSocket } from './test-socket.ts'

export const ADMIN = { name: 'Ada Admin', email: 'ada@example.org', password: 'correct horse battery' }

export type OperatorSocket = TestSocket<RelayToOperator, OperatorToRelay>
export type AgentSocket = TestSocket<RelayToAgent, AgentToRelay>

export interface TestDevice {
  readonly deviceId: string
  readonly key: TestKey
}

export interface TestReply {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

type AgentHello = Extract<AgentToRelay, { type: 'agent.hello' }>

export interface AgentSocketOptions {
  readonly sessions?: AgentHello['sessions']
  readonly onMessage?: (message: RelayToAgent) => void | Promise<void>
}

export interface TestRelayOptions extends RelayOptions {
  readonly config?: Partial<RelayConfig>
  readonly metricsToken?: string
  /** Where its data folder is made. Default: where this machine keeps what is temporary. */
  readonly folder?: string
  /** Keep the first administrator out, to test the first start. */
  readonly withoutAdmin?: boolean
}

const FACTS = { hostname: 'kiosk-1', platform: 'fake' as const, osName: 'Testix 1', agentVersion: '0.0.0-test' }

/** The real relay in this process, on a free port, with a database of its own that goes when it is closed. */
export class TestRelay {
  readonly dataDir: string
  readonly #options: TestRelayOptions
  #relay: Relay
  /** Each hello is a start of its own, later than all before it. */
  #boots = 0

  private constructor(relay: Relay, dataDir: string, options: TestRelayOptions) {
    this.#relay = relay
    this.dataDir = dataDir
    this.#options = options
  }

  static async start(options: TestRelayOptions = {}): Promise<TestRelay> {
    const dataDir = await mkdtemp(join(options.folder ?? tmpdir(), 'handhold-relay-'))
    const relay = new TestRelay(await start(dataDir, options), dataDir, options)
    if (!options.withoutAdmin) await relay.bootstrap()
    return relay
  }

  /** One that runs elsewhere on this machine, for the first time, with its data in `dataDir`; closing it removes them. It isn't restarted. */
  static async around(running: Relay, dataDir: string): Promise<TestRelay> {
    const relay = new TestRelay(running, dataDir, {})
    await relay.bootstrap()
    return relay
  }

  get url(): string {
    return this.#relay.url
  }

  get bootstrapSecret(): string | undefined {
    return this.#relay.bootstrapSecret
  }

  /** Stops the relay and starts it again on the same data, on another port. `meanwhile` is for what happens to its files. */
  async restart(meanwhile: () => Promise<void> = async () => undefined): Promise<void> {
    await this.#relay.close()
    await meanwhile()
    this.#relay = await start(this.dataDir, this.#options)
  }

  /** Safe to call twice. */
  async close(): Promise<void> {
    await this.#relay.close()
    await rm(this.dataDir, { recursive: true, force: true })
  }

  async bootstrap() {
    const body = { ...ADMIN, secret: this.bootstrapSecret ?? '', organisationName: 'Example Ltd' }
    return this.#expect(bootstrapReplySchema, await this.call('POST', '/v1/bootstrap', { body }))
  }

  /** One HTTP request; never rejects for a status. */
  async call(
    method: string,
    path: string,
    { token, body, headers }: { token?: string; body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<TestReply> {
    const response = await fetch(new URL(path, this.url), {
      method,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '')
    const read = isJson ? JSON.parse(text) : text
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : read }
  }

  /** Signs in and returns the bearer token, of the administrator unless told otherwise. */
  async signIn({ email, password }: { email: string; password: string } = ADMIN): Promise<string> {
    const reply = await this.call('POST', '/v1/sign-in', { body: { email, password } })
    return this.#expect(signInReplySchema, reply).token
  }

  /** Adds an operator and returns what they sign in with. */
  async addOperator(adminToken: string, email: string, role: 'admin' | 'operator' = 'operator') {
    const account = { name: `Operator ${email}`, email, password: 'a password of theirs' }
    const reply = await this.call('POST', '/v1/operators', { token: adminToken, body: { ...account, role } })
    return { ...account, user: this.#expect(operatorReplySchema, reply).user }
  }

  /** A second organisation beside the first, with an administrator; returns what they sign in with. */
  async addOrganisation(name: string, email: string) {
    const store = new SqliteStore(join(this.dataDir, 'relay.db'))
    const account = { name: `Administrator of ${name}`, email, password: 'another good password' }
    const passwordHash = await HASHED_ONCE.hash(account.password)
    const organisation = { id: newId('organisation', nodeChance), name }
    await store.write(async tx => {
      const atMs = Date.now()
      await tx.insertOrganisation(organisation, atMs)
      const user = { id: newId('user', nodeChance), name: account.name, email, role: 'admin' as const }
      await tx.insertUser({ ...user, organisationId: organisation.id, passwordHash, atMs })
    })
    await store.close()
    return { ...account, organisation }
  }

  async mintEnrolmentToken(adminToken: string, maxUses = 1, expiresInS = 3600): Promise<string> {
    const reply = await this.call('POST', '/v1/enrolment-tokens', { token: adminToken, body: { maxUses, expiresInS } })
    return this.#expect(enrolmentTokenReplySchema, reply).token
  }

  /** The body of POST /v1/enrol for this token and key. */
  enrolBody(token: string, key: TestKey, hostname = FACTS.hostname): Promise<EnrolBody> {
    return enrolBody(token, key, { ...FACTS, hostname })
  }

  /** Enrols a new device, or `key` again. */
  async enrol(token: string, key?: TestKey, hostname?: string): Promise<TestDevice> {
    const deviceKey = key ?? (await makeTestKey())
    const reply = await this.call('POST', '/v1/enrol', { body: await this.enrolBody(token, deviceKey, hostname) })
    return { deviceId: this.#expect(enrolReplySchema, reply).deviceId, key: deviceKey }
  }

  /** An operator's socket, after the relay's hello. */
  async openOperatorSocket(token: string): Promise<OperatorSocket> {
    const socket: OperatorSocket = await TestSocket.open({
      url: this.socketUrl('/v1/operator/socket'),
      headers: { authorization: `Bearer ${token}` },
      incoming: relayToOperatorSchema,
    })
    await socket.waitFor('hello')
    return socket
  }

  /** A device's socket before it says who it is. */
  openStrangerSocket(onMessage?: AgentSocketOptions['onMessage']): Promise<AgentSocket> {
    return TestSocket.open({
      url: this.socketUrl('/v1/agent/socket'),
      incoming: relayToAgentSchema,
      ...(onMessage && { onMessage }),
    })
  }

  /** A device's socket after the relay acknowledged its hello. */
  async openAgentSocket(device: TestDevice, options: AgentSocketOptions = {}): Promise<AgentSocket> {
    const socket = await this.openStrangerSocket(options.onMessage)
    await socket.request(await this.agentHello(socket, device, options.sessions))
    return socket
  }

  /** The hello with which the device answers the relay's. */
  async agentHello(socket: AgentSocket, { deviceId, key }: TestDevice, sessions: AgentHello['sessions'] = []) {
    const { nonce } = await socket.waitFor('hello')
    const proof = await signProof('device', { deviceId, nonce }, key.privateKey, key.publicKey)
    const boot = { id: makeNonce(), count: ++this.#boots }
    const said = {
      protocolVersion: PROTOCOL_VERSION,
      deviceId,
      proof,
      facts: FACTS,
      owner: null,
      boot,
      sessions,
      runs: [],
    }
    return { type: 'agent.hello' as const, ...said }
  }

  socketUrl(path: string): string {
    return new URL(path, this.url.replace(/^http/, 'ws')).href
  }

  #expect<T>(schema: z.ZodType<T>, { status, body }: TestReply): T {
    if (status === 200) return schema.parse(body)
    const refusal = refusalOf(body)
    throw new Error(`HTTP ${status} ${refusal?.code}: ${refusal?.message}`)
  }
}

/** A nonce as agents make them: 32 random bytes. */
export const makeNonce = (): string => randomBytes(32).toString('base64url')

function start(
  dataDir: string,
  { config, withoutAdmin: _, metricsToken, ...options }: TestRelayOptions,
): Promise<Relay> {
  const settings = configSchema.parse({ port: 0, logLevel: 'silent', ...config, dataDir })
  const secrets = { bootstrapSecret: null, metricsToken: metricsToken ?? null }
  return startRelay(settings, secrets, { passwordHashing: HASHED_ONCE, ...options })
}
