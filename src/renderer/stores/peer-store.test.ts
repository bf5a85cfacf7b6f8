import { expect, test, vi } from 'vitest'
import type { SessionState } from '#protocol/session/state.ts'
import type { Signal } from '#protocol/wire/signal.ts'
import { FakeMain } from '../checks/fake-main.ts'
import { sampleDevice, sampleTab } from '../checks/samples.ts'
import { Emitter } from '../session/emitter.ts'
import type { Peer, PeerSessionEvents } from '../session/peer-session.ts'
import type { Screen, ScreenEvents } from '../session/screen/screen.ts'
import { createOperatorApp } from './operator-app.ts'

/** A connection without a network: it keeps what it is told. */
class FakePeer implements Peer {
  readonly events = new Emitter<PeerSessionEvents>()
  readonly signals: Signal[] = []
  readonly controls: unknown[] = []
  isTrusted = false
  isClosed = false

  handleSignal(signal: Signal): void {
    this.signals.push(signal)
  }
  trust(): void {
    this.isTrusted = true
  }
  sendControl(message: unknown): boolean {
    this.controls.push(message)
    return true
  }
  sendInput(): boolean {
    return true
  }
  readonly chats: unknown[] = []
  sendChat(message: unknown): boolean {
    this.chats.push(message)
    return true
  }
  async stats(): Promise<undefined> {
    return undefined
  }
  close(): void {
    if (this.isClosed) return
    this.isClosed = true
    this.events.emit('closed', { error: null })
    this.events.clear()
  }
}

/** A picture without a browser: it keeps what it was given. */
class FakeScreen implements Screen {
  readonly events = new Emitter<ScreenEvents>()
  readonly canvas = {} as HTMLCanvasElement
  readonly counters = { frames: 0, tileBytes: 0, drawnAtMs: 0 }
  readonly taken: unknown[] = []
  isClosed = false

  takeChannel(channel: RTCDataChannel): void {
    this.taken.push(channel)
  }
  trust(): void {
    this.taken.push('trust')
  }
  takeTrack(track: MediaStreamTrack): void {
    this.taken.push(track)
  }
  close(): void {
    this.isClosed = true
  }
}

const offer = (origin: string): Signal => ({ kind: 'offer', sdp: `v=0\r\no=- ${origin} 2 IN IP4 127.0.0.1\r\n` })
const active: SessionState = { name: 'active', scopes: ['view'], untilMs: 1, mode: 'view' }

async function open() {
  const tab = sampleTab(sampleDevice(1), active)
  const main = new FakeMain({ sessions: [tab] })
  const peers: FakePeer[] = []
  const screens: FakeScreen[] = []
  const later: { run: () => void; delayMs: number }[] = []
  const kept = <T>(list: T[], made: T): T => {
    list.push(made)
    return made
  }
  const app = createOperatorApp(main.bridge, {
    openPeer: () => kept(peers, new FakePeer()),
    openScreen: () => kept(screens, new FakeScreen()),
    schedule: (run, delayMs) => {
      const planned = { run, delayMs }
      later.push(planned)
      return () => void later.splice(later.indexOf(planned), 1)
    },
  })
  /** The time of whatever is planned next comes. */
  const nextComes = () => later.shift()?.run()
  await Promise.resolve()
  await Promise.resolve()
  const { ticket } = tab
  const receive = (signal: Signal) => main.emit('signalReceived', { ticket, signal })
  return { app, main, peers, screens, ticket, receive, later, nextComes, view: () => app.peers.getState()[ticket] }
}

test('an offer opens a connection, and its candidates find it', async () => {
  const { peers, receive, main, ticket } = await open()
  const candidate: Signal = { kind: 'candidate', candidate: 'c', sdpMid: '0', sdpMLineIndex: 0 }
  receive(candidate)
  expect(peers).toHaveLength(0)
  receive(offer('1'))
  receive(candidate)
  expect(peers[0]?.signals).toEqual([offer('1'), candidate])
  const answer: Signal = { kind: 'answer', sdp: 'a' }
  peers[0]?.events.emit('signal', answer)
  expect(main.signals).toEqual([{ ticket, signal: answer }])
})

test('a renegotiation stays in its connection; a new connection replaces the old one', async () => {
  const { peers, receive, view } = await open()
  receive(offer('1'))
  receive(offer('1'))
  expect(peers).toHaveLength(1)
  peers[0]?.events.emit('link', 'up')
  receive(offer('2'))
  expect(peers).toHaveLength(2)
  expect(peers[0]?.isClosed).toBe(true)
  expect(view()).toMatchObject({ peer: peers[1], link: 'connecting' })
  peers[1]?.close()
  expect(view()?.link).toBe('closed')
  receive(offer('2'))
  expect(peers).toHaveLength(3)
})

test('a connection outlives neither its session nor its tab', async () => {
  const { peers, receive, main, ticket, view, app } = await open()
  receive(offer('1'))
  main.setSession(ticket, { name: 'closed', reason: 'user-ended' })
  expect(peers[0]?.isClosed).toBe(true)
  expect(view()).toBeUndefined()
  app.close()
  app.close()
})

test('what the device says is there to be shown', async () => {
  const { peers, receive, view } = await open()
  receive(offer('1'))
  const peer = peers[0]
  peer?.events.emit('open', 'control')
  peer?.events.emit('control', { type: 'screen', state: 'unavailable', message: 'The screen is locked.' })
  expect(view()).toMatchObject({ hasControl: true, hasInput: false, screenProblem: 'The screen is locked.' })
  peer?.events.emit('control', { type: 'screen', state: 'live', message: '' })
  peer?.events.emit('control', { type: 'ended', reason: 'idle' })
  expect(view()).toMatchObject({ screenProblem: null, ended: 'idle' })
})

test('every connection has a picture of its own, which goes with it', async () => {
  const { peers, screens, receive, view, main, ticket } = await open()
  receive(offer('1'))
  const [channel, track] = [{} as RTCDataChannel, {} as MediaStreamTrack]
  peers[0]?.events.emit('tiles', channel)
  peers[0]?.events.emit('track', track)
  expect(screens[0]?.taken).toEqual([channel, track])
  screens[0]?.events.emit('size', { width: 4, height: 3 })
  screens[0]?.events.emit('picture', { atMs: 1 })
  expect(view()).toMatchObject({ screen: screens[0], size: { width: 4, height: 3 }, hasPicture: true })
  receive(offer('2'))
  expect(screens.map(({ isClosed }) => isClosed)).toEqual([true, false])
  expect(view()).toMatchObject({ screen: screens[1], size: null, hasPicture: false })
  screens[0]?.events.emit('unreadable', 'bad-size')
  expect(view()?.unreadable).toBeNull()
  screens[1]?.events.emit('unreadable', 'outside')
  expect(view()?.unreadable).toBe('outside')
  main.setSession(ticket, { name: 'closed', reason: 'user-ended' })
  expect(screens[1]?.isClosed).toBe(true)
})

test('what the engine does and where the device’s pointer is are there to be shown', async () => {
  const { peers, receive, view } = await open()
  receive(offer('1'))
  const engine = { type: 'engine', mode: 'motion', codec: 'VP9', problem: 'link-slow' } as const
  peers[0]?.events.emit('control', engine)
  peers[0]?.events.emit('cursor', { type: 'position', x: 3, y: 4 })
  expect(view()).toMatchObject({ engine, pointer: { x: 3, y: 4 } })
})

test('A166 the chat answers what came, outlives its connection and its session, and goes with its tab', async () => {
  const { app, peers, receive, main, ticket } = await open()
  receive(offer('1'))
  const [first] = peers
  first?.events.emit('chat', { type: 'message', id: 1, text: '<img src=x onerror=alert(1)>' })
  first?.events.emit('chat', { type: 'message', id: 1, text: 'again' })
  expect(first?.chats).toEqual([
    { type: 'received', id: 1 },
    { type: 'received', id: 1 },
  ])
  expect(app.say(ticket, 'Hello')).toBe(true)
  expect(first?.chats.at(-1)).toEqual({ type: 'message', id: 1, text: 'Hello' })
  receive(offer('2'))
  peers[1]?.events.emit('chat', { type: 'received', id: 1 })
  const chat = () => app.chats.getState()[ticket]
  expect(chat()).toMatchObject({ unread: 1, entries: [{ isOwn: false }, { isOwn: true, isReceived: true }] })
  app.readChat(ticket)
  main.setSession(ticket, { name: 'closed', reason: 'user-ended' })
  expect(chat()).toMatchObject({ unread: 0, entries: [{ text: '<img src=x onerror=alert(1)>' }, { text: 'Hello' }] })
  main.set({ sessions: [] })
  expect(chat()).toBeUndefined()
})

test('End goes to the device itself as well as to main', async () => {
  const { app, peers, receive, main, ticket } = await open()
  receive(offer('1'))
  await app.endSession(ticket)
  expect(peers[0]?.controls).toEqual([{ type: 'end' }])
  expect(main.calls.at(-1)).toEqual({ name: 'endSession', args: { ticket } })
})

test('a lost answer ends the connection, a lost candidate does not', async () => {
  const { peers, receive, main } = await open()
  receive(offer('1'))
  main.refusals.set('sendSignal', { code: 'link-closed', message: 'gone' })
  peers[0]?.events.emit('signal', { kind: 'candidate', candidate: '', sdpMid: null, sdpMLineIndex: null })
  await Promise.resolve()
  await Promise.resolve()
  expect(peers[0]?.isClosed).toBe(false)
  main.refusals.set('sendSignal', { code: 'link-closed', message: 'gone' })
  peers[0]?.events.emit('signal', { kind: 'answer', sdp: 'a' })
  await vi.waitFor(() => expect(peers[0]?.isClosed).toBe(true))
})

const again = (connection: number): Signal => ({ kind: 'again', connection })
const numbered = (origin: string, connection: number): Signal => ({ ...offer(origin), connection }) as Signal

test('a connection that is lost is asked for again until there is one', async () => {
  const { peers, receive, main, ticket, later, nextComes, view } = await open()
  receive(offer('1'))
  peers[0]?.events.emit('link', 'up')
  expect(later).toEqual([])
  peers[0]?.events.emit('link', 'down')
  expect(later.map(({ delayMs }) => delayMs)).toEqual([1_500])
  // It mends itself in time.
  peers[0]?.events.emit('link', 'up')
  expect(later).toEqual([])

  peers[0]?.events.emit('link', 'down')
  nextComes()
  expect(main.signals).toEqual([{ ticket, signal: again(1) }])
  await vi.waitFor(() => expect(peers[0]?.isClosed).toBe(true))
  nextComes()
  expect(main.signals.at(-1)).toEqual({ ticket, signal: again(2) })
  // The answer to the first asking comes late, and the device would take what it brought about for the second one's.
  receive(numbered('2', 1))
  expect(peers).toHaveLength(1)
  receive(numbered('3', 2))
  expect(peers).toHaveLength(2)
  expect(view()).toMatchObject({ peer: peers[1], link: 'connecting' })
  peers[1]?.events.emit('link', 'up')
  expect(later).toEqual([])
})

test('the first connection is the device’s to make, however slow it is; only after 10 s is it asked for', async () => {
  const { peers, receive, main, ticket, later } = await open()
  main.setSession(ticket, active)
  expect(later.map(({ delayMs }) => delayMs)).toEqual([10_000])
  receive(offer('1'))
  expect([peers.length, later]).toEqual([1, []])
  main.setSession(ticket, { name: 'closed', reason: 'link-lost' })
  const another = await open()
  another.main.setSession(another.ticket, active)
  another.nextComes()
  expect(another.main.signals).toEqual([{ ticket: another.ticket, signal: again(1) }])
})

test('a window that was opened anew hears that the session’s connection is lost, and asks as soon as any other', async () => {
  const { main, ticket, later } = await open()
  main.setSession(ticket, active)
  main.setSession(ticket, { ...active, name: 'reconnecting', giveUpAtMs: 9, pausedBy: null })
  expect(later.map(({ delayMs }) => delayMs)).toEqual([1_500])
})

test('a window hears by the device that its connection is lost; while main can’t ask, the connection may mend itself', async () => {
  const { peers, receive, main, ticket, later, nextComes } = await open()
  receive(offer('1'))
  peers[0]?.events.emit('link', 'up')
  const lost: SessionState = { ...active, name: 'reconnecting', giveUpAtMs: 9, pausedBy: null }
  main.setSession(ticket, lost)
  main.refusals.set('sendSignal', { code: 'link-closed', message: 'gone' })
  nextComes()
  await Promise.resolve()
  await Promise.resolve()
  expect(peers[0]?.isClosed).toBe(false)
  expect(later.map(({ delayMs }) => delayMs)).toEqual([10_000])
  main.setSession(ticket, active)
  expect(later).toEqual([])
})

test('a session that begins anew, or is over, asks for no other connection', async () => {
  const { peers, receive, main, ticket, later, nextComes } = await open()
  receive(offer('1'))
  peers[0]?.events.emit('link', 'down')
  nextComes()
  main.setSession(ticket, { name: 'lingering', scopes: ['view'], untilMs: 1 })
  expect(later).toEqual([])
  main.setSession(ticket, { name: 'connecting', scopes: ['view'], untilMs: 1 })
  receive(offer('2'))
  expect(peers).toHaveLength(2)
  main.setSession(ticket, active)
  main.setSession(ticket, { name: 'closed', reason: 'link-lost' })
  expect(later).toEqual([])
})
