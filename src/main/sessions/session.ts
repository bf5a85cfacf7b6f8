import { decodeJwt } from 'jose'
import type { SessionTab } from '#ipc/operator.ts'
import { type ErrorCode, HandholdError, toWireError } from '#protocol/errors.ts'
import { passReplySchema } from '#protocol/http.ts'
import { type Ed25519PublicJwk, thumbprintOf } from '#protocol/keys.ts'
import type { NumberMatch } from '#protocol/person/number-match.ts'
import { isLive, isOver } from '#protocol/session/machine.ts'
import { sessionNoteReplySchema } from '#protocol/session/note.ts'
import type { EndReason } from '#protocol/session/reasons.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import { grantReplySchema } from '#protocol/tools/http.ts'
import type { Tool } from '#protocol/tools/tools.ts'
import { type ReceiptDocument, receiptDocumentSchema } from '#protocol/trust/receipt.ts'
import type { Fingerprints } from '#protocol/trust/transcript.ts'
import { groupedPassword } from '#protocol/unattended/password.ts'
import type { ProofSubject } from '#protocol/unattended/transcript.ts'
import type { OperatorToRelay } from '#protocol/wire/operator.ts'
import type { SessionView } from '#protocol/wire/views.ts'
import type { Credentials } from '../auth/auth.ts'
import { requestRelay } from '../relay-client/http.ts'
import { ReceivedReceipts } from './received-receipts.ts'
import type { SessionKey } from './session-key.ts'
import { TranscriptCheck } from './transcript-check.ts'
import { ComeBack } from './unattended/come-back.ts'
import type { Attempt, WayIn } from './unattended/way-in.ts'

export interface SessionDependencies {
  readonly ticket: string
  readonly key: SessionKey
  readonly credentials: Credentials
  readonly request: (message: OperatorToRelay) => Promise<void>
  readonly onChange: () => void
  /** For a session without a person. */
  readonly wayIn?: WayIn | undefined
  /** The device of the present connection is proven: the window may show and send. */
  readonly onVerified: (fingerprints: Fingerprints) => void
  /** The key that the device must have. Rejects when another one is offered. */
  readonly expectDevice: (view: SessionView) => Promise<Ed25519PublicJwk>
  readonly newNonce: () => string
  /** One that was opened; it lets in once. Without it, and afterwards, the relay is asked for another. */
  readonly pass?: string | undefined
  /** The next way in takes another key than the last one. */
  readonly onRekeyed: () => void
}

/** What both ends sign of a join. What the person takes back later is no part of it. */
interface Joined {
  readonly deviceKey: Ed25519PublicJwk
  readonly agentNonce: string
  readonly scopes: readonly Scope[]
}

const isIdentityChange = (thrown: unknown): boolean =>
  thrown instanceof HandholdError && thrown.code === 'identity-changed'

/** Of a join that may have reached the device all the same. */
const UNANSWERED: ReadonlySet<ErrorCode> = new Set(['link-closed', 'timeout', 'device-offline', 'internal'])

/** One session of this operator, from the request to its end. The key and the pass stay in here. */
export class Session {
  readonly #dependencies: SessionDependencies
  #view: SessionView
  #error: SessionTab['error'] = null
  #hasJoined = false
  #joined: Joined | undefined
  #check: TranscriptCheck | undefined
  /** The number of the newest connection that was asked for; the first one has none. */
  #connection: number | undefined
  #match: NumberMatch | null = null
  #password: string | null = null
  #pass: string | undefined
  readonly #receipts: ReceivedReceipts
  readonly #comeBack: ComeBack

  constructor(view: SessionView, dependencies: SessionDependencies) {
    this.#view = view
    this.#dependencies = dependencies
    this.#pass = dependencies.pass
    this.#receipts = new ReceivedReceipts(view, dependencies.key.publicKey, () => dependencies.expectDevice(view))
    this.#comeBack = new ComeBack({ resume: () => this.#comeInAgain(), onChange: dependencies.onChange })
  }

  get id(): string {
    return this.#view.id
  }

  get isOver(): boolean {
    return isOver(this.#view.state)
  }

  toTab(): SessionTab {
    const { deviceId, deviceName, reason, ticket: ticketReference, scopes, state, requestedAtMs } = this.#view
    const { unasked, note, withoutChat, beside } = this.#view
    const { ticket, wayIn } = this.#dependencies
    return {
      ticket,
      deviceId,
      deviceName,
      reason,
      ticketReference,
      scopes,
      state,
      match: this.#match,
      error: this.#error,
      startedAtMs: requestedAtMs,
      ...(unasked && { unasked }),
      ...(note && { note }),
      ...(withoutChat && { withoutChat }),
      ...(wayIn && {
        unattended: {
          sessionId: this.id,
          password: this.#password,
          canResume: wayIn.canResume,
          comeBack: this.#comeBack.state,
        },
      }),
      receipt: this.#receipts.state,
      ...(beside !== undefined && { isJoined: true }),
    }
  }

  /** The relay's newest word. Joins as soon as the person at the device has agreed. */
  handleChanged(view: SessionView): void {
    // What was refused here stays refused, whatever the relay says of it.
    if (this.#view.state.name === 'closed' && this.#error?.code === 'identity-changed') return
    this.#view = view
    if (view.refusal) this.#error = view.refusal
    if (view.state.name !== 'otp-issued') this.#password = null
    this.#comeBack.handleState(view.state)
    this.#dependencies.onChange()
    const sealed = view.state.name === 'otp-issued' ? view.unattended?.otp?.sealed : undefined
    if (sealed && this.#password === null) void this.#open(sealed)
    if (view.state.name === 'granted' && view.agentNonce !== null && !this.#hasJoined) void this.#join(view.agentNonce)
  }

  /** The device's half of the numbers. The first one counts: the answer to it says our half, which may be said once. */
  async handleMatch(agentNonce: string): Promise<void> {
    if (this.#match) return
    const { key, request, onChange } = this.#dependencies
    this.#match = await key.match(this.id, agentNonce)
    onChange()
    try {
      await request({ type: 'session.match', sessionId: this.id, secret: key.matchSecret })
    } catch (thrown) {
      const error = toWireError(thrown)
      // The question was over first, and how it ended says more than this refusal.
      if (error.code === 'illegal-transition') return
      this.#error = error
      onChange()
    }
  }

  /** One that doesn't fit is dropped, and the tab says so. */
  async handleReceipt(receipt: string): Promise<void> {
    await this.#receipts.add(receipt)
    this.#dependencies.onChange()
  }

  /** What the device signed, with what this app missed while it was away. Rejects with `not-found` while there is nothing. */
  async receiptDocument(): Promise<ReceiptDocument> {
    if (this.#receipts.state !== 'whole') {
      const { origin, token } = this.#dependencies.credentials
      const path = `/v1/sessions/${this.id}/receipt`
      const kept = await requestRelay(origin, { method: 'GET', path, token, reply: receiptDocumentSchema })
      for (const receipt of kept.receipts) await this.handleReceipt(receipt)
    }
    return this.#receipts.document()
  }

  /** The relay no longer knows the session: it ended while this app was away. */
  handleMissing(): void {
    if (this.isOver) return
    this.#close('link-lost')
  }

  /** A grant for one tool of this session and the proof that it is this app's. Rejects with the relay's refusal. */
  async requestTool(tool: Tool, scriptId?: string): Promise<{ grant: string; proof: string }> {
    const { origin, token } = this.#dependencies.credentials
    const { agentNonce } = this.#view
    if (agentNonce === null) throw new HandholdError('illegal-transition', 'The session is not there yet.')
    const path = `/v1/sessions/${this.id}/grants`
    const body = { tool, ...(scriptId !== undefined && { scriptId }) }
    const request = { method: 'POST', path, token, body, reply: grantReplySchema } as const
    const { grant, grantId } = await requestRelay(origin, request)
    const proof = await this.#dependencies.key.signGrant({ sessionId: this.id, agentNonce, grantId })
    return { grant, proof }
  }

  /** Rejects with the relay's refusal, for instance a day after the end. */
  async write(text: string): Promise<void> {
    const { origin, token } = this.#dependencies.credentials
    const path = `/v1/sessions/${this.id}/note`
    const { note } = await requestRelay(origin, {
      method: 'PUT',
      path,
      token,
      body: { text },
      reply: sessionNoteReplySchema,
    })
    this.#view = { ...this.#view, note: note ?? undefined }
    this.#dependencies.onChange()
  }

  /** Resolves when the device has the question. Rejects with the refusal of the relay or the device. */
  async askFurther(scopes: readonly Scope[]): Promise<void> {
    const { origin, token } = this.#dependencies.credentials
    await requestRelay(origin, { method: 'POST', path: `/v1/sessions/${this.id}/scopes`, token, body: { scopes } })
  }

  /** Into an unattended session for the first time. Rejects with `otp-wrong`, `otp-burnt` and what the relay refuses. */
  async enter(typed: string): Promise<void> {
    const salt = this.#view.unattended?.otp?.salt
    if (salt === undefined) throw new HandholdError('illegal-transition', 'No password is asked for now.')
    await this.#comeIn((wayIn, subject) => wayIn.withPassword(typed, salt, subject))
  }

  /** Into it again, without a password. */
  resume(): Promise<void> {
    return this.#comeBack.tryNow()
  }

  /** The operator is done for now: an unattended session that somebody is in is left, everything else ends. */
  async stop(): Promise<void> {
    this.#comeBack.leave()
    if (this.#dependencies.wayIn && isLive(this.#view.state))
      await this.#dependencies.request({ type: 'session.leave', sessionId: this.id })
    else await this.end()
  }

  /** This app has nothing more to do with it, whatever becomes of it. */
  forget(): void {
    this.#comeBack.leave()
  }

  async end(): Promise<void> {
    this.#comeBack.leave()
    if (!this.isOver) await this.#dependencies.request({ type: 'session.end', sessionId: this.id })
  }

  async #comeIn(attempt: (wayIn: WayIn, subject: ProofSubject) => Promise<Attempt>): Promise<void> {
    const { wayIn, key, request, onChange } = this.#dependencies
    const { agentNonce, deviceId, scopes } = this.#view
    if (!wayIn || agentNonce === null) throw new HandholdError('illegal-transition', 'Nobody can come in now.')
    try {
      await this.#expectDevice(agentNonce)
    } catch (thrown) {
      if (isIdentityChange(thrown)) await this.#refuseIdentity(thrown)
      throw thrown
    }
    const pass = await this.#takePass()
    const claims = { sessionId: this.id, deviceId, agentNonce }
    const operatorKeyThumbprint = await thumbprintOf(key.publicKey)
    const passId = decodeJwt(pass).jti ?? ''
    const made = await attempt(wayIn, { ...claims, operatorKeyThumbprint, passId, scopes })
    const proof = await key.signJoin(claims)
    try {
      await request({ type: 'session.join', sessionId: this.id, pass, proof, secret: made.secret })
    } catch (thrown) {
      const code = thrown instanceof HandholdError ? thrown.code : 'internal'
      if (UNANSWERED.has(code)) made.unanswered()
      if (code === 'otp-wrong' && made.wrong()) return this.#comeIn(attempt)
      throw thrown
    }
    made.accepted()
    this.#dependencies.onRekeyed()
    onChange()
  }

  #comeInAgain(): Promise<void> {
    return this.#comeIn((wayIn, subject) => Promise.resolve(wayIn.withResumeKey(subject)))
  }

  async #open(sealed: string): Promise<void> {
    try {
      this.#password = groupedPassword((await this.#dependencies.wayIn?.open(sealed, this.id)) ?? '')
    } catch (thrown) {
      this.#error = toWireError(thrown)
    }
    this.#dependencies.onChange()
  }

  /** The window's connection stands on these certificates: the device gets this app's proof of it, and its own is waited for. */
  async prove(fingerprints: Fingerprints): Promise<void> {
    const { state, deviceId } = this.#view
    const { key, newNonce, request } = this.#dependencies
    if (!this.#joined || !('scopes' in state))
      throw new HandholdError('illegal-transition', 'This session has no connection to prove yet.')
    const check = new TranscriptCheck({
      sessionId: this.id,
      deviceId,
      ...this.#joined,
      operatorNonce: newNonce(),
      untilMs: state.untilMs,
      sign: claims => key.sign(claims),
    })
    this.#check = check
    const transcript = await check.sign(fingerprints)
    // It was given up meanwhile.
    if (this.#check !== check) return
    await request({ type: 'session.signal', sessionId: this.id, signal: { kind: 'transcript', transcript } })
  }

  /** The window gives its connection up and wants another one, which is proven by itself. */
  async renew(connection: number): Promise<void> {
    this.#check = undefined
    this.#connection = connection
    await this.#dependencies.request({
      type: 'session.signal',
      sessionId: this.id,
      signal: { kind: 'again', connection },
    })
  }

  /** The device's proof. A wrong one ends the session here and at the device; there is no going on. A late one is of a connection that was given up. */
  async handleTranscript(transcript: string, connection?: number): Promise<void> {
    if (this.isOver || connection !== this.#connection) return
    try {
      const check = this.#check
      // A transcript is for one connection: said again it must not be good for the next one.
      this.#check = undefined
      if (!check) throw new HandholdError('identity-changed', 'The device proved a connection that isn’t there.')
      const fingerprints = await check.verify(transcript)
      if (!this.isOver) this.#dependencies.onVerified(fingerprints)
    } catch (thrown) {
      await this.#refuseIdentity(thrown)
    }
  }

  async #join(agentNonce: string): Promise<void> {
    this.#hasJoined = true
    try {
      await this.#expectDevice(agentNonce)
      const pass = await this.#takePass()
      const claims = { sessionId: this.id, deviceId: this.#view.deviceId, agentNonce }
      const proof = await this.#dependencies.key.signJoin(claims)
      await this.#dependencies.request({ type: 'session.join', sessionId: this.id, pass, proof })
    } catch (thrown) {
      if (isIdentityChange(thrown)) return this.#refuseIdentity(thrown)
      this.#error = toWireError(thrown)
      this.#dependencies.onChange()
    }
  }

  /** Each join is proven anew, by a connection of its own. */
  async #expectDevice(agentNonce: string): Promise<void> {
    const { state } = this.#view
    const scopes = 'scopes' in state ? state.scopes : this.#view.scopes
    this.#check = undefined
    this.#connection = undefined
    this.#joined = { deviceKey: await this.#dependencies.expectDevice(this.#view), agentNonce, scopes }
  }

  async #refuseIdentity(thrown: unknown): Promise<void> {
    const { request, onChange } = this.#dependencies
    this.#check = undefined
    this.#error = toWireError(thrown)
    this.#close('identity-changed')
    onChange()
    // The device hears it by way of a relay that may be the one who lied: it doesn't matter, since nothing goes on here.
    await request({ type: 'session.end', sessionId: this.id, reason: 'identity-changed' }).catch(() => undefined)
  }

  /** A pass for handing out. Rejects with the relay's refusal. */
  issuePass(): Promise<{ pass: string; expiresAtMs: number }> {
    const { origin, token } = this.#dependencies.credentials
    const path = `/v1/sessions/${this.id}/pass`
    return requestRelay(origin, { method: 'POST', path, token, reply: passReplySchema })
  }

  /** What a pass of this session needs to be of use after this program. Rejects for one with a person at the device: it is there already. */
  async keep() {
    const { wayIn, key } = this.#dependencies
    if (!wayIn)
      throw new HandholdError('illegal-transition', 'Access passes are for sessions without a person at the device.')
    return { sessionId: this.id, key: await key.keep(), wayIn: await wayIn.keep() }
  }

  async #takePass(): Promise<string> {
    const opened = this.#pass
    this.#pass = undefined
    return opened ?? (await this.issuePass()).pass
  }

  #close(reason: EndReason): void {
    this.#view = { ...this.#view, state: { name: 'closed', reason } }
    this.#comeBack.leave()
    this.#dependencies.onChange()
  }
}
