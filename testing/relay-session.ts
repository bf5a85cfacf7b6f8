import { passReplySchema, sessionReplySchema } from '#protocol/http.ts'
import { refusalOf } from '#protocol/problem.ts'
import { signProof } from '#protocol/proof.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import type { SessionEvent, SessionStateName } from '#protocol/session/state.ts'
import type { RelayToAgent } from '#protocol/wire/agent.ts'
import type { SessionView } from '#protocol/wire/views.ts'
import { makeTestKey, type TestKey } from './keys.ts'
import { type AgentSocket, makeNonce, type OperatorSocket, type TestDevice, type TestRelay } from './relay.ts'

/** An operator and a device at a relay, and the steps of a session between them. Both ends are the test's own: it says what each of them says. */
export class TestSession {
  readonly relay: TestRelay
  readonly token: string
  readonly device: TestDevice
  readonly operatorKey: TestKey
  readonly agentNonce = makeNonce()
  /** What the operator asks for. */
  scopes: Scope[] = ['view', 'control']
  operator: OperatorSocket
  agent: AgentSocket
  #id = ''

  private constructor(
    relay: TestRelay,
    token: string,
    device: TestDevice,
    key: TestKey,
    ends: [OperatorSocket, AgentSocket],
  ) {
    this.relay = relay
    this.token = token
    this.device = device
    this.operatorKey = key
    ;[this.operator, this.agent] = ends
  }

  /** Signs in, enrols a device and connects both. `onAgentMessage` may throw to refuse what the relay says. */
  static async connect(
    relay: TestRelay,
    onAgentMessage?: (message: RelayToAgent) => void,
    account?: { email: string; password: string },
  ): Promise<TestSession> {
    const administrator = await relay.signIn()
    const token = account ? await relay.signIn(account) : administrator
    const device = await relay.enrol(await relay.mintEnrolmentToken(administrator))
    const agent = await relay.openAgentSocket(device, onAgentMessage ? { onMessage: onAgentMessage } : {})
    const operator = await relay.openOperatorSocket(token)
    return new TestSession(relay, token, device, await makeTestKey(), [operator, agent])
  }

  get id(): string {
    return this.#id
  }

  body() {
    return {
      deviceId: this.device.deviceId,
      reason: 'The printer is on fire',
      ticket: 'INC-7',
      scopes: this.scopes,
      operatorKey: this.operatorKey.publicKey,
    }
  }

  /** POST /v1/sessions; the session is this object's from then on. */
  async request(): Promise<SessionView> {
    const reply = await this.relay.call('POST', '/v1/sessions', { token: this.token, body: this.body() })
    if (reply.status !== 200) throw new Error(refusalOf(reply.body)?.code)
    const { session } = sessionReplySchema.parse(reply.body)
    this.#id = session.id
    return session
  }

  say(event: SessionEvent, agentNonce?: string): Promise<void> {
    const message = { type: 'session.event' as const, sessionId: this.#id, event }
    return this.agent.request(agentNonce ? { ...message, agentNonce } : message)
  }

  /** Up to the person's "yes", by default to all that they are asked. */
  async grant(only?: Scope[]): Promise<void> {
    const { scopes: asked } = await this.request()
    const scopes = only ?? asked
    await this.agent.waitFor('session.request', ({ request }) => request.sessionId === this.#id)
    await this.say({ type: 'consent-shown', untilMs: Date.now() + 30_000 })
    await this.say({ type: 'consent-granted', scopes, untilMs: Date.now() + 3_600_000 }, this.agentNonce)
    await this.state('granted')
  }

  async pass(): Promise<string> {
    const reply = await this.relay.call('POST', `/v1/sessions/${this.#id}/pass`, { token: this.token })
    if (reply.status !== 200) throw new Error(refusalOf(reply.body)?.code)
    return passReplySchema.parse(reply.body).pass
  }

  proof(key: TestKey = this.operatorKey, claims: { agentNonce?: string; sessionId?: string } = {}): Promise<string> {
    const said = { sessionId: this.#id, deviceId: this.device.deviceId, agentNonce: this.agentNonce, ...claims }
    return signProof('join', said, key.privateKey, key.publicKey)
  }

  /** `session.join` with what is given, or with what is right. */
  async join(pass?: string, proof?: string): Promise<void> {
    await this.operator.request({
      type: 'session.join',
      sessionId: this.#id,
      pass: pass ?? (await this.pass()),
      proof: proof ?? (await this.proof()),
    })
  }

  /** Up to the first picture. */
  async activate(): Promise<void> {
    await this.grant()
    await this.join()
    await this.say({ type: 'peer-connected' })
    await this.state('active')
  }

  /** Waits until the operator's socket has been told this state. */
  async state(name: SessionStateName): Promise<SessionView> {
    const isIt = ({ session }: { session: SessionView }) => session.id === this.#id && session.state.name === name
    return (await this.operator.waitFor('session.changed', isIt)).session
  }
}
