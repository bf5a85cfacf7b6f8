import type { AdminCalls } from '#ipc/admin/calls.ts'
import type { CallArgs, CallHandlers, CallName, CallResult, EventName, EventPayload } from '#ipc/contract.ts'
import { type OperatorContract, operatorContract, type SessionTab } from '#ipc/operator.ts'
import { HandholdError, type WireError } from '#protocol/errors.ts'
import type { HelpTaken } from '#protocol/help/http.ts'
import type { AskedWords } from '#protocol/policy/settings.ts'
import type { ScriptView } from '#protocol/scripts/http.ts'
import type { SessionState } from '#protocol/session/state.ts'
import type { Tool } from '#protocol/tools/tools.ts'
import type { Signal } from '#protocol/wire/signal.ts'
import type { OperatorBridge } from '../stores/bridge.ts'
import { type FakeDevices, pageOfDevices } from './fake-devices.ts'
import { sampleVerification } from './sample-trust.ts'
import { organisation, RELAY_URL, sampleTab, user } from './samples.ts'

type Snapshot = CallResult<OperatorContract, 'snapshot'>
/** What the fake knows beside what it tells when a window asks for everything. */
type FakeState = Snapshot & { readonly devices: FakeDevices }
type Listeners = { [K in EventName<OperatorContract>]: Set<(payload: EventPayload<OperatorContract, K>) => void> }

export const PASSWORD = 'correct horse battery'
/** What the browser shows. */
export const BROWSER_CODE = '204817'

/** A main process that behaves: it keeps the state, answers the window's calls and tells what changed. No network behind it. */
export class FakeMain {
  readonly calls: { name: CallName<OperatorContract>; args: unknown }[] = []
  readonly signals: { ticket: string; signal: Signal }[] = []
  /** The next call of a name is refused with this. */
  readonly refusals = new Map<CallName<OperatorContract>, WireError>()
  /** The agent of every session, where a test has one. */
  onSignal: ((signal: Signal) => void) | undefined
  /** The relay behind the administration pages, where a test has one; without it nobody runs anything. */
  admin: Partial<CallHandlers<OperatorContract>> = {}
  /** Whether devices prove themselves as soon as they are connected. */
  isDeviceProven = true
  state: FakeState
  readonly #listeners: Listeners = {
    authChanged: new Set(),
    linkChanged: new Set(),
    devicesPatched: new Set(),
    devicesStale: new Set(),
    sessionsChanged: new Set(),
    approvalsChanged: new Set(),
    helpChanged: new Set(),
    watchesChanged: new Set(),
    watchShown: new Set(),
    watchBegan: new Set(),
    passChanged: new Set(),
    pathsChanged: new Set(),
    signalReceived: new Set(),
    displayWindowReady: new Set(),
    displayWindowClosed: new Set(),
    viewSignalReceived: new Set(),
    peerVerified: new Set(),
  }
  /** What the policy allows beside the screen. */
  tools: Tool[] = []
  maySkipConsent = false
  asks: AskedWords = { reason: 'required', ticket: 'optional' }
  scripts: ScriptView[] = []
  favourites: string[] = ['HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft']
  regText = ''
  #onAnyEvent: ((name: string, payload: unknown) => void) | undefined

  constructor(state: Partial<FakeState> = {}) {
    this.state = {
      app: { version: '0.1.0', shell: 'chromium', platform: 'linux' },
      auth: { name: 'signed-in', relayUrl: RELAY_URL, user, organisation },
      link: { name: 'online', clock: null },
      devices: { error: null, devices: [] },
      sessions: [],
      approvals: [],
      help: { status: 'ready', error: null, waiting: [] },
      watches: [],
      pass: null,
      ...state,
    }
  }

  /** What a window sees of it. */
  readonly bridge: OperatorBridge = {
    call: Object.fromEntries(
      Object.keys(operatorContract.calls).map(name => [
        name,
        (args: unknown) => this.call(name as 'snapshot', args as undefined),
      ]),
    ) as unknown as OperatorBridge['call'],
    on: {
      authChanged: listener => this.#on('authChanged', listener),
      linkChanged: listener => this.#on('linkChanged', listener),
      devicesPatched: listener => this.#on('devicesPatched', listener),
      devicesStale: listener => this.#on('devicesStale', listener),
      sessionsChanged: listener => this.#on('sessionsChanged', listener),
      helpChanged: listener => this.#on('helpChanged', listener),
      approvalsChanged: listener => this.#on('approvalsChanged', listener),
      watchesChanged: listener => this.#on('watchesChanged', listener),
      watchShown: listener => this.#on('watchShown', listener),
      watchBegan: listener => this.#on('watchBegan', listener),
      passChanged: listener => this.#on('passChanged', listener),
      pathsChanged: listener => this.#on('pathsChanged', listener),
      signalReceived: listener => this.#on('signalReceived', listener),
      displayWindowReady: listener => this.#on('displayWindowReady', listener),
      displayWindowClosed: listener => this.#on('displayWindowClosed', listener),
      viewSignalReceived: listener => this.#on('viewSignalReceived', listener),
      peerVerified: listener => this.#on('peerVerified', listener),
    },
  }

  /** Every event, for a window in another process. */
  forwardEvents(listener: (name: string, payload: unknown) => void): void {
    this.#onAnyEvent = listener
  }

  async call<K extends CallName<OperatorContract>>(
    name: K,
    args: CallArgs<OperatorContract, K>,
  ): Promise<CallResult<OperatorContract, K>> {
    this.calls.push({ name, args })
    const refusal = this.refusals.get(name)
    this.refusals.delete(name)
    if (refusal) throw HandholdError.fromWire(refusal)
    const handlers = { ...this.#handlers, ...this.admin } as Partial<CallHandlers<OperatorContract>>
    const handler = handlers[name] as ((args: unknown) => CallResult<OperatorContract, K>) | undefined
    if (!handler) throw new HandholdError('forbidden', 'Only an administrator may do this. Ask one.')
    return handler(args)
  }

  /** Changes slices of the state and tells the window. */
  set(change: Partial<FakeState>): void {
    this.state = { ...this.state, ...change }
    if (change.auth) this.emit('authChanged', change.auth)
    if (change.link) this.emit('linkChanged', change.link)
    if (change.devices) this.emit('devicesStale', undefined)
    if (change.sessions) this.emit('sessionsChanged', change.sessions)
    if (change.help) this.emit('helpChanged', change.help)
    if (change.watches) this.emit('watchesChanged', change.watches)
    if (change.approvals) this.emit('approvalsChanged', change.approvals)
    if (change.pass !== undefined) this.emit('passChanged', change.pass)
  }

  setSession(ticket: string, state: SessionState, error: WireError | null = null): void {
    this.set({ sessions: this.state.sessions.map(tab => (tab.ticket === ticket ? { ...tab, state, error } : tab)) })
  }

  emit<K extends EventName<OperatorContract>>(name: K, payload: EventPayload<OperatorContract, K>): void {
    for (const listener of [...this.#listeners[name]]) listener(payload)
    this.#onAnyEvent?.(name, payload)
  }

  #on<K extends EventName<OperatorContract>>(
    name: K,
    listener: (payload: EventPayload<OperatorContract, K>) => void,
  ): () => void {
    this.#listeners[name].add(listener)
    return () => void this.#listeners[name].delete(listener)
  }

  /** Of the person who waits, or of the first device where a code was read out. */
  #takenHelp(helpId?: string): HelpTaken {
    const { help, devices } = this.state
    const person = help.waiting.find(({ id }) => id === helpId)
    const [device] = devices.devices
    if (person) return person
    if (helpId !== undefined || !device) throw new HandholdError('not-found', 'Somebody else was first.')
    return {
      deviceId: device.id,
      deviceName: device.name,
      who: 'petra',
      words: 'The printer is stuck',
      askedAtMs: Date.now(),
    }
  }

  readonly #handlers: {
    [K in Exclude<CallName<OperatorContract>, keyof AdminCalls>]: (
      args: CallArgs<OperatorContract, K>,
    ) => CallResult<OperatorContract, K>
  } = {
    snapshot: () => this.state,
    listDevices: query => pageOfDevices(this.state.devices, query),
    readDevice: ({ deviceId }) => {
      const device = this.state.devices.devices.find(({ id }) => id === deviceId)
      if (!device) throw new HandholdError('not-found', 'There is no such device.')
      return { device, unattendedOff: false }
    },
    signIn: ({ password }) => {
      if (password !== PASSWORD) {
        throw new HandholdError('sign-in-failed', 'E-mail or password is wrong. Check both and try again.')
      }
      this.set({ auth: { name: 'signed-in', relayUrl: RELAY_URL, user, organisation } })
    },
    finishSignIn: () => this.set({ auth: { name: 'signed-in', relayUrl: RELAY_URL, user, organisation } }),
    beginBrowserSignIn: () => this.set({ auth: { name: 'browser', relayUrl: RELAY_URL, isDone: false } }),
    finishBrowserSignIn: ({ code }) => {
      if (code !== BROWSER_CODE) throw new HandholdError('sign-in-failed', 'The code is wrong.')
      this.set({ auth: { name: 'signed-in', relayUrl: RELAY_URL, user, organisation } })
    },
    beginBrowserProof: () => undefined,
    finishBrowserProof: () => undefined,
    cancelSignIn: () => this.set({ auth: { name: 'signed-out', lastRelayUrl: RELAY_URL, lastEmail: user.email } }),
    signOut: () =>
      this.set({ auth: { name: 'signed-out', lastRelayUrl: RELAY_URL, lastEmail: user.email }, sessions: [] }),
    verification: () => sampleVerification,
    startSession: ({ deviceId, reason, ticketReference, scopes }) => {
      const device = this.state.devices.devices.find(candidate => candidate.id === deviceId)
      if (!device) throw new HandholdError('not-found', 'This device is no longer in your organisation.')
      const ticket = `tab_${String(this.calls.length).padStart(16, '0')}`
      const tab: SessionTab = sampleTab(
        device,
        { name: 'requested' },
        { ticket, reason, ticketReference, scopes, startedAtMs: Date.now() },
      )
      this.set({ sessions: [...this.state.sessions, tab] })
      return { ticket }
    },
    openUnattended: ({ ticket }) => this.setSession(ticket, { name: 'connecting', scopes: ['view'], untilMs: 0 }),
    resumeSession: ({ ticket }) => this.setSession(ticket, { name: 'connecting', scopes: ['view'], untilMs: 0 }),
    endSession: ({ ticket }) => this.setSession(ticket, { name: 'closed', reason: 'operator-ended' }),
    closeTab: ({ ticket }) => this.set({ sessions: this.state.sessions.filter(tab => tab.ticket !== ticket) }),
    saveReceipt: () => ({ path: '/home/ada/Handhold/receipt.json' }),
    savePass: () => ({ name: 'access-ses_1.handhold' }),
    passLink: () => ({ link: `handhold://pass/pas_${'7'.repeat(26)}` }),
    dropPass: ({ texts }) => {
      const error = { code: 'pass-invalid' as const, message: `Not a pass: ${texts.length}` }
      this.set({ pass: { name: 'refused', error } })
    },
    openPass: () => {
      this.set({ pass: null })
      return { ticket: this.state.sessions[0]?.ticket ?? '' }
    },
    dismissPass: () => this.set({ pass: null }),
    proveConnection: proven => {
      if (this.isDeviceProven) this.emit('peerVerified', proven)
    },
    sendSignal: args => {
      this.signals.push(args)
      this.onSignal?.(args.signal)
    },
    openDisplayWindow: () => undefined,
    sendViewSignal: () => undefined,
    closeDisplayWindow: () => undefined,
    askFurther: () => undefined,
    noteSession: ({ ticket, text }) =>
      this.set({
        sessions: this.state.sessions.map(tab => {
          if (tab.ticket !== ticket) return tab
          const { note: _, ...rest } = tab
          return text === '' ? rest : { ...rest, note: { text, atMs: Date.now(), changedAtMs: Date.now() } }
        }),
      }),
    availableTools: () => ({ tools: this.tools, maySkipConsent: this.maySkipConsent, asks: this.asks }),
    requestTool: () => ({ grant: 'grant', proof: 'proof' }),
    scripts: () => ({ scripts: this.scripts }),
    beginWatch: ({ sessionId }) => {
      const watch = this.state.watches.find(view => view.sessionId === sessionId)
      if (!watch) throw new HandholdError('not-found', 'There is no such session that you could watch.')
      return { watch: { ...watch, watcher: user.name } }
    },
    watchBeat: () => undefined,
    endWatch: () => undefined,
    answerApproval: ({ sessionId }) =>
      this.set({
        approvals: this.state.approvals.filter(
          approval => !('sessionId' in approval) || approval.sessionId !== sessionId,
        ),
      }),
    redeemHelpCode: () => this.#takenHelp(),
    takeHelp: ({ helpId }) => {
      const taken = this.#takenHelp(helpId)
      const waiting = this.state.help.waiting.filter(({ id }) => id !== helpId)
      this.set({ help: { ...this.state.help, waiting } })
      return taken
    },
    refreshHelp: () => this.set({ help: { ...this.state.help, status: 'ready', error: null } }),
    setFullScreen: () => undefined,
    registryFavourites: () => ({ paths: this.favourites }),
    keepRegistryFavourites: ({ paths }) => {
      this.favourites = paths
    },
    putRegText: ({ text, isFirst }) => {
      this.regText = isFirst ? text : this.regText + text
    },
    saveRegFile: ({ suggestedName }) => ({ name: suggestedName }),
  }
}
