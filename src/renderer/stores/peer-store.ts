import { createStore, type StoreApi } from 'zustand/vanilla'
import type { SessionTab, TabPaths } from '#ipc/operator.ts'
import type { Company } from '#protocol/peer/company.ts'
import type { AgentControl, EngineState } from '#protocol/peer/control.ts'
import { IcePaths } from '#protocol/peer/ice-paths.ts'
import type { TilesProblem } from '#protocol/peer/tiles.ts'
import { isLive } from '#protocol/session/machine.ts'
import type { EndReason } from '#protocol/session/reasons.ts'
import type { Fingerprints } from '#protocol/trust/transcript.ts'
import type { Signal } from '#protocol/wire/signal.ts'
import { type CursorImage, cursorImageOf } from '../session/cursor-image.ts'
import type { Point, Size } from '../session/geometry.ts'
import { offerOrigin } from '../session/offer-origin.ts'
import { type Peer, PeerSession } from '../session/peer-session.ts'
import { openScreen, type Screen } from '../session/screen/screen.ts'
import { ToolsClient } from '../session/tools/tools-client.ts'
import { type Chats, createChats } from './chat-store.ts'
import { type Lack, LostLinks, type Schedule, schedule } from './lost-links.ts'

type Displays = Extract<AgentControl, { type: 'displays' }>

/** What is known of the connection behind one tab. */
export interface PeerView {
  readonly peer: Peer
  readonly link: 'connecting' | 'up' | 'down' | 'closed'
  /** Where its picture is drawn, shown or not. */
  readonly screen: Screen
  /** The picture's size in the device's pixels; null before the first. */
  readonly size: Size | null
  readonly hasPicture: boolean
  readonly hasControl: boolean
  readonly hasInput: boolean
  readonly displays: Displays | null
  /** Why there is no picture; null while there is one. */
  readonly screenProblem: string | null
  /** The device sent a picture that can't be read: it has no way back. */
  readonly unreadable: TilesProblem | null
  readonly engine: EngineState | null
  /** Who is in the session; null while nobody but this operator ever was. */
  readonly company: Company | null
  /** The device has heard nothing of the relay for a while and takes no input. */
  readonly isFrozen: boolean
  /** What is typed at the device comes to the person's own window, and no key of the operator's is taken. */
  readonly isKeyboardPersons: boolean
  readonly cursor: CursorImage | null
  /** Where the device's pointer is when this operator isn't who moves it; null while nobody said. */
  readonly pointer: Point | null
  /** The channel of the tools; null before it is there and when it is gone. */
  readonly tools: ToolsClient | null
  readonly ended: EndReason | null
}

export type PeerStore = StoreApi<Readonly<Record<string, PeerView>>>

export interface Peers {
  readonly store: PeerStore
  readonly chats: Chats
  /** How connections of a tab that are made from now on may reach the device. */
  setPaths(paths: TabPaths): void
  /** Follows main's list of tabs: a connection outlives neither its session nor its tab. */
  keepOnly(tabs: readonly SessionTab[]): void
  /** Closes every connection. Idempotent. */
  close(): void
}

/** What connections need of main. */
export interface SignalBridge {
  readonly call: {
    readonly sendSignal: (signal: { ticket: string; signal: Signal }) => Promise<void>
    /** Absent where signals come over a connection that is proven: what they make needs no proof of its own. */
    readonly proveConnection?: (proof: { ticket: string; fingerprints: Fingerprints }) => Promise<void>
  }
  readonly on: {
    readonly signalReceived: (listener: (received: { ticket: string; signal: Signal }) => void) => () => void
    readonly pathsChanged: (listener: (paths: TabPaths) => void) => () => void
    readonly peerVerified?: (listener: (verified: { ticket: string; fingerprints: Fingerprints }) => void) => () => void
  }
}

/** Hears what concerns the other windows of a session. */
export interface ControlListener {
  handleControl(ticket: string, message: AgentControl): void
  handleOpen(ticket: string): void
}

/** What a connection is made of. */
export interface PeerParts {
  readonly openPeer: (paths: IcePaths) => Peer
  readonly openScreen: () => Screen
  readonly schedule: Schedule
}

const BROWSER_PARTS: PeerParts = { openPeer: paths => new PeerSession(paths), openScreen, schedule }

/** Owns the window's connections: one for each tab whose device has offered one, shown or not. */
export function createPeers(
  bridge: SignalBridge,
  parts: Partial<PeerParts> = {},
  listener?: (store: PeerStore) => ControlListener,
): Peers {
  const { openPeer, openScreen, schedule: later } = { ...BROWSER_PARTS, ...parts }
  const store: PeerStore = createStore(() => ({}))
  const chats = createChats(Date.now)
  const origins = new Map<string, string | undefined>()
  const proving = new Map<Peer, Fingerprints>()
  const paths = new Map<string, IcePaths>()
  const listening = listener?.(store)
  /** Tabs whose session has a connection, or should have one. */
  let live: readonly SessionTab[] = []
  const renewals = new Map<string, number>()
  const lost = new LostLinks(ticket => renew(ticket), later)

  const lackOf = ({ ticket, state }: SessionTab): Lack | undefined => {
    const link = store.getState()[ticket]?.link
    if (state.name === 'reconnecting' || link === 'down' || link === 'closed') return 'lost'
    return link ? undefined : 'awaited'
  }

  const lookForLost = () =>
    lost.follow(
      new Map(
        live.flatMap(tab => {
          const lack = lackOf(tab)
          return lack ? [[tab.ticket, lack] as const] : []
        }),
      ),
    )

  /** Asks for another connection. What main can't send now is asked for again a little later, and the one there is may mend itself meanwhile. */
  const renew = (ticket: string) => {
    const connection = (renewals.get(ticket) ?? 0) + 1
    renewals.set(ticket, connection)
    const given = store.getState()[ticket]?.peer
    bridge.call.sendSignal({ ticket, signal: { kind: 'again', connection } }).then(
      () => given?.close(),
      () => undefined,
    )
  }

  const update = (ticket: string, peer: Peer, change: Partial<PeerView>) => {
    const view = store.getState()[ticket]
    // Late words of a connection that was replaced say nothing about the one that replaced it.
    if (view?.peer === peer) store.setState({ [ticket]: { ...view, ...change } })
  }

  const pathsOf = (ticket: string): IcePaths => {
    const known = paths.get(ticket) ?? new IcePaths()
    paths.set(ticket, known)
    return known
  }

  const setPaths = (changed: TabPaths) => pathsOf(changed.ticket).set(changed.relayUrl, changed.paths)

  const open = (ticket: string): Peer => {
    const replaced = store.getState()[ticket]
    const peer = openPeer(pathsOf(ticket))
    const screen = openScreen()
    store.setState({ [ticket]: initialView(peer, screen) })
    if (replaced) close(replaced)
    screen.events.on('size', size => update(ticket, peer, { size }))
    screen.events.on('picture', () => update(ticket, peer, { hasPicture: true }))
    screen.events.on('unreadable', unreadable => update(ticket, peer, { unreadable }))
    const connection = renewals.get(ticket)
    peer.events.on('signal', signal => {
      // The device takes it for the newest connection's.
      if (renewals.get(ticket) !== connection) return
      // A lost candidate costs one path of several; a lost answer costs the connection.
      bridge.call.sendSignal({ ticket, signal }).catch(() => {
        if (signal.kind === 'answer') peer.close()
      })
    })
    peer.events.on('fingerprints', fingerprints => {
      proving.set(peer, fingerprints)
      if (bridge.call.proveConnection) bridge.call.proveConnection({ ticket, fingerprints }).catch(() => peer.close())
      else trust(ticket, fingerprints)
    })
    peer.events.on('link', link => update(ticket, peer, { link }))
    peer.events.on('track', track => screen.takeTrack(track))
    peer.events.on('tiles', channel => screen.takeChannel(channel))
    peer.events.on('tools', channel => {
      const tools = new ToolsClient(channel)
      tools.events.on('opened-channel', () => update(ticket, peer, { tools }))
      tools.events.on('closed', () => update(ticket, peer, { tools: null }))
    })
    peer.events.on('open', label => {
      update(ticket, peer, label === 'control' ? { hasControl: true } : label === 'input' ? { hasInput: true } : {})
      if (label === 'control') listening?.handleOpen(ticket)
    })
    peer.events.on('closed', () => {
      proving.delete(peer)
      update(ticket, peer, { link: 'closed', hasControl: false, hasInput: false })
    })
    peer.events.on('control', message => {
      update(ticket, peer, changeOf(message))
      listening?.handleControl(ticket, message)
    })
    peer.events.on('chat', message => {
      const reply = chats.hear(ticket, message)
      if (reply) peer.sendChat(reply)
    })
    peer.events.on('cursor', async message => {
      if (message.type === 'position') return update(ticket, peer, { pointer: { x: message.x, y: message.y } })
      const cursor = await cursorImageOf(message)
      if (cursor) update(ticket, peer, { cursor })
    })
    return peer
  }

  const handleSignal = (ticket: string, signal: Signal) => {
    const current = store.getState()[ticket]
    if (signal.kind !== 'offer') return current?.peer.handleSignal(signal)
    // A late one, of a connection that nobody waits for any more.
    if (signal.connection !== renewals.get(ticket)) return
    const origin = offerOrigin(signal.sdp)
    const isSame = current && current.link !== 'closed' && origins.get(ticket) === origin
    origins.set(ticket, origin)
    ;(isSame ? current.peer : open(ticket)).handleSignal(signal)
  }

  const drop = (ticket: string) => {
    const { [ticket]: dropped, ...others } = store.getState()
    if (!dropped) return
    store.setState(others, true)
    origins.delete(ticket)
    close(dropped)
  }

  const trust = (ticket: string, { own, peer }: Fingerprints) => {
    const view = store.getState()[ticket]
    const present = view && proving.get(view.peer)
    // The proof of a connection says nothing of the one that replaced it meanwhile.
    if (present?.own !== own || present.peer !== peer) return
    // The screen first: it must be ready to read before the device is asked for a picture.
    view?.screen.trust()
    view?.peer.trust()
  }

  const subscriptions = [
    bridge.on.signalReceived(({ ticket, signal }) => handleSignal(ticket, signal)),
    bridge.on.pathsChanged(setPaths),
    bridge.on.peerVerified?.(({ ticket, fingerprints }) => trust(ticket, fingerprints)),
    store.subscribe(lookForLost),
  ]

  return {
    store,
    chats,
    setPaths,
    keepOnly(tabs) {
      chats.keepOnly(new Set(tabs.map(tab => tab.ticket)))
      const alive = new Set(tabs.filter(tab => tab.state.name !== 'closed').map(tab => tab.ticket))
      for (const ticket of Object.keys(store.getState())) if (!alive.has(ticket)) drop(ticket)
      for (const ticket of paths.keys()) if (!alive.has(ticket)) paths.delete(ticket)
      live = tabs.filter(({ state }) => isLive(state))
      // A way in that is opened anew begins with a first connection.
      for (const ticket of renewals.keys()) if (!live.some(tab => tab.ticket === ticket)) renewals.delete(ticket)
      lookForLost()
    },
    close() {
      for (const stop of subscriptions) stop?.()
      lost.follow(new Map())
      for (const ticket of Object.keys(store.getState())) drop(ticket)
    },
  }
}

function close({ peer, screen }: PeerView): void {
  peer.close()
  screen.close()
}

const initialView = (peer: Peer, screen: Screen): PeerView => ({
  peer,
  screen,
  link: 'connecting',
  size: null,
  hasPicture: false,
  hasControl: false,
  hasInput: false,
  displays: null,
  screenProblem: null,
  unreadable: null,
  engine: null,
  company: null,
  isFrozen: false,
  isKeyboardPersons: false,
  cursor: null,
  pointer: null,
  tools: null,
  ended: null,
})

function changeOf(message: AgentControl): Partial<PeerView> {
  if (message.type === 'displays') return { displays: message }
  if (message.type === 'screen') return { screenProblem: message.state === 'live' ? null : message.message }
  if (message.type === 'engine') return { engine: message }
  if (message.type === 'company') return { company: message.people }
  if (message.type === 'lease') return { isFrozen: message.state === 'frozen' }
  if (message.type === 'keyboard') return { isKeyboardPersons: message.isPersons }
  if (message.type === 'ended') return { ended: message.reason }
  return {}
}
