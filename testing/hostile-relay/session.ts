import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { HandholdError } from '#protocol/errors.ts'
import { type ProofClaims, signProof } from '#protocol/proof.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import { fingerprintIn } from '#protocol/trust/transcript.ts'
import type { SessionRequest } from '#protocol/wire/agent.ts'
import type { OperatorToRelay } from '#protocol/wire/operator.ts'
import type { Signal } from '#protocol/wire/signal.ts'
import type { SessionView } from '#protocol/wire/views.ts'
import { Session } from '../../src/main/sessions/session.ts'
import { createSessionKey, type SessionKey } from '../../src/main/sessions/session-key.ts'
import { setupDevicePins } from '../../src/main/trust/device-pins.ts'
import { type AnsweringPeer, createAnsweringPeer } from '../answering-peer.ts'
import type { TestKey } from '../keys.ts'
import type { CertificateChange, EndorsementChange } from '../strict-organisation.ts'
import { waitFor } from '../wait-for.ts'
import { type OfferingPeer, openOfferingPeer } from './offering-peer.ts'
import type { Recording } from './recording.ts'
import type { Rig } from './rig.ts'

type Passing = (signal: Signal, session: HostileSession) => Signal[] | Promise<Signal[]>

/** What a relay in the middle does to one session. Each member stands for what it would pass on honestly; absent means that it does. */
export interface Attack {
  readonly name: string
  /** Instead of the honest request, join and so on: the whole attack is the relay's own. */
  readonly run?: (session: HostileSession) => Promise<void>
  /** What the device gets for one signal of the operator's. */
  readonly toDevice?: Passing
  /** What the operator gets for one signal of the device's. */
  readonly toOperator?: Passing
}

export interface Outcome {
  /** Ends that took the connection for proven: the device, the operator. */
  readonly opened: number
  readonly frames: number
  readonly calls: number
}

/** How long the proof of the operator's own connection may take before an attack goes on without it. */
const TRANSCRIPT_WITHIN_MS = 2_000
/** Whatever came of an attack has come by then, once a connection stands; and a key that was pressed. */
const SHOWS_WITHIN_MS = 500
const TYPES_WITHIN_MS = 250
/** What has to work does so by then even on a busy machine. */
const WORKS_WITHIN_MS = 30_000

/** One session between a real device and the operator app's own code, by way of a relay that does as `attack` says. */
export class HostileSession {
  readonly rig: Rig
  /** The operator app's. The relay knows its public half alone. */
  readonly key: SessionKey
  readonly scopes: Scope[] = ['view', 'control']
  readonly recording: Recording = {}
  /** Peers of the relay's own that play the operator. */
  readonly impostors: AnsweringPeer[] = []
  readonly #attack: Attack
  readonly #viewer: AnsweringPeer
  readonly #transcript = Promise.withResolvers<string>()
  #offering: OfferingPeer | undefined
  #request: SessionRequest | undefined
  #session: Session | undefined
  #deviceOffer = ''
  #shownOffer = ''
  #operatorTrusts = 0

  private constructor(rig: Rig, key: SessionKey, attack: Attack) {
    this.rig = rig
    this.key = key
    this.#attack = attack
    this.#viewer = createAnsweringPeer(signal => void this.#fromViewer(signal).catch(() => undefined))
  }

  static async open(rig: Rig, attack: Attack): Promise<HostileSession> {
    return new HostileSession(rig, await createSessionKey(), attack)
  }

  get sessionId(): string {
    return this.#request?.sessionId ?? ''
  }

  /**
   * Plays the session out and says what came of it. One that `hasToWork` is waited for until it does; an attack gets `settleMs` to come in.
   */
  async play(settleMs: number, hasToWork = false): Promise<Outcome> {
    const { rig } = this
    const keysBefore = rig.keyStrokes()
    rig.relay.onSignal = (id, signal) => void (id === this.sessionId && this.#fromDevice(signal))
    rig.relay.passFor = sessionId => rig.relay.pass({ sessionId, scopes: this.scopes, boundTo: this.key.publicKey })
    try {
      await (this.#attack.run?.(this) ?? this.honest())
      if (hasToWork)
        await this.#comes(() => this.#isConnected() && this.#pictures > 0 && this.#isTrusted(), WORKS_WITHIN_MS)
      else await this.#settle(settleMs)
    } catch (thrown) {
      // A refusal is how most attacks end; the counts say whether it was one.
      if (!(thrown instanceof HandholdError)) throw thrown
    }
    this.#type()
    await this.#comes(() => rig.keyStrokes() > keysBefore, hasToWork ? WORKS_WITHIN_MS : TYPES_WITHIN_MS)
    const frames = this.#pictures
    const opened = this.#operatorTrusts + (this.#isConnected() ? 1 : 0)
    const calls = rig.keyStrokes() - keysBefore
    await this.#close()
    return { opened, frames, calls }
  }

  /** Everything as it should be, but for what the attack does to the signals and for what the operator is told of the session. */
  async honest(lie: (view: SessionView) => Promise<Partial<SessionView>> = async () => ({})): Promise<void> {
    const { reason, ticket, sessionId } = await this.ask()
    const { agentNonce, untilMs } = await this.granted()
    const { relay, deviceKey } = this.rig
    const { scopes } = this
    const view: SessionView = {
      id: sessionId,
      deviceId: relay.deviceId,
      deviceName: 'Kiosk',
      reason,
      ticket,
      scopes,
      state: { name: 'granted', scopes, untilMs },
      agentNonce,
      deviceKey,
      requestedAtMs: Date.now(),
    }
    const told = { ...view, ...(await lie(view)) }
    this.#session = this.#operatorSession(told)
    this.#session.handleChanged(told)
  }

  /** Asks the device; the person says yes. */
  async ask(change: Partial<SessionRequest> = {}): Promise<SessionRequest> {
    const { rig, scopes } = this
    const operatorKeyThumbprint = await rig.thumbprintOf(this.key.publicKey)
    const operatorChain = await this.endorsed(operatorKeyThumbprint)
    if (operatorChain) this.recording.chain = operatorChain
    const honest = { operatorKeyThumbprint, scopes, ...(operatorChain && { operatorChain }) }
    this.#request = await rig.relay.request({ ...honest, ...change })
    return this.#request
  }

  /** What the operator's own app vouches with for a session of this key; undefined where the organisation isn't strict. */
  async endorsed(sessionKey: string, certificate: CertificateChange = {}, endorsement: EndorsementChange = {}) {
    const { relay, organisation } = this.rig
    const words = { reason: 'Printer does not print', ticket: 'T-100' }
    const session = { deviceId: relay.deviceId, sessionKey, scopes: this.scopes, ...words }
    return organisation?.chain(session, certificate, endorsement)
  }

  /** Waits for the grant of what was asked last. */
  async granted(): Promise<{ agentNonce: string; untilMs: number }> {
    const { event, agentNonce = '' } = await this.rig.relay.event(this.sessionId, 'consent-granted')
    return { agentNonce, untilMs: event.type === 'consent-granted' ? event.untilMs : 0 }
  }

  /** A peer of the relay's that answers the device's offers, trusts them blindly and looks; what `prove` makes follows its answer as the operator's transcript. */
  answerDevice(
    prove: (session: HostileSession, answer: string, offer: string) => Promise<string | undefined>,
  ): AnsweringPeer {
    const say = async (signal: Signal) => {
      await this.toDevice(signal)
      if (signal.kind !== 'answer') return
      const transcript = await prove(this, signal.sdp, this.#deviceOffer)
      if (transcript !== undefined) await this.toDevice({ kind: 'transcript', transcript })
    }
    const peer = createAnsweringPeer(signal => void say(signal).catch(() => undefined))
    this.impostors.push(peer)
    peer.trust()
    return peer
  }

  /** The one peer of the relay's that offers itself to the operator in the device's stead. */
  offerOperator(): OfferingPeer {
    this.#offering ??= openOfferingPeer(signal => void this.toOperator(signal).catch(() => undefined))
    return this.#offering
  }

  /** The operator app's proof of the connection that it believes in, or undefined when it makes none. */
  operatorTranscript(): Promise<string | undefined> {
    return Promise.race([this.#transcript.promise, delay(TRANSCRIPT_WITHIN_MS, undefined)])
  }

  toDevice(signal: Signal): Promise<void> {
    return this.rig.relay.send({ type: 'session.signal', sessionId: this.sessionId, signal })
  }

  async toOperator(signal: Signal): Promise<void> {
    if (signal.kind === 'offer') this.#shownOffer = signal.sdp
    if (signal.kind === 'transcript') await this.#session?.handleTranscript(signal.transcript)
    else await this.#viewer.handleSignal(signal)
  }

  async #fromDevice(signal: Signal): Promise<void> {
    if (signal.kind === 'offer') this.recording.offer = this.#deviceOffer = signal.sdp
    if (signal.kind === 'transcript') this.recording.deviceTranscript = signal.transcript
    const passed = (await this.#attack.toOperator?.(signal, this)) ?? [signal]
    // What the operator's side refuses is refused; what it then took is counted.
    for (const one of passed) await this.toOperator(one).catch(() => undefined)
  }

  async #fromOperator(message: OperatorToRelay): Promise<void> {
    const { relay } = this.rig
    if (message.type === 'session.join') {
      this.recording.pass = message.pass
      this.recording.proof = message.proof
      return relay.send(message)
    }
    if (message.type === 'session.end') return relay.send({ ...message, reason: 'operator-ended' })
    if (message.type !== 'session.signal') return
    const { signal } = message
    if (signal.kind === 'transcript') {
      this.recording.operatorTranscript = signal.transcript
      this.#transcript.resolve(signal.transcript)
    }
    const passed = (await this.#attack.toDevice?.(signal, this)) ?? [signal]
    for (const one of passed) await this.toDevice(one)
  }

  /** What the window does: it answers, and tells main what its connection stands on. */
  async #fromViewer(signal: Signal): Promise<void> {
    const sessionId = this.sessionId
    await this.#fromOperator({ type: 'session.signal', sessionId, signal })
    if (signal.kind !== 'answer') return
    await this.#session?.prove({ own: fingerprintIn(signal.sdp), peer: fingerprintIn(this.#shownOffer) })
  }

  #operatorSession(view: SessionView): Session {
    const { rig } = this
    return new Session(view, {
      ticket: 'tab_0000000000000000',
      key: this.key,
      credentials: { origin: rig.relay.url, token: 'none' },
      request: message => this.#fromOperator(message),
      onChange: () => undefined,
      onVerified: () => {
        this.#operatorTrusts++
        this.#viewer.trust()
      },
      onRekeyed: () => undefined,
      expectDevice: device => setupDevicePins(rig.secrets).expect(rig.relay.url, device),
      newNonce: () => randomBytes(32).toString('base64url'),
    })
  }

  get #peers(): AnsweringPeer[] {
    return [this.#viewer, ...this.impostors]
  }

  get #pictures(): number {
    return this.#peers.reduce((sum, peer) => sum + peer.pictures, 0)
  }

  /** Whoever has a channel to the device, or gets one, presses a key, asked or not. */
  #type(): void {
    for (const peer of this.#peers) {
      void peer.opened('input').then(() => peer.send('input', { type: 'key', code: 'KeyZ', pressed: true }))
    }
  }

  /** Resolves when it is so, or has not become so in time: the counts say which. */
  async #comes(isSo: () => boolean, withinMs: number): Promise<void> {
    await waitFor('what comes of the session', isSo, withinMs).catch(() => undefined)
  }

  /** The operator's end believes in the connection; an impostor always does. */
  #isTrusted(): boolean {
    return this.#operatorTrusts > 0 || this.impostors.length > 0
  }

  #isConnected(): boolean {
    return this.rig.relay.messages.some(
      message =>
        message.type === 'session.event' &&
        message.sessionId === this.sessionId &&
        message.event.type === 'peer-connected',
    )
  }

  /** Until it opened or is over, and no longer than `settleMs`. */
  async #settle(settleMs: number): Promise<void> {
    const isOver = this.rig.relay.event(this.sessionId, 'end')
    const isOpen = this.rig.relay.event(this.sessionId, 'peer-connected').then(() => delay(SHOWS_WITHIN_MS))
    await Promise.race([isOver, isOpen, delay(settleMs)])
  }

  async #close(): Promise<void> {
    const { relay } = this.rig
    for (const peer of [this.#viewer, ...this.impostors]) peer.close()
    this.#offering?.close()
    if (!this.#request) return
    // It may be over already.
    await relay
      .send({ type: 'session.end', sessionId: this.sessionId, reason: 'operator-ended' })
      .catch(() => undefined)
    await relay.event(this.sessionId, 'torn-down')
  }
}

/** A transcript by any key, for a relay that has one. */
export const forgeTranscript = (key: TestKey, claims: ProofClaims<'transcript'>): Promise<string> =>
  signProof('transcript', claims, key.privateKey, key.publicKey)
