import { passReplySchema, sessionReplySchema } from '#protocol/http.ts'
import { refusalOf } from '#protocol/problem.ts'
import { signProof } from '#protocol/proof.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import type { SessionStateName } from '#protocol/session/state.ts'
import type { SessionView } from '#protocol/wire/views.ts'
import { type AnsweringPeer, createAnsweringPeer } from './answering-peer.ts'
import { makeTestKey, type TestKey } from './keys.ts'
import type { OperatorSocket, TestRelay } from './relay.ts'
import { signalAndProve } from './transcripts.ts'

export interface PeerSessionWish {
  readonly deviceId: string
  readonly scopes: readonly Scope[]
}

/** An operator's program without its window, in a session with a real device through a real relay: real WebRTC at this end. Close it before the process ends. */
export class PeerSession {
  readonly id: string
  readonly token: string
  readonly operator: OperatorSocket
  readonly key: TestKey
  readonly #relay: TestRelay
  #peer: AnsweringPeer | undefined

  private constructor(relay: TestRelay, token: string, operator: OperatorSocket, key: TestKey, id: string) {
    this.#relay = relay
    this.token = token
    this.operator = operator
    this.key = key
    this.id = id
  }

  /** Asks for it; the person hasn't answered yet. Throws the code of the relay's refusal. */
  static async ask(relay: TestRelay, token: string, { deviceId, scopes }: PeerSessionWish): Promise<PeerSession> {
    const operator = await relay.openOperatorSocket(token)
    const key = await makeTestKey()
    const body = { deviceId, reason: 'Help', ticket: null, scopes, operatorKey: key.publicKey }
    const reply = await relay.call('POST', '/v1/sessions', { token, body })
    if (reply.status !== 200) throw new Error(refusalOf(reply.body)?.code)
    return new PeerSession(relay, token, operator, key, sessionReplySchema.parse(reply.body).session.id)
  }

  /** Up to the first connection. */
  static async open(relay: TestRelay, token: string, wish: PeerSessionWish): Promise<PeerSession> {
    const session = await PeerSession.ask(relay, token, wish)
    await session.join()
    return session
  }

  get peer(): AnsweringPeer {
    if (!this.#peer) throw new Error('nobody is connected')
    return this.#peer
  }

  /** The relay's word on this session that says this state, among those that came already too. */
  async reach(name: SessionStateName): Promise<SessionView> {
    const isIt = ({ session }: { session: SessionView }) => session.id === this.id && session.state.name === name
    return (await this.operator.waitFor('session.changed', isIt)).session
  }

  async pass(): Promise<string> {
    const { status, body } = await this.#relay.call('POST', `/v1/sessions/${this.id}/pass`, { token: this.token })
    if (status !== 200) throw new Error(refusalOf(body)?.code)
    return passReplySchema.parse(body).pass
  }

  /** With this pass or a new one, once the person has agreed; resolves when both ends are proven. */
  async join(pass?: string): Promise<void> {
    const granted = await this.reach('granted')
    const { deviceId } = granted
    const agentNonce = granted.agentNonce ?? ''
    const { privateKey, publicKey } = this.key
    const proof = await signProof('join', { sessionId: this.id, deviceId, agentNonce }, privateKey, publicKey)
    this.#peer = createAnsweringPeer(signalAndProve(this.operator, this.key, granted))
    const wish = { sessionId: this.id, pass: pass ?? (await this.pass()), proof }
    await this.operator.request({ type: 'session.join', ...wish })
    this.#passSignalsOn(this.#peer).catch(() => undefined)
    await this.reach('active')
  }

  async end(): Promise<void> {
    await this.operator.request({ type: 'session.end', sessionId: this.id })
    await this.reach('closed')
    await this.operator.close()
  }

  close(): void {
    this.#peer?.close()
  }

  async #passSignalsOn(peer: AnsweringPeer): Promise<void> {
    let handled = 0
    for (;;) {
      const signals = this.operator.received.filter(
        message => message.type === 'session.signal' && message.sessionId === this.id,
      )
      const next = signals[handled]
      if (next?.type === 'session.signal') await peer.handleSignal(next.signal).then(() => handled++)
      else await this.operator.waitFor('session.signal', message => !signals.includes(message))
    }
  }
}
