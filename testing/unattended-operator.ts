import { isDeepStrictEqual } from 'node:util'
import { decodeJwt } from 'jose'
import { passReplySchema, sessionReplySchema } from '#protocol/http.ts'
import { IcePaths } from '#protocol/peer/ice-paths.ts'
import { refusalOf } from '#protocol/problem.ts'
import { signProof } from '#protocol/proof.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import type { SessionStateName } from '#protocol/session/state.ts'
import { grantReplySchema } from '#protocol/tools/http.ts'
import type { Tool } from '#protocol/tools/tools.ts'
import { toBytes, toText } from '#protocol/unattended/bytes.ts'
import { clientKeyOf, makeProof } from '#protocol/unattended/proof.ts'
import { transcriptBytes } from '#protocol/unattended/transcript.ts'
import type { Signal } from '#protocol/wire/signal.ts'
import type { SessionView } from '#protocol/wire/views.ts'
import { passwordKeyOf } from '../src/main/sessions/unattended/password-key.ts'
import { type Attempt, WayIn } from '../src/main/sessions/unattended/way-in.ts'
import { type AnsweringPeer, createAnsweringPeer } from './answering-peer.ts'
import { makeTestKey, type TestKey } from './keys.ts'
import type { OperatorSocket, TestRelay } from './relay.ts'
import { signOperatorTranscript } from './transcripts.ts'
import { waitFor } from './wait-for.ts'

export interface UnattendedWish {
  readonly deviceId: string
  readonly scopes?: readonly Scope[]
  readonly reason?: string
}

/** A way in that is ready to be tried: what `session.join` carries. */
export interface ReadyJoin {
  readonly pass: string
  readonly proof: string
  readonly attempt: Attempt
}

/** An operator's app without its window: one unattended session through a real relay, with real WebRTC at this end. */
export class UnattendedOperator {
  readonly sessionId: string
  readonly key: TestKey
  readonly #relay: TestRelay
  readonly #token: string
  #socket: OperatorSocket
  readonly #deviceId: string
  readonly #scopes: readonly Scope[]
  readonly #wayIn: WayIn
  readonly #paths = new IcePaths()
  #peer: AnsweringPeer | undefined
  #isClosed = false
  #handledFrom = 0
  #offer: string | undefined
  #joinedFrom = 0
  #agentNonce = ''
  /** A peer that is closed in the middle of this takes the process with it. */
  #handling: Promise<void> = Promise.resolve()

  private constructor(relay: TestRelay, token: string, socket: OperatorSocket, view: SessionView, parts: OwnParts) {
    this.#relay = relay
    this.#token = token
    this.#socket = socket
    this.sessionId = view.id
    this.#deviceId = view.deviceId
    this.#scopes = view.scopes
    this.key = parts.key
    this.#wayIn = parts.wayIn
    this.#passSignalsOn().catch(() => undefined)
  }

  /** POST /v1/sessions. Rejects with the code of the relay's refusal. */
  static async ask(relay: TestRelay, token: string, wish: UnattendedWish): Promise<UnattendedOperator> {
    const { deviceId, scopes = ['view', 'control'], reason = 'The kiosk shows an error' } = wish
    const key = await makeTestKey()
    const wayIn = await WayIn.create(seal => signProof('seal', { deviceId, key: seal }, key.privateKey, key.publicKey))
    const socket = await relay.openOperatorSocket(token)
    const body = { deviceId, reason, ticket: null, scopes, operatorKey: key.publicKey }
    const reply = await relay.call('POST', '/v1/sessions', {
      token,
      body: { ...body, unattended: { sealKey: wayIn.sealKey } },
    })
    if (reply.status !== 200) {
      await socket.close()
      throw new Error(refusalOf(reply.body)?.code)
    }
    const { session } = sessionReplySchema.parse(reply.body)
    return new UnattendedOperator(relay, token, socket, session, { key, wayIn })
  }

  get peer(): AnsweringPeer {
    if (!this.#peer) throw new Error('nobody is connected')
    return this.#peer
  }

  /** The newest word of the relay on this session that says this state, and that wasn't there at `after`. */
  async reached(name: SessionStateName, after = 0): Promise<SessionView> {
    const isIt = (message: OperatorSocket['received'][number]) =>
      message.type === 'session.changed' &&
      message.session.id === this.sessionId &&
      message.session.state.name === name &&
      this.#socket.received.indexOf(message) >= after
    return (await this.#socket.waitFor('session.changed', isIt)).session
  }

  /** How the session is, as far as the relay has said. */
  get stateName(): SessionStateName | undefined {
    const changes = this.#socket.received.filter(message => message.type === 'session.changed')
    return changes.findLast(({ session }) => session.id === this.sessionId)?.session.state.name
  }

  /** How much was said so far, for `reached`. */
  get heard(): number {
    return this.#socket.received.length
  }

  /** What this app keeps to come back with. */
  keptWayIn(): ReturnType<WayIn['keep']> {
    return this.#wayIn.keep()
  }

  /** Everything that the relay has said to this app. */
  get received(): OperatorSocket['received'] {
    return this.#socket.received
  }

  /** The password that the device sealed for this app. */
  async password(): Promise<string> {
    const { unattended } = await this.reached('otp-issued')
    return this.#wayIn.open(unattended?.otp?.sealed ?? '', this.sessionId)
  }

  async withPassword(password: string): Promise<ReadyJoin> {
    const view = await this.reached('otp-issued')
    const salt = view.unattended?.otp?.salt ?? ''
    return this.#ready(view, subject => this.#wayIn.withPassword(password, salt, subject))
  }

  /** As many ways in by one password, each with a pass of its own. */
  async manyWithPassword(password: string, count: number): Promise<ReadyJoin[]> {
    const view = await this.reached('otp-issued')
    const salt = toBytes(view.unattended?.otp?.salt ?? '')
    const clientKey = clientKeyOf(await passwordKeyOf(password, salt))
    const attempt = async (subject: Subject): Promise<Attempt> => {
      const proof = toText(makeProof(clientKey, transcriptBytes('password', subject)))
      return {
        secret: { kind: 'password', proof },
        accepted: () => undefined,
        unanswered: () => undefined,
        wrong: () => false,
      }
    }
    return Promise.all(Array.from({ length: count }, () => this.#ready(view, attempt)))
  }

  async withResumeKey(after = 0): Promise<ReadyJoin> {
    const view = await this.reached('lingering', after)
    return this.#ready(view, subject => Promise.resolve(this.#wayIn.withResumeKey(subject)))
  }

  /** Rejects with what relay or device refuse. `socket` is another of the same operator's, or this one's own. */
  async join({ pass, proof, attempt }: ReadyJoin, socket = this.#socket): Promise<void> {
    const { sessionId } = this
    if (!this.#peer) await this.#openPeer()
    await socket.request({ type: 'session.join', sessionId, pass, proof, secret: attempt.secret })
    attempt.accepted()
  }

  /** In, and connected. */
  async enter(ready: ReadyJoin): Promise<void> {
    const after = this.heard
    await this.#openPeer()
    await this.join(ready)
    await this.reached('active', after)
  }

  /** Opens a tool of this session: grant and proof through the real relay. */
  async unlock(tool: Tool): Promise<void> {
    const { sessionId, key } = this
    const reply = await this.#relay.call('POST', `/v1/sessions/${sessionId}/grants`, {
      token: this.#token,
      body: { tool },
    })
    if (reply.status !== 200) throw new Error(refusalOf(reply.body)?.code)
    const { grant, grantId } = grantReplySchema.parse(reply.body)
    const { agentNonce } = await this.reached('active')
    const claims = { sessionId, agentNonce: agentNonce ?? '', grantId }
    const proof = await signProof('grant', claims, key.privateKey, key.publicKey)
    await this.peer.opened('tools')
    this.command({ type: 'unlock', tool, grant, proof })
    const isUnlocked = (said: unknown) => isDeepStrictEqual({ ...(said as object), ...UNLOCKED, tool }, said)
    await this.peer.message('tools', isUnlocked)
  }

  command(message: object): void {
    this.peer.send('tools', Uint8Array.from(Buffer.from(JSON.stringify(message))))
  }

  /** A relay that started anew is dialled again; resolves once the device has told it of the next way in. */
  async withResumeKeyAfterRestart(): Promise<ReadyJoin> {
    await this.#socket.close()
    this.#socket = await this.#relay.openOperatorSocket(this.#token)
    this.#handledFrom = 0
    this.#passSignalsOn().catch(() => undefined)
    const last = this.#agentNonce
    let view: SessionView | undefined
    const isTold = () => {
      const said = this.#socket.received.flatMap(message =>
        message.type === 'hello' ? message.sessions : message.type === 'session.changed' ? [message.session] : [],
      )
      view = said.findLast(({ id }) => id === this.sessionId)
      return view?.state.name === 'lingering' && view.agentNonce !== last
    }
    await waitFor('the device to tell of the next way in', isTold, 60_000)
    return this.#ready(view as SessionView, subject => Promise.resolve(this.#wayIn.withResumeKey(subject)))
  }

  /** Goes away to come back. */
  async leave(): Promise<void> {
    const after = this.heard
    await this.#socket.request({ type: 'session.leave', sessionId: this.sessionId })
    await this.reached('lingering', after)
  }

  end(): Promise<void> {
    return this.#socket.request({ type: 'session.end', sessionId: this.sessionId })
  }

  /** Of this app only: the session goes on as it is. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.#handling
    this.#peer?.close()
    await this.#socket.close()
  }

  async #ready(view: SessionView, attempt: (subject: Subject) => Promise<Attempt>): Promise<ReadyJoin> {
    const { sessionId } = this
    const reply = await this.#relay.call('POST', `/v1/sessions/${sessionId}/pass`, { token: this.#token })
    if (reply.status !== 200) throw new Error(refusalOf(reply.body)?.code)
    const { pass } = passReplySchema.parse(reply.body)
    const claims = { sessionId, deviceId: this.#deviceId, agentNonce: view.agentNonce ?? '' }
    this.#agentNonce = claims.agentNonce
    const passId = decodeJwt(pass).jti ?? ''
    const operatorKeyThumbprint = this.key.thumbprint
    const proof = await signProof('join', claims, this.key.privateKey, this.key.publicKey)
    return { pass, proof, attempt: await attempt({ ...claims, operatorKeyThumbprint, passId, scopes: this.#scopes }) }
  }

  /** What this end's peer says; with its answer goes what this end has seen of the connection. */
  async #answer(signal: Signal): Promise<void> {
    const { sessionId, key } = this
    await this.#socket.request({ type: 'session.signal', sessionId, signal })
    const offer = this.#offer
    if (signal.kind !== 'answer' || offer === undefined) return
    const { state } = await this.reached('connecting', this.#joinedFrom)
    if (state.name !== 'connecting') return
    const { scopes, untilMs } = state
    const subject = { sessionId, deviceId: this.#deviceId, agentNonce: this.#agentNonce, scopes, untilMs }
    const transcript = await signOperatorTranscript(key, subject, { offer, answer: signal.sdp })
    await this.#socket.request({ type: 'session.signal', sessionId, signal: { kind: 'transcript', transcript } })
  }

  async #openPeer(): Promise<void> {
    this.#joinedFrom = this.heard
    this.#offer = undefined
    const last = this.#peer
    this.#peer = undefined
    await this.#handling
    last?.close()
    this.#handledFrom = this.#signals().length
    this.#peer = createAnsweringPeer(signal => void this.#answer(signal).catch(() => undefined), {
      next: () => this.#nextWay(),
    })
  }

  /** As the relay said it last. */
  #nextWay() {
    const said = this.#socket.received.filter(message => message.type === 'session.paths')
    const last = said.findLast(({ sessionId }) => sessionId === this.sessionId)
    if (last) this.#paths.set(this.#relay.url, last.paths)
    return this.#paths.next()
  }

  #signals() {
    return this.#socket.received.filter(
      message => message.type === 'session.signal' && message.sessionId === this.sessionId,
    )
  }

  async #passSignalsOn(): Promise<void> {
    while (!this.#isClosed) {
      const known = this.#signals()
      const next = known[this.#handledFrom]
      if (next?.type === 'session.signal' && this.#peer) {
        this.#handledFrom++
        if (next.signal.kind === 'offer') this.#offer = next.signal.sdp
        this.#handling = this.#peer.handleSignal(next.signal).catch(() => undefined)
        await this.#handling
      } else await this.#socket.waitFor('session.signal', message => !known.includes(message))
    }
  }
}

const UNLOCKED = { type: 'state', isUnlocked: true }

interface OwnParts {
  readonly key: TestKey
  readonly wayIn: WayIn
}

type Subject = Parameters<WayIn['withResumeKey']>[0]
