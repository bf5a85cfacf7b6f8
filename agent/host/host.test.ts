import { type AddressInfo, createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { idFromBytes } from '#protocol/ids.ts'
import { CHANNELS, type ChannelLabel } from '#protocol/peer/channels.ts'
import { agentControlSchema } from '#protocol/peer/control.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import { type AnsweringPeer, type Colour, createAnsweringPeer } from '#testing/answering-peer.ts'
import { sourceProgram } from '#testing/source-program.ts'
import { type Child, startChild } from '../links/child.ts'
import { type HostToService, hostToServiceSchema, type ServiceToHost } from '../links/host-link.ts'

const sessionId = idFromBytes('session', new Uint8Array(16))
const seatSchema = z.object({
  type: z.literal('fixture-seat'),
  heldKeys: z.array(z.string()),
  heldButtons: z.array(z.number()),
  pointer: z.object({ x: z.number(), y: z.number() }),
  typed: z.string(),
  actions: z.array(z.looseObject({ kind: z.string() })),
})
type Seat = z.infer<typeof seatSchema>
type FixtureMessage = { readonly type: `fixture-${string}`; readonly [key: string]: unknown }

interface Rig {
  readonly host: Child<ServiceToHost | FixtureMessage>
  /** The newest. */
  peer: AnsweringPeer
  readonly messages: HostToService[]
  seat(): Promise<Seat>
}

/** Of this machine, but not its loopback, which no peer dials from another address. */
const ownAddress = Object.values(networkInterfaces())
  .flatMap(addresses => addresses ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address

const open: Rig[] = []
afterEach(async () => {
  for (const rig of open.splice(0)) {
    rig.peer.close()
    rig.host.kill()
    await rig.host.exited
  }
})

/** A real host process on a fake computer, connected to a real peer in this process, whose answer names `others` too. */
async function startRig(
  scopes: Scope[] = ['view', 'control'],
  others: readonly string[] = [],
  mayReturn = false,
): Promise<Rig> {
  const messages: HostToService[] = []
  const seats: ((seat: Seat) => void)[] = []
  const host = startChild<HostToService | Seat, ServiceToHost | FixtureMessage>({
    command: sourceProgram(new URL('../../testing/fake-host.ts', import.meta.url)),
    environment: { PATH: process.env.PATH ?? '' },
    incoming: z.union([hostToServiceSchema, seatSchema]),
    onMessage: message => {
      if (message.type === 'fixture-seat') return seats.shift()?.(message)
      messages.push(message)
      if (message.type === 'signal') void rig.peer.handleSignal(message.signal)
      if (message.type === 'fingerprints') host.send({ type: 'trust-peer' })
      if (message.type === 'peer-trusted') rig.peer.trust()
      if (message.type === 'renewed') rig.peer = answer()
    },
    onInvalid: () => messages.push({ type: 'log', level: 'error', message: 'invalid message' }),
    onLine: line => console.error(line),
  })
  const answer = () =>
    createAnsweringPeer(signal => {
      host.send({ type: 'signal', signal })
      if (signal.kind !== 'answer') return
      for (const candidate of others)
        host.send({ type: 'signal', signal: { kind: 'candidate', candidate, sdpMid: '0', sdpMLineIndex: 0 } })
    })
  const rig: Rig = {
    host,
    peer: answer(),
    messages,
    seat: () =>
      new Promise(resolve => {
        seats.push(resolve)
        host.send({ type: 'fixture-seat' })
      }),
  }
  open.push(rig)
  host.send({ type: 'prepare', target: { platform: 'fake', displayAddress: null } })
  await vi.waitUntil(() => messages.some(message => message.type === 'ready'), { timeout: 15_000 })
  host.send({ type: 'start', sessionId, scopes, ...(mayReturn && { mayReturn }) })
  await rig.peer.opened('control')
  await rig.peer.opened('input')
  await rig.peer.opened('cursor')
  await vi.waitUntil(() => messages.some(message => message.type === 'peer-connected'), { timeout: 15_000 })
  return rig
}

const isNear = (colour: Colour, red: number, green: number, blue: number) =>
  Math.abs(colour.red - red) < 24 && Math.abs(colour.green - green) < 24 && Math.abs(colour.blue - blue) < 24

const seatWhen = (rig: Rig, test: (seat: Seat) => boolean) =>
  vi.waitUntil(
    async () => {
      const seat = await rig.seat()
      return test(seat) ? seat : undefined
    },
    { timeout: 15_000 },
  )

describe('session host', () => {
  it('shows the screen in its colours and size, and follows it', async () => {
    const rig = await startRig()
    const first = await rig.peer.picture(picture => isNear(picture.at(320, 240), 255, 0, 0))
    expect([first.width, first.height]).toEqual([640, 480])
    rig.host.send({ type: 'fixture-paint', colour: 0x00c040 })
    await rig.peer.picture(picture => isNear(picture.at(10, 470), 0, 0xc0, 0x40))
    rig.host.send({ type: 'fixture-resize', width: 801, height: 601 })
    const resized = await rig.peer.picture(picture => picture.width !== 640)
    expect([resized.width, resized.height]).toEqual([801, 601])
    expect(rig.messages.some(({ type }) => type === 'peer-connected')).toBe(true)
  })

  it('lists displays, switches between them and maps input to the one that is shown', async () => {
    const rig = await startRig()
    await rig.peer.message('control', message => JSON.stringify(message).includes('"selectedId":"left"'))
    rig.peer.send('control', { type: 'select-display', displayId: 'right' })
    await rig.peer.message('control', message => JSON.stringify(message).includes('"selectedId":"right"'))
    const picture = await rig.peer.picture(candidate => isNear(candidate.at(100, 100), 0, 0, 255))
    expect([picture.width, picture.height]).toEqual([321, 241])
    rig.peer.send('input', { type: 'pointer-move', x: 10, y: 20 })
    const seat = await seatWhen(rig, ({ pointer }) => pointer.x !== 0)
    expect(seat.pointer).toEqual({ x: 650, y: 120 })
  })

  it('shows all displays as one picture, maps input to it, and follows displays that move, come and go', async () => {
    const rig = await startRig()
    await rig.peer.picture(() => true)
    rig.peer.send('control', { type: 'select-display', displayId: 'all' })
    const both = await rig.peer.picture(({ width, height, at }) => width === 961 && height === 480 && at(0, 0).red > 0)
    expect(both.at(639, 0)).toEqual({ red: 255, green: 0, blue: 0 })
    expect(both.at(640, 99)).toEqual({ red: 0, green: 0, blue: 0 })
    expect(both.at(960, 340)).toEqual({ red: 0, green: 0, blue: 255 })
    const announced = await rig.peer.message('control', message =>
      JSON.stringify(message).includes('"selectedId":"all"'),
    )
    expect(announced).toMatchObject({ selectedId: 'all', displays: [{ id: 'left' }, { id: 'right' }] })

    rig.peer.send('input', { type: 'pointer-move', x: 700, y: 150 })
    await seatWhen(rig, ({ pointer }) => pointer.x === 700 && pointer.y === 150)

    rig.host.send({ type: 'fixture-move-display', id: 'right', x: 640, y: 0 })
    await rig.peer.picture(picture => picture.width === 961 && isNear(picture.at(960, 0), 0, 0, 255))
    rig.host.send({ type: 'fixture-add-display', id: 'third', x: 100, y: 480 })
    await rig.peer.picture(picture => picture.height === 580 && isNear(picture.at(299, 579), 255, 255, 0))
    rig.host.send({ type: 'fixture-remove-display', id: 'right' })
    await rig.peer.picture(picture => picture.width === 640 && isNear(picture.at(100, 480), 255, 255, 0))
    expect(rig.messages.some(({ type }) => type === 'link-interrupted' || type === 'ended')).toBe(false)
  })

  it('shows another display in a second picture of the same session, with its own input, until it is closed', async () => {
    const rig = await startRig()
    await rig.peer.picture(picture => isNear(picture.at(0, 0), 255, 0, 0))
    const view = createAnsweringPeer(signal => rig.peer.send('control', { type: 'view-signal', view: 1, signal }))
    view.trust()
    rig.peer.onControl(message => {
      const parsed = agentControlSchema.parse(message)
      if (parsed.type === 'view-signal') void view.handleSignal(parsed.signal)
    })
    rig.peer.send('control', { type: 'open-view', view: 1, displayId: 'right' })
    const right = await view.picture(picture => isNear(picture.at(100, 100), 0, 0, 255))
    expect([right.width, right.height]).toEqual([321, 241])
    await view.opened('input')
    view.send('input', { type: 'pointer-move', x: 10, y: 20 })
    await seatWhen(rig, ({ pointer }) => pointer.x === 650 && pointer.y === 120)
    rig.peer.send('input', { type: 'pointer-move', x: 10, y: 20 })
    await seatWhen(rig, ({ pointer }) => pointer.x === 10 && pointer.y === 20)

    view.send('input', { type: 'key', code: 'ShiftLeft', pressed: true })
    rig.peer.send('input', { type: 'key', code: 'KeyA', pressed: true })
    const bothHeld = (message: HostToService) => message.type === 'held' && message.held.keys.length === 2
    await vi.waitUntil(() => rig.messages.some(bothHeld), { timeout: 15_000 })

    rig.host.send({ type: 'set-paused', paused: true })
    await seatWhen(rig, ({ heldKeys }) => heldKeys.length === 0)
    const shown = view.pictures
    view.send('input', { type: 'pointer-move', x: 30, y: 30 })
    const isRefused = (message: HostToService) => message.type === 'input-dropped' && message.why === 'paused'
    await vi.waitUntil(() => rig.messages.some(isRefused), { timeout: 15_000 })
    rig.host.send({ type: 'set-paused', paused: false })
    await vi.waitUntil(() => view.pictures > shown, { timeout: 15_000 })
    expect((await rig.seat()).pointer).toEqual({ x: 10, y: 20 })

    // A picture of a session has none of its own.
    view.send('control', { type: 'open-view', view: 2, displayId: 'left' })
    rig.peer.send('control', { type: 'close-view', view: 1 })
    await view.channelClosed('control')
    expect(view.received('control').some(has('view-signal'))).toBe(false)
    expect(rig.messages.some(({ type }) => type === 'link-interrupted' || type === 'ended')).toBe(false)
    view.close()
  })

  it('falls back to the primary display when the chosen one goes, and returns with it', async () => {
    const rig = await startRig()
    rig.peer.send('control', { type: 'select-display', displayId: 'right' })
    await rig.peer.picture(picture => picture.width === 321 && isNear(picture.at(0, 0), 0, 0, 255))
    rig.host.send({ type: 'fixture-remove-display', id: 'right' })
    await rig.peer.picture(picture => picture.width === 640 && isNear(picture.at(639, 479), 255, 0, 0))
    rig.peer.send('input', { type: 'pointer-move', x: 33, y: 44 })
    await seatWhen(rig, ({ pointer }) => pointer.x === 33 && pointer.y === 44)
    rig.host.send({ type: 'fixture-add-display', id: 'right', x: 640, y: 0 })
    await rig.peer.picture(picture => picture.width === 200 && isNear(picture.at(199, 99), 255, 255, 0))
    expect(JSON.stringify(rig.peer.received('control').findLast(has('screen')))).toContain('"state":"live"')
  })

  it('applies input in its order and coalesces pointer moves', async () => {
    const rig = await startRig()
    for (let x = 1; x <= 300; x++) rig.peer.send('input', { type: 'pointer-move', x, y: 5 })
    rig.peer.send('input', { type: 'pointer-button', button: 0, pressed: true, x: 300, y: 5 })
    rig.peer.send('input', { type: 'pointer-button', button: 0, pressed: false, x: 310, y: 5 })
    rig.peer.send('input', { type: 'key', code: 'KeyH', pressed: true })
    rig.peer.send('input', { type: 'key', code: 'KeyH', pressed: false })
    rig.peer.send('input', { type: 'text', text: 'ello ✓' })
    const seat = await seatWhen(rig, ({ typed }) => typed.endsWith('✓'))
    expect(seat.typed).toBe('hello ✓')
    expect(seat.actions.filter(({ kind }) => kind === 'move').length).toBeLessThan(300)
    const kinds = seat.actions.filter(({ kind }) => kind !== 'move').map(({ kind }) => kind)
    expect(kinds).toEqual(['button', 'button', 'key', 'key', 'text'])
    expect(seat.heldKeys).toEqual([])
    // Three hundred messages in no time are one thing that the operator does.
    const active = rig.messages.filter(({ type }) => type === 'activity').length
    expect(active).toBeGreaterThan(0)
    expect(active).toBeLessThan(10)
  })

  it.skipIf(ownAddress === undefined)(
    'A37 connects to nothing that the operator’s program names beside itself',
    async () => {
      let calls = 0
      const lure = createServer(socket => {
        calls++
        socket.destroy()
      })
      await new Promise<void>(resolve => lure.listen(0, ownAddress, resolve))
      const { port } = lure.address() as AddressInfo
      await startRig(['view'], [`candidate:1 1 tcp 1518280447 ${ownAddress} ${port} typ host tcptype passive`])
      expect(calls).toBe(0)
      await new Promise(resolve => lure.close(resolve))
    },
  )

  it('A61 drops all input of a view-only session and reports each kind once', async () => {
    const rig = await startRig(['view'])
    for (let times = 0; times < 3; times++) {
      rig.peer.send('input', { type: 'key', code: 'KeyA', pressed: true })
      rig.peer.send('input', { type: 'pointer-move', x: 5, y: 5 })
    }
    await vi.waitUntil(() => rig.messages.filter(({ type }) => type === 'input-dropped').length === 2, {
      timeout: 15_000,
    })
    expect((await rig.seat()).actions).toEqual([])
    expect(rig.messages.filter(({ type }) => type === 'input-dropped')).toEqual([
      { type: 'input-dropped', kind: 'key', why: 'scope' },
      { type: 'input-dropped', kind: 'pointer-move', why: 'scope' },
    ])
  })

  it('takes no input while the lease of the session is missing, shows the picture on, and says so', async () => {
    const rig = await startRig()
    await rig.peer.picture(() => true)
    rig.peer.send('input', { type: 'key', code: 'ShiftLeft', pressed: true })
    await seatWhen(rig, ({ heldKeys }) => heldKeys.length === 1)
    rig.host.send({ type: 'set-frozen', frozen: true })
    await rig.peer.message('control', message => JSON.stringify(message) === '{"type":"lease","state":"frozen"}')
    expect((await rig.seat()).heldKeys).toEqual([])
    rig.peer.send('input', { type: 'key', code: 'KeyA', pressed: true })
    await vi.waitUntil(
      () => rig.messages.some(message => message.type === 'input-dropped' && message.why === 'frozen'),
      { timeout: 15_000 },
    )
    rig.host.send({ type: 'fixture-paint', colour: 0x00c040 })
    await rig.peer.picture(picture => isNear(picture.at(10, 470), 0, 0xc0, 0x40))
    rig.host.send({ type: 'set-frozen', frozen: false })
    rig.peer.send('input', { type: 'key', code: 'KeyB', pressed: true })
    const seat = await seatWhen(rig, ({ heldKeys }) => heldKeys.length === 1)
    expect(seat.heldKeys).toEqual(['KeyB'])
  })

  it('A166 says that the person’s own window has the keyboard, and that it is over; a new connection hears it too', async () => {
    const rig = await startRig(['view', 'control'], [], true)
    const saysThat = (isPersons: boolean) => JSON.stringify({ type: 'keyboard', isPersons })
    const isTold = (isPersons: boolean) =>
      rig.peer.message('control', message => JSON.stringify(message) === saysThat(isPersons))
    const area = { x: 0, y: 0, width: 10, height: 10 }
    // Where the window stands is nothing to say.
    rig.host.send({ type: 'set-keep-out', keepOut: { area, hasKeyboard: false } })
    rig.host.send({ type: 'set-keep-out', keepOut: { area, hasKeyboard: true } })
    rig.host.send({ type: 'set-keep-out', keepOut: { area: null, hasKeyboard: true } })
    await isTold(true)
    rig.host.send({ type: 'set-keep-out', keepOut: { area, hasKeyboard: false } })
    await isTold(false)
    rig.host.send({ type: 'set-keep-out', keepOut: { area, hasKeyboard: true } })
    const { peer } = rig
    peer.close()
    await vi.waitUntil(() => rig.messages.some(({ type }) => type === 'link-interrupted'))
    rig.host.send({ type: 'signal', signal: { kind: 'again', connection: 7 } })
    await vi.waitUntil(() => rig.peer !== peer)
    await isTold(true)
  })

  it('A62 a pause lifts what is held, stops pictures and input, and resuming applies nothing of before', async () => {
    const rig = await startRig()
    await rig.peer.picture(() => true)
    rig.peer.send('input', { type: 'key', code: 'ShiftLeft', pressed: true })
    await seatWhen(rig, ({ heldKeys }) => heldKeys.length === 1)
    rig.host.send({ type: 'set-paused', paused: true })
    await seatWhen(rig, ({ heldKeys }) => heldKeys.length === 0)
    rig.peer.send('input', { type: 'text', text: 'secret' })
    await vi.waitUntil(
      () => rig.messages.some(message => message.type === 'input-dropped' && message.why === 'paused'),
      { timeout: 15_000 },
    )
    rig.host.send({ type: 'fixture-paint', colour: 0x0000ff })
    rig.host.send({ type: 'set-paused', paused: false })
    await rig.peer.picture(picture => isNear(picture.at(320, 240), 0, 0, 255))
    expect((await rig.seat()).typed).toBe('')
  })

  it('A164 each channel takes what its row says, with seeing alone, with everything, and paused; none outlives the session', async () => {
    const rig = await startRig(['view'])
    const { peer, messages } = rig
    await peer.picture(() => true)
    await Promise.all([peer.opened('chat'), peer.opened('tools')])
    const TOOLS = ['shell', 'processes', 'services'] as const
    let round = 0
    /** What is seen first: that it was taken, or that it was refused. */
    const either = async (isTaken: () => boolean | Promise<boolean>, isRefused: () => boolean) => {
      await vi.waitUntil(async () => isRefused() || (await isTaken()), { timeout: 15_000 })
      return !isRefused()
    }
    const dropped = (kind: string) =>
      messages.filter(said => said.type === 'input-dropped' && said.kind === kind).length
    // A channel without a probe doesn't compile; what leaves on the other two has tests of its own.
    const probes: Record<Exclude<ChannelLabel, 'tiles' | 'cursor'>, () => Promise<boolean>> = {
      async control() {
        peer.send('control', { type: 'ping', sequence: round })
        await peer.message('control', said => JSON.stringify(said) === `{"type":"pong","sequence":${round}}`)
        return true
      },
      input() {
        const [x, before] = [10 + round, dropped('pointer-move')]
        peer.send('input', { type: 'pointer-move', x, y: 5 })
        return either(
          async () => (await rig.seat()).pointer.x === x,
          () => dropped('pointer-move') > before,
        )
      },
      tools() {
        const tool = TOOLS[round] ?? 'shell'
        peer.send('tools', new TextEncoder().encode(JSON.stringify({ type: 'unlock', tool, grant: 'g'.repeat(64) })))
        return either(
          () => messages.some(said => said.type === 'start-tool' && said.tool === tool),
          () => messages.some(said => said.type === 'tool-refused' && said.tool === tool),
        )
      },
      chat() {
        const [id, before] = [round + 1, dropped('chat')]
        peer.send('chat', { type: 'message', id, text: 'Hello' })
        return either(
          () => messages.some(said => said.type === 'chat' && said.chat.type === 'message' && said.chat.id === id),
          () => dropped('chat') > before,
        )
      },
    }
    const labels = Object.keys(probes) as (keyof typeof probes)[]
    const taken = async () => {
      const seen: Record<string, boolean> = {}
      for (const label of labels) seen[label] = await probes[label]()
      round++
      return seen
    }
    const byTable = (scopes: readonly Scope[], isPaused: boolean) =>
      Object.fromEntries(
        labels.map(label => {
          const { scope, whilePaused } = CHANNELS[label]
          return [label, scopes.includes(scope === 'tool' ? 'shell' : scope) && (!isPaused || whilePaused)]
        }),
      )
    expect(await taken()).toEqual(byTable(['view'], false))
    const everything: Scope[] = ['view', 'control', ...TOOLS]
    rig.host.send({ type: 'set-scopes', scopes: everything })
    await rig.seat()
    expect(await taken()).toEqual(byTable(everything, false))
    rig.host.send({ type: 'set-paused', paused: true })
    await vi.waitUntil(() => messages.some(said => said.type === 'paused-is' && said.paused), { timeout: 15_000 })
    expect(await taken()).toEqual(byTable(everything, true))
    rig.host.send({ type: 'stop', reason: 'idle' })
    await Promise.all(labels.map(label => peer.channelClosed(label)))
  })

  it('refuses oversized, binary and malformed messages and channels that the table does not name', async () => {
    const rig = await startRig()
    rig.peer.send('input', 'x'.repeat(20 * 1024))
    rig.peer.send('input', new Uint8Array(8))
    rig.peer.send('input', { type: 'key', code: 'KeyA', pressed: 'yes' })
    rig.peer.send('input', '{"__proto__":{"x":1}}')
    rig.peer.send('cursor', { type: 'shape' })
    rig.peer.send('control', { type: 'format-disk' })
    await rig.peer.openForbiddenChannel('tools')
    rig.peer.send('control', { type: 'ping', sequence: 7 })
    await rig.peer.message('control', message => JSON.stringify(message) === '{"type":"pong","sequence":7}')
    expect((await rig.seat()).actions).toEqual([])
  })

  it('sends nothing while nobody watches', async () => {
    const rig = await startRig()
    await rig.peer.picture(() => true)
    rig.peer.send('control', { type: 'watching', watching: false })
    rig.peer.send('control', { type: 'ping', sequence: 1 })
    await rig.peer.message('control', message => JSON.stringify(message).includes('pong'))
    rig.host.send({ type: 'fixture-paint', colour: 0x00ff00 })
    rig.peer.send('control', { type: 'watching', watching: true })
    await rig.peer.picture(picture => isNear(picture.at(320, 240), 0, 255, 0))
  })

  it('says why there is no screen and shows it again', async () => {
    const rig = await startRig()
    await rig.peer.message('control', message => JSON.stringify(message).includes('"state":"live"'))
    rig.peer.send('input', { type: 'key', code: 'KeyA', pressed: true })
    await seatWhen(rig, ({ heldKeys }) => heldKeys.length === 1)
    rig.host.send({ type: 'fixture-lose-desktop' })
    await rig.peer.message('control', message => JSON.stringify(message).includes('"state":"unavailable"'))
    await vi.waitUntil(
      () => JSON.stringify(rig.peer.received('control').findLast(has('screen'))).includes('"state":"live"'),
      { timeout: 15_000 },
    )
    expect((await rig.seat()).heldKeys).toEqual([])
  })

  it('sends the shape of the pointer', async () => {
    const rig = await startRig()
    const message = await rig.peer.message('cursor', () => true)
    expect(message).toMatchObject({ type: 'shape', width: 1, height: 1 })
  })

  it('sends the place of the pointer when the person moves it, in pixels of the shown display, and never one’s own movement', async () => {
    const rig = await startRig()
    await rig.peer.picture(() => true)
    rig.peer.send('control', { type: 'select-display', displayId: 'right' })
    await rig.peer.picture(picture => isNear(picture.at(100, 100), 0, 0, 255))
    rig.peer.send('input', { type: 'pointer-move', x: 10, y: 20 })
    await seatWhen(rig, ({ pointer }) => pointer.x === 650)
    rig.host.send({ type: 'fixture-move-pointer', x: 700, y: 150 })
    const position = await rig.peer.message('cursor', has('position'))
    expect(position).toEqual({ type: 'position', x: 60, y: 50 })
    expect(rig.peer.received('cursor').filter(has('position')).length).toBe(1)
  })

  it('names a permission that is missing and a display that is asleep', async () => {
    const rig = await startRig()
    await rig.peer.message('control', message => JSON.stringify(message).includes('"state":"live"'))
    const problemIs = (problem: string | undefined) =>
      vi.waitUntil(
        () => (rig.peer.received('control').findLast(has('engine')) as { problem?: string }).problem === problem,
        { timeout: 15_000 },
      )
    await problemIs(undefined)
    rig.host.send({ type: 'fixture-deny-desktop', isDenied: true })
    await problemIs('permission')
    rig.host.send({ type: 'fixture-sleep' })
    rig.host.send({ type: 'fixture-deny-desktop', isDenied: false })
    await problemIs('display-asleep')
    rig.peer.send('control', { type: 'watching', watching: false })
    await problemIs(undefined)
  })

  it('A160 lifts held keys within a second when the operator is gone, and ends', async () => {
    const rig = await startRig()
    rig.peer.send('input', { type: 'key', code: 'ControlLeft', pressed: true })
    await vi.waitUntil(() => rig.messages.some(message => message.type === 'held' && message.held.keys.length === 1), {
      timeout: 15_000,
    })
    const goneAtMs = performance.now()
    rig.peer.close()
    await vi.waitUntil(() => heldOf(rig).length === 0, { timeout: 15_000 })
    expect(performance.now() - goneAtMs).toBeLessThan(1_000)
    expect(await rig.host.exited).toEqual({ code: 0, signal: null })
    expect(rig.messages).toContainEqual({ type: 'ended', reason: 'link-lost' })
  })

  it('A160 an operator who may return gets another connection, which is proven by itself: nothing of theirs is down meanwhile', async () => {
    const rig = await startRig(['view', 'control'], [], true)
    rig.peer.send('input', { type: 'key', code: 'ControlLeft', pressed: true })
    await vi.waitUntil(() => heldOf(rig).length === 1)
    const { peer } = rig
    peer.close()
    await vi.waitUntil(() => rig.messages.some(({ type }) => type === 'link-interrupted'))
    await vi.waitUntil(() => heldOf(rig).length === 0)
    rig.host.send({ type: 'signal', signal: { kind: 'again', connection: 7 } })
    await vi.waitUntil(() => rig.peer !== peer)
    const connected = () => rig.messages.filter(({ type }) => type === 'peer-connected').length
    await vi.waitUntil(() => connected() === 2, { timeout: 15_000 })
    const offers = rig.messages.flatMap(message =>
      message.type === 'signal' && message.signal.kind === 'offer' ? [message.signal.connection] : [],
    )
    expect(offers).toEqual([undefined, 7])
    const own = rig.messages.flatMap(message => (message.type === 'fingerprints' ? [message.fingerprints?.own] : []))
    expect(new Set(own).size).toBe(2)
    await rig.peer.picture(picture => isNear(picture.at(320, 240), 255, 0, 0))
    rig.peer.send('input', { type: 'text', text: 'back' })
    await seatWhen(rig, ({ typed }) => typed === 'back')
    expect(rig.messages.some(({ type }) => type === 'ended')).toBe(false)
  })

  it('tells the operator the reason and is gone within a second when it is stopped', async () => {
    const rig = await startRig()
    const askedAtMs = performance.now()
    rig.host.send({ type: 'stop', reason: 'user-ended' })
    await rig.peer.message('control', message => JSON.stringify(message) === '{"type":"ended","reason":"user-ended"}')
    expect(await rig.host.exited).toEqual({ code: 0, signal: null })
    expect(performance.now() - askedAtMs).toBeLessThan(1_000)
  })

  it('ends when the operator says so', async () => {
    const rig = await startRig()
    rig.peer.send('control', { type: 'end' })
    expect(await rig.host.exited).toEqual({ code: 0, signal: null })
    expect(rig.messages.at(-1)).toEqual({ type: 'ended', reason: 'operator-ended' })
  })
})

const has = (type: string) => (message: unknown) => JSON.stringify(message).includes(`"type":"${type}"`)

const heldOf = (rig: Rig): readonly string[] =>
  rig.messages.findLast(message => message.type === 'held')?.held.keys ?? []
