import { hostname } from 'node:os'
import type { CallHandlers } from '#ipc/contract.ts'
import { type OperatorContract, operatorContract, type RelayLinkState } from '#ipc/operator.ts'
import { assertNever } from '#protocol/assert-never.ts'
import { HandholdError } from '#protocol/errors.ts'
import type { RelayToOperator } from '#protocol/wire/operator.ts'
import { type AdminHandlers, setupAdmin } from '../admin/admin.ts'
import { type Approvals, setupApprovals } from '../approvals/approvals.ts'
import { type Auth, type Credentials, setupAuth } from '../auth/auth.ts'
import { type Devices, setupDevices } from '../devices/devices.ts'
import { type DisplayWindows, setupDisplayWindows } from '../displays/display-windows.ts'
import { type Help, setupHelp } from '../help/help.ts'
import { type Passes, setupPasses } from '../passes/passes.ts'
import { setupRegistry } from '../registry/registry.ts'
import { OperatorSocket } from '../relay-client/operator-socket.ts'
import { goThroughProxy } from '../relay-client/proxy.ts'
import { TurnAddress } from '../relay-client/turn-way.ts'
import { setupScriptRuns } from '../scripts/script-runs.ts'
import { saveReceipt } from '../sessions/save-receipt.ts'
import { type Sessions, setupSessions } from '../sessions/sessions.ts'
import { SettingsFile } from '../settings/settings.ts'
import type { Shell, ShellWindow } from '../shell/shell.ts'
import { State } from '../state.ts'
import { setupDevicePins } from '../trust/device-pins.ts'
import { type OperatorTrust, setupOperatorTrust } from '../trust/operator-trust.ts'
import { setupOrganisationAdmin } from '../trust/organisation-admin.ts'
import { setupWatches, type Watches } from '../watches/watches.ts'

export interface OperatorAppOptions {
  readonly version: string
  /** Where settings are kept. */
  readonly userDataDir: string
  /** The arguments of this start. */
  readonly args: readonly string[]
  /** The only way to relays on other machines, where one is set. */
  readonly proxy?: string | undefined
}

export interface OperatorApp {
  /** Brings the window to the front. */
  readonly focus: () => void
  /** What a later start, or the system, asks to open; relative paths begin at `folder`. */
  readonly open: (args: readonly string[], folder: string) => void
  /** Settles when the app is over. */
  readonly closed: Promise<void>
}

/** Opens the operator window on `shell`. Resolves when the window is there. */
export async function startOperatorApp(shell: Shell, options: OperatorAppOptions): Promise<OperatorApp> {
  if (options.proxy !== undefined) goThroughProxy(options.proxy)
  const turn = new TurnAddress(options.proxy)
  const link = new State<RelayLinkState>({ name: 'offline' })
  const auth = setupAuth({
    secrets: shell.secrets,
    settings: new SettingsFile(options.userDataDir),
    browser: { openInBrowser: url => shell.openInBrowser(url) },
  })
  const devices = setupDevices(auth.credentials, {
    onPatch: patch => window?.emit('devicesPatched', patch),
    onStale: () => window?.emit('devicesStale', undefined),
  })
  const approvals = setupApprovals(auth.credentials)
  const help = setupHelp(auth.credentials)
  const organisation = setupOrganisationAdmin({ auth, secrets: shell.secrets, shell })
  const watches = setupWatches({
    credentials: auth.credentials,
    request: message => socket?.request(message) ?? Promise.reject(notConnected()),
    onShown: shown => window?.emit('watchShown', shown),
  })
  let socket: OperatorSocket | undefined
  let window: ShellWindow<OperatorContract> | undefined
  const pins = setupDevicePins(shell.secrets)
  const trust = setupOperatorTrust({ auth, secrets: shell.secrets, pins, computer: hostname() })
  const scriptRuns = setupScriptRuns({ auth, secrets: shell.secrets, trust, pins, shell })
  const admin = setupAdmin({ credentials: auth.credentials, shell, organisation, scriptRuns })
  const sessions = setupSessions({
    credentials: auth.credentials,
    request: message => socket?.request(message) ?? Promise.reject(notConnected()),
    onVerified: (ticket, fingerprints) => window?.emit('peerVerified', { ticket, fingerprints }),
    onRekeyed: session => passes.rekeyed(session),
    pins,
    trust,
    onSignal: (ticket, signal) => window?.emit('signalReceived', { ticket, signal }),
    onPaths: said => {
      const paths = { ...said, relayUrl: turn.of(said.relayUrl) }
      window?.emit('pathsChanged', paths)
      displays.handlePaths(paths)
    },
    onWatchBegan: ticket => window?.emit('watchBegan', { ticket }),
  })

  const passes = setupPasses({ credentials: auth.credentials, sessions, shell, nowMs: Date.now })
  const displays = setupDisplayWindows({
    shell,
    tabs: sessions.tabs,
    tellOperator: (event, payload) => window?.emit(event, payload),
  })

  auth.credentials.subscribe(credentials => {
    socket?.close()
    sessions.clear()
    devices.clear()
    approvals.clear()
    help.clear()
    watches.clear()
    turn.prepare(credentials?.origin)
    socket = credentials && openSocket(credentials)
    void approvals.load()
    void help.load()
    void watches.load()
    // What it doesn't get now it asks for at the first session.
    if (credentials) void trust.refresh().catch(() => undefined)
  })

  function openSocket({ origin, token }: Credentials): OperatorSocket {
    return new OperatorSocket({
      origin,
      token,
      onMessage: message => handleRelayMessage(message, { devices, sessions, approvals, help, watches }),
      onState: state => link.set(state),
      onUnauthenticated: () => void auth.expire(),
    })
  }

  window = await shell.openWindow({
    view: 'operator',
    contract: operatorContract,
    handlers: operatorHandlers({
      shell,
      options,
      auth,
      link,
      devices,
      sessions,
      displays,
      admin,
      approvals,
      help,
      trust,
      watches,
      passes,
      window: () => window,
    }),
    title: 'Handhold',
    bounds: { width: 1280, height: 720 },
    minimumSize: { width: 960, height: 600 },
  })
  auth.state.subscribe(state => window?.emit('authChanged', state))
  link.subscribe(state => window?.emit('linkChanged', state))
  approvals.state.subscribe(state => window?.emit('approvalsChanged', state))
  help.state.subscribe(state => window?.emit('helpChanged', state))
  watches.state.subscribe(state => window?.emit('watchesChanged', state))
  sessions.tabs.subscribe(tabs => window?.emit('sessionsChanged', tabs))
  passes.opening.subscribe(state => window?.emit('passChanged', state))
  passes.handle(options.args, process.cwd())
  await auth.restore()

  const closed = Promise.race([window.closed, shell.gone]).then(async () => {
    socket?.close()
    turn.prepare(undefined)
    await shell.quit()
  })
  return { focus: () => void window?.focus(), open: passes.handle, closed }
}

interface Listeners {
  readonly devices: Devices
  readonly sessions: Sessions
  readonly approvals: Approvals
  readonly help: Help
  readonly watches: Watches
}

function handleRelayMessage(message: RelayToOperator, listeners: Listeners): void {
  const { devices, sessions, approvals, help, watches } = listeners
  switch (message.type) {
    case 'hello':
      sessions.handleAll(message.sessions)
      devices.handleConnected()
      void approvals.load()
      void help.load()
      void watches.load()
      break
    case 'device.changed':
      devices.handleChanged(message.device)
      break
    case 'device.removed':
      devices.handleRemoved(message.deviceId)
      break
    case 'approvals.changed':
      void approvals.load()
      break
    case 'help.changed':
      void help.load()
      break
    case 'watches.changed':
      void watches.load()
      break
    case 'watch.shown':
      watches.handleShown(message.sessionId, message.sealed)
      break
    case 'session.watch-began':
      sessions.handleWatchBegan(message.sessionId)
      break
    case 'session.changed':
      sessions.handleChanged(message.session)
      break
    case 'session.match':
      sessions.handleMatch(message.sessionId, message.nonce)
      break
    case 'session.paths':
      sessions.handlePaths(message.sessionId, message.paths)
      break
    case 'session.signal':
      sessions.handleSignal(message.sessionId, message.signal)
      break
    case 'session.receipt':
      sessions.handleReceipt(message.sessionId, message.receipt)
      break
    default:
      assertNever(message)
  }
}

interface HandlerDependencies {
  readonly shell: Shell
  readonly options: OperatorAppOptions
  readonly auth: Auth
  readonly link: State<RelayLinkState>
  readonly devices: Devices
  readonly sessions: Sessions
  readonly displays: DisplayWindows
  readonly admin: AdminHandlers
  readonly approvals: Approvals
  readonly help: Help
  readonly trust: OperatorTrust
  readonly watches: Watches
  readonly passes: Passes
  readonly window: () => ShellWindow<OperatorContract> | undefined
}

function operatorHandlers(dependencies: HandlerDependencies): CallHandlers<OperatorContract> {
  const { shell, options, auth, link, devices, sessions, displays, approvals, help, watches, passes } = dependencies
  return {
    ...dependencies.admin,
    verification: () => dependencies.trust.verification(),
    ...setupRegistry({ shell, userDataDir: options.userDataDir }),
    snapshot: () => ({
      app: { version: options.version, shell: shell.kind, platform: process.platform },
      auth: auth.state.get(),
      link: link.get(),
      sessions: sessions.tabs.get(),
      approvals: approvals.state.get(),
      help: help.state.get(),
      watches: watches.state.get(),
      pass: passes.opening.get(),
    }),
    beginWatch: ({ sessionId }) => watches.begin(sessionId),
    watchBeat: ({ sessionId }) => watches.beat(sessionId),
    endWatch: ({ sessionId }) => watches.end(sessionId),
    savePass: ({ ticket }) => passes.save(ticket),
    passLink: ({ ticket }) => passes.link(ticket),
    dropPass: ({ texts }) => passes.drop(texts),
    openPass: () => passes.accept(),
    dismissPass: () => passes.dismiss(),
    answerApproval: ({ sessionId, approve }) => approvals.answer(sessionId, approve),
    redeemHelpCode: ({ code }) => help.redeem(code),
    takeHelp: ({ helpId }) => help.take(helpId),
    refreshHelp: () => help.load(),
    signIn: input => auth.signIn(input),
    finishSignIn: answer => auth.finishSignIn(answer),
    beginBrowserSignIn: input => auth.beginInBrowser(input),
    finishBrowserSignIn: ({ code }) => auth.finishInBrowser(code),
    beginBrowserProof: ({ isSso }) => auth.beginProof(isSso),
    finishBrowserProof: ({ code }) => auth.finishProof(code),
    cancelSignIn: () => auth.cancelSignIn(),
    signOut: () => auth.signOut(),
    listDevices: query => devices.list(query),
    readDevice: ({ deviceId }) => devices.read(deviceId),
    startSession: input => sessions.start(input),
    openUnattended: ({ ticket, password }) => sessions.openUnattended(ticket, password),
    resumeSession: ({ ticket }) => sessions.resume(ticket),
    endSession: ({ ticket }) => sessions.end(ticket),
    closeTab: ({ ticket }) => sessions.closeTab(ticket),
    saveReceipt: async ({ ticket }) => ({ path: await saveReceipt(await sessions.receipt(ticket)) }),
    proveConnection: ({ ticket, fingerprints }) => sessions.prove(ticket, fingerprints),
    sendSignal: ({ ticket, signal }) => sessions.sendSignal(ticket, signal),
    openDisplayWindow: display => displays.open(display),
    sendViewSignal: ({ ticket, view, signal }) => displays.handleSignal(ticket, view, signal),
    closeDisplayWindow: ({ ticket, view }) => displays.close(ticket, view),
    askFurther: ({ ticket, scopes }) => sessions.askFurther(ticket, scopes),
    noteSession: ({ ticket, text }) => sessions.note(ticket, text),
    availableTools: ({ deviceId }) => sessions.availableTools(deviceId),
    requestTool: ({ ticket, tool, scriptId }) => sessions.requestTool(ticket, tool, scriptId),
    scripts: () => sessions.scripts(),
    setFullScreen: ({ on }) => dependencies.window()?.setFullScreen(on),
  }
}

const notConnected = () =>
  new HandholdError(
    'relay-unreachable',
    'There is no connection to the relay. It comes back by itself; try again then.',
  )
