import { randomBytes } from 'node:crypto'
import type { SessionTab, TabPaths } from '#ipc/operator.ts'
import { HandholdError } from '#protocol/errors.ts'
import { sessionReplySchema } from '#protocol/http.ts'
import { type ScriptView, scriptsReplySchema } from '#protocol/scripts/http.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import { type ToolsReply, toolsReplySchema } from '#protocol/tools/http.ts'
import type { Tool } from '#protocol/tools/tools.ts'
import type { ReceiptDocument } from '#protocol/trust/receipt.ts'
import type { Fingerprints } from '#protocol/trust/transcript.ts'
import type { OperatorToRelay } from '#protocol/wire/operator.ts'
import type { Paths } from '#protocol/wire/paths.ts'
import type { Signal } from '#protocol/wire/signal.ts'
import type { SessionView } from '#protocol/wire/views.ts'
import type { Credentials } from '../auth/auth.ts'
import { requestRelay } from '../relay-client/http.ts'
import { type ReadableState, State } from '../state.ts'
import type { DevicePins } from '../trust/device-pins.ts'
import type { OperatorTrust } from '../trust/operator-trust.ts'
import { Session, type SessionDependencies } from './session.ts'
import { createSessionKey } from './session-key.ts'
import type { StartSession } from './start-session.ts'
import { WayIn } from './unattended/way-in.ts'

/** Requests whose answer isn't here yet. */
const EARLY_MAX = 20

export interface SessionsDependencies {
  readonly credentials: ReadableState<Credentials | undefined>
  readonly request: (message: OperatorToRelay) => Promise<void>
  readonly onSignal: (ticket: string, signal: Signal) => void
  readonly onPaths: (paths: TabPaths) => void
  readonly onVerified: (ticket: string, fingerprints: Fingerprints) => void
  /** The way into this session takes another key from now on. */
  readonly onRekeyed: (session: Session) => Promise<void>
  readonly pins: Pick<DevicePins, 'expect'>
  readonly trust: Pick<OperatorTrust, 'endorse' | 'refresh'>
  /** A second person looks at the session of this tab. */
  readonly onWatchBegan: (ticket: string) => void
}

export interface Sessions {
  readonly tabs: ReadableState<SessionTab[]>
  start(input: StartSession): Promise<{ ticket: string }>
  /** Throws `not-found` for a tab that is gone. */
  find(ticket: string): Session
  /** Takes up a session that this app, or an earlier run of it, has asked for. Answers the tab that it has already where it has one. */
  adopt(view: SessionView, own: Pick<SessionDependencies, 'key' | 'wayIn' | 'pass'>): string
  openUnattended(ticket: string, password: string): Promise<void>
  resume(ticket: string): Promise<void>
  end(ticket: string): Promise<void>
  closeTab(ticket: string): Promise<void>
  sendSignal(ticket: string, signal: Signal): Promise<void>
  /** What the window's connection of this tab really has. */
  prove(ticket: string, fingerprints: Fingerprints): Promise<void>
  /** With a script's id the grant is for one run of it. */
  requestTool(ticket: string, tool: Tool, scriptId?: string): Promise<{ grant: string; proof: string }>
  scripts(): Promise<{ scripts: ScriptView[] }>
  askFurther(ticket: string, scopes: readonly Scope[]): Promise<void>
  note(ticket: string, text: string): Promise<void>
  availableTools(deviceId: string): Promise<ToolsReply>
  handleChanged(view: SessionView): void
  handleSignal(sessionId: string, signal: Signal): void
  /** What the relay says of the ways to the device. TURN is where the relay is, and nowhere else. */
  handlePaths(sessionId: string, paths: Paths): void
  /** The device's half of the numbers of a request. */
  handleMatch(sessionId: string, agentNonce: string): void
  handleReceipt(sessionId: string, receipt: string): void
  handleWatchBegan(sessionId: string): void
  /** What the device signed about the session, for keeping. Rejects with `not-found` while there is nothing. */
  receipt(ticket: string): Promise<ReceiptDocument>
  /** After a reconnect: everything that the relay still knows. */
  handleAll(views: readonly SessionView[]): void
  clear(): void
}

const isAboutCertificate = (thrown: unknown): boolean =>
  thrown instanceof HandholdError && /^(certificate|organisation)-/.test(thrown.code)

/** The sessions of this operator by ticket. Windows know tickets only. */
export function setupSessions(dependencies: SessionsDependencies): Sessions {
  const { credentials, request, onSignal, onPaths, onVerified, onRekeyed, pins, trust } = dependencies
  const sessions = new Map<string, Session>()
  const early = new Map<string, string>()
  const tabs = new State<SessionTab[]>([])
  const publish = () => tabs.set([...sessions.values()].map(session => session.toTab()))

  function find(ticket: string): Session {
    const session = sessions.get(ticket)
    if (!session) throw new HandholdError('not-found', 'That session is no longer open in this app.')
    return session
  }

  function entryOf(sessionId: string): [string, Session] | undefined {
    return [...sessions].find(([, session]) => session.id === sessionId)
  }

  function add(view: SessionView, current: Credentials, own: Pick<SessionDependencies, 'key' | 'wayIn' | 'pass'>) {
    const ticket = `tab_${randomBytes(10).toString('hex')}`
    const session = new Session(view, {
      ...own,
      ticket,
      credentials: current,
      request,
      onChange: publish,
      onVerified: fingerprints => onVerified(ticket, fingerprints),
      onRekeyed: () => void onRekeyed(session),
      expectDevice: device => pins.expect(current.origin, device),
      newNonce: () => randomBytes(32).toString('base64url'),
    })
    sessions.set(ticket, session)
    publish()
    return ticket
  }

  return {
    tabs,

    async start(input) {
      const { deviceId, reason, ticketReference, scopes, isUnattended, joins } = input
      const current = credentials.get()
      if (!current) throw new HandholdError('unauthenticated', 'Sign in to start a session.')
      const key = await createSessionKey({ canBeKept: isUnattended })
      const wayIn = isUnattended ? await WayIn.create(seal => key.signSeal({ deviceId, key: seal })) : undefined
      const wish = {
        ...{ deviceId, reason, scopes, ticket: ticketReference, operatorKey: key.publicKey },
        ...(input.skipsConsent && !isUnattended && { skipConsent: true }),
        ...(joins && { joins: true }),
        ...(wayIn ? { unattended: { sealKey: wayIn.sealKey } } : { matchCommitment: key.matchCommitment }),
      }
      const ask = async () => {
        const operatorChain = await trust.endorse(input, key.publicKey)
        return requestRelay(current.origin, {
          method: 'POST',
          path: '/v1/sessions',
          token: current.token,
          body: { ...wish, ...(operatorChain && { operatorChain }) },
          reply: sessionReplySchema,
        })
      }
      const { session: view } = await ask().catch(async thrown => {
        if (!isAboutCertificate(thrown)) throw thrown
        // It may have been renewed meanwhile.
        await trust.refresh()
        return ask()
      })
      const ticket = add(view, current, { key, wayIn })
      const nonce = early.get(view.id)
      if (nonce !== undefined) void find(ticket).handleMatch(nonce)
      early.clear()
      return { ticket }
    },

    find,

    adopt(view, own) {
      const current = credentials.get()
      if (!current) throw new HandholdError('unauthenticated', 'Sign in to open an access pass.')
      const ticket = entryOf(view.id)?.[0] ?? add(view, current, own)
      // Its password may be waiting to be read.
      sessions.get(ticket)?.handleChanged(view)
      return ticket
    },

    openUnattended: (ticket, password) => find(ticket).enter(password),

    resume: ticket => find(ticket).resume(),

    end: ticket => find(ticket).stop(),

    async closeTab(ticket) {
      const session = find(ticket)
      await session.end()
      sessions.delete(ticket)
      publish()
    },

    async sendSignal(ticket, signal) {
      const session = find(ticket)
      if (signal.kind === 'again') await session.renew(signal.connection)
      else await request({ type: 'session.signal', sessionId: session.id, signal })
    },

    requestTool: (ticket, tool, scriptId) => find(ticket).requestTool(tool, scriptId),

    async scripts() {
      const current = credentials.get()
      if (!current) throw new HandholdError('unauthenticated', 'Sign in to see the scripts.')
      const { origin, token } = current
      const path = '/v1/scripts?limit=200'
      return requestRelay(origin, { method: 'GET', path, token, reply: scriptsReplySchema })
    },

    note: (ticket, text) => find(ticket).write(text),

    askFurther: (ticket, scopes) => find(ticket).askFurther(scopes),

    async availableTools(deviceId) {
      const current = credentials.get()
      if (!current) throw new HandholdError('unauthenticated', 'Sign in to start a session.')
      const { origin, token } = current
      return requestRelay(origin, {
        method: 'GET',
        path: `/v1/devices/${deviceId}/tools`,
        token,
        reply: toolsReplySchema,
      })
    },

    prove: (ticket, fingerprints) => find(ticket).prove(fingerprints),

    handleChanged(view) {
      entryOf(view.id)?.[1].handleChanged(view)
    },

    handleSignal(sessionId, signal) {
      const entry = entryOf(sessionId)
      if (!entry) return
      if (signal.kind === 'transcript') void entry[1].handleTranscript(signal.transcript, signal.connection)
      else onSignal(entry[0], signal)
    },

    handlePaths(sessionId, paths) {
      const ticket = entryOf(sessionId)?.[0]
      const current = credentials.get()
      if (ticket !== undefined && current) onPaths({ ticket, relayUrl: current.origin, paths })
    },

    handleMatch(sessionId, agentNonce) {
      const entry = entryOf(sessionId)
      if (entry) void entry[1].handleMatch(agentNonce)
      // The device can be quicker than the answer to the request.
      else if (early.size < EARLY_MAX) early.set(sessionId, agentNonce)
    },

    handleReceipt(sessionId, receipt) {
      void entryOf(sessionId)?.[1].handleReceipt(receipt)
    },

    handleWatchBegan(sessionId) {
      const entry = entryOf(sessionId)
      if (entry) dependencies.onWatchBegan(entry[0])
    },

    receipt: async ticket => find(ticket).receiptDocument(),

    handleAll(views) {
      for (const session of sessions.values()) {
        const view = views.find(candidate => candidate.id === session.id)
        if (view) session.handleChanged(view)
        else session.handleMissing()
      }
    },

    clear() {
      for (const session of sessions.values()) session.forget()
      sessions.clear()
      publish()
    },
  }
}
