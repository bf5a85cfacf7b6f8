import type { EventPayload } from '#ipc/contract.ts'
import type { OperatorContract, SessionTab } from '#ipc/operator.ts'
import type { Verification } from '#ipc/verification.ts'
import type { HelpTaken } from '#protocol/help/http.ts'
import type { SecondFactorAnswer } from '#protocol/identity-http.ts'
import type { ScriptView } from '#protocol/scripts/http.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import type { ToolsReply } from '#protocol/tools/http.ts'
import type { Tool } from '#protocol/tools/tools.ts'
import type { WatchView } from '#protocol/tools/watch/http.ts'
import type { DeviceView } from '#protocol/wire/views.ts'
import { type AdminApp, createAdminApp } from './admin/admin-app.ts'
import type { OperatorBridge } from './bridge.ts'
import type { ChatStore } from './chat-store.ts'
import { type DeviceWatch, watchDevices } from './device-news.ts'
import { type DisplayWindowLinks, linkDisplayWindows } from './display-windows.ts'
import { createOperatorStore, followMain, type OperatorStore } from './operator-store.ts'
import { createPeers, type PeerParts, type PeerStore } from './peer-store.ts'
import { type RegistryFiles, registryFiles } from './registry-files.ts'
import { createUiStore, reconcileTabs, type UiStore } from './ui-store.ts'

export interface SessionAsk {
  readonly deviceId: string
  readonly reason: string
  readonly ticketReference: string | null
  readonly scopes: SessionTab['scopes']
  readonly isUnattended: boolean
  readonly skipsConsent?: boolean
  readonly joins?: boolean
}

/** Everything that the operator's views read and do. Actions reject with what main refused. */
export interface OperatorApp {
  readonly main: OperatorStore
  readonly ui: UiStore
  readonly peers: PeerStore
  readonly chats: ChatStore
  readonly admin: AdminApp
  readonly devices: Pick<DeviceWatch, 'subscribe' | 'refresh'>
  readonly listDevices: OperatorBridge['call']['listDevices']
  readDevice(deviceId: string): Promise<DeviceView>
  signIn(form: { relayUrl: string; email: string; password: string }): Promise<void>
  /** The second step of those who have an authenticator app. */
  finishSignIn(answer: SecondFactorAnswer): Promise<void>
  /** Opens the system's browser: at the address's identity provider, or without one for a passkey. */
  beginBrowserSignIn(form: { relayUrl: string; email: string | null }): Promise<void>
  finishBrowserSignIn(code: string): Promise<void>
  /** The same, to prove again who is signed in. */
  beginBrowserProof(isSso: boolean): Promise<void>
  finishBrowserProof(code: string): Promise<void>
  cancelSignIn(): Promise<void>
  signOut(): Promise<void>
  /** Asks the device and selects the new tab. */
  startSession(ask: SessionAsk): Promise<void>
  /** The same question once more, in a tab that takes the place of `tab`. */
  askAgain(tab: SessionTab): Promise<void>
  /** Into an unattended session, with the one-time password and then without. */
  openUnattended(ticket: string, password: string): Promise<void>
  resumeSession(ticket: string): Promise<void>
  /** Ends over the shortest way that there is: the device hears it even while the relay can't be reached. */
  endSession(ticket: string): Promise<void>
  closeTab(ticket: string): Promise<void>
  /** Writes to the person. False where the chat takes no more. */
  say(ticket: string, text: string): boolean
  /** Tells the person that something is being written, or no longer. */
  typing(ticket: string, isTyping: boolean): void
  /** What came was looked at. */
  readChat(ticket: string): void
  /** Shows one of the device's displays in a window of its own. */
  openDisplayWindow(ticket: string, display: { readonly id: string; readonly name: string }): Promise<void>
  /** Asks the person for more than the session has; what comes of it shows in its state. */
  askFurther(ticket: string, scopes: readonly Scope[]): Promise<void>
  /** Keeps what came of the session with it; an empty text takes it away. */
  noteSession(ticket: string, text: string): Promise<void>
  availableTools(deviceId: string): Promise<ToolsReply>
  /** What opens a tool at the device. Where the relay wants a fresh proof of who the person is, they are asked first. */
  openTool(ticket: string, tool: Tool, scriptId?: string): Promise<{ grant: string; proof: string }>
  scripts(): Promise<readonly ScriptView[]>
  readonly registryFiles: RegistryFiles
  /** Returns where it was written. */
  saveReceipt(ticket: string): Promise<string>
  /** The keys that this app goes by. */
  verification(): Promise<Verification>
  /** Saves an access pass of the tab's session. Returns its name, or null where the person wanted none after all. */
  savePass(ticket: string): Promise<string | null>
  passLink(ticket: string): Promise<string>
  /** What is in files that the person let go over the window: one of them may be an access pass. */
  dropPass(texts: readonly string[]): Promise<void>
  /** Yes to the access pass that was opened: its session gets a tab, which is selected. */
  openPass(): Promise<void>
  dismissPass(): Promise<void>
  /** Agrees to somebody's unattended session, or doesn't. */
  answerApproval(sessionId: string, approve: boolean): Promise<void>
  /** The device of somebody who read this code out. */
  redeemHelpCode(code: string): Promise<HelpTaken>
  takeHelp(helpId: string): Promise<HelpTaken>
  refreshHelp(): Promise<void>
  /** Looks at a colleague's tools as their second person; the person is asked who they are where that is long ago. */
  beginWatch(sessionId: string): Promise<WatchView>
  /** The person has it before them at this moment. */
  watchBeat(sessionId: string): Promise<void>
  endWatch(sessionId: string): Promise<void>
  /** What is shown of tools that are watched. Returns the function that ends it. */
  onWatchShown(listener: (shown: EventPayload<OperatorContract, 'watchShown'>) => void): () => void
  /** A second person looks at the session of a tab now. */
  onWatchBegan(listener: (ticket: string) => void): () => void
  setFullScreen(on: boolean): Promise<void>
  /** Idempotent. */
  close(): void
}

export function createOperatorApp(bridge: OperatorBridge, parts?: Partial<PeerParts>): OperatorApp {
  const main = createOperatorStore()
  const ui = createUiStore()
  let displayWindows: DisplayWindowLinks | undefined
  const peers = createPeers(bridge, parts, store => {
    displayWindows = linkDisplayWindows(bridge, ticket => store.getState()[ticket]?.peer)
    return displayWindows
  })
  const admin = createAdminApp(bridge, main)
  const devices = watchDevices(bridge)
  const following = followMain(bridge, main)
  const stopReconciling = main.subscribe((state, before) => {
    const now = state.name === 'ready' ? state.sessions : []
    const previously = before.name === 'ready' ? before.sessions : []
    if (now === previously) return
    peers.keepOnly(now)
    reconcileTabs(ui, previously, now)
  })

  const startSession = async (ask: SessionAsk) => {
    const { ticket } = await bridge.call.startSession(ask)
    ui.setState({ selected: ticket, dialog: null })
  }

  return {
    main,
    ui,
    peers: peers.store,
    chats: peers.chats.store,
    admin,
    devices,
    listDevices: query => bridge.call.listDevices(query),
    readDevice: async deviceId => (await bridge.call.readDevice({ deviceId })).device,
    startSession,
    signIn: form => bridge.call.signIn(form),
    finishSignIn: answer => bridge.call.finishSignIn(answer),
    beginBrowserSignIn: form => bridge.call.beginBrowserSignIn(form),
    finishBrowserSignIn: code => bridge.call.finishBrowserSignIn({ code }),
    beginBrowserProof: isSso => bridge.call.beginBrowserProof({ isSso }),
    finishBrowserProof: code => bridge.call.finishBrowserProof({ code }),
    cancelSignIn: () => bridge.call.cancelSignIn(undefined),
    signOut: () => bridge.call.signOut(undefined),
    async askAgain(tab) {
      const { deviceId, reason, ticketReference, scopes } = tab
      const isUnattended = tab.unattended !== undefined
      await startSession({
        deviceId,
        reason,
        ticketReference,
        scopes,
        isUnattended,
        ...(tab.isJoined && { joins: true }),
      })
      await bridge.call.closeTab({ ticket: tab.ticket })
    },
    openUnattended: (ticket, password) => bridge.call.openUnattended({ ticket, password }),
    resumeSession: ticket => bridge.call.resumeSession({ ticket }),
    async endSession(ticket) {
      peers.store.getState()[ticket]?.peer.sendControl({ type: 'end' })
      await bridge.call.endSession({ ticket })
    },
    async closeTab(ticket) {
      peers.store.getState()[ticket]?.peer.sendControl({ type: 'end' })
      await bridge.call.closeTab({ ticket })
    },
    say(ticket, text) {
      const message = peers.chats.write(ticket, text)
      if (message) peers.store.getState()[ticket]?.peer.sendChat(message)
      return message !== undefined
    },
    typing: (ticket, isTyping) => void peers.store.getState()[ticket]?.peer.sendChat({ type: 'typing', isTyping }),
    readChat: ticket => peers.chats.markRead(ticket),
    openDisplayWindow: (ticket, { id, name }) =>
      bridge.call.openDisplayWindow({ ticket, displayId: id, displayName: name }),
    askFurther: (ticket, scopes) => bridge.call.askFurther({ ticket, scopes: [...scopes] }),
    noteSession: (ticket, text) => bridge.call.noteSession({ ticket, text }),
    availableTools: deviceId => bridge.call.availableTools({ deviceId }),
    openTool: (ticket, tool, scriptId) =>
      admin.stepUp.run(() => bridge.call.requestTool({ ticket, tool, ...(scriptId !== undefined && { scriptId }) })),
    scripts: async () => (await bridge.call.scripts(undefined)).scripts,
    registryFiles: registryFiles(bridge.call),
    saveReceipt: async ticket => (await bridge.call.saveReceipt({ ticket })).path,
    verification: () => bridge.call.verification(undefined),
    savePass: async ticket => (await bridge.call.savePass({ ticket })).name,
    passLink: async ticket => (await bridge.call.passLink({ ticket })).link,
    dropPass: texts => bridge.call.dropPass({ texts: [...texts] }),
    async openPass() {
      const { ticket } = await bridge.call.openPass(undefined)
      ui.setState({ selected: ticket, dialog: null })
    },
    dismissPass: () => bridge.call.dismissPass(undefined),
    answerApproval: (sessionId, approve) => bridge.call.answerApproval({ sessionId, approve }),
    redeemHelpCode: code => bridge.call.redeemHelpCode({ code }),
    takeHelp: helpId => bridge.call.takeHelp({ helpId }),
    refreshHelp: () => bridge.call.refreshHelp(undefined),
    beginWatch: async sessionId => (await admin.stepUp.run(() => bridge.call.beginWatch({ sessionId }))).watch,
    watchBeat: sessionId => bridge.call.watchBeat({ sessionId }),
    endWatch: sessionId => bridge.call.endWatch({ sessionId }),
    onWatchShown: listener => bridge.on.watchShown(listener),
    onWatchBegan: listener => bridge.on.watchBegan(({ ticket }) => listener(ticket)),
    setFullScreen: on => bridge.call.setFullScreen({ on }),
    close() {
      stopReconciling()
      following.stop()
      admin.close()
      devices.stop()
      displayWindows?.stop()
      peers.close()
    },
  }
}
