import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, connect as netConnect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { CHANNEL_HIGH_WATER_BYTES } from '#protocol/limits.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import { FrameReader, toFrame } from '#protocol/tools/frames.ts'
import { TOOLS_MESSAGE_MAX_BYTES } from '#protocol/tools/limits.ts'
import { waitFor } from '#testing/wait-for.ts'
import { systemClock } from '../../links/clock.ts'
import type { HostToService } from '../../links/host-link.ts'
import { ToolsLink } from './tools-link.ts'

const bytes = (message: object) => new TextEncoder().encode(JSON.stringify(message))

async function socketPair(): Promise<[Socket, Socket]> {
  const folder = await mkdtemp(join(tmpdir(), 'handhold-tools-link-'))
  const server = createServer()
  await new Promise<void>(resolve => server.listen(join(folder, 'socket'), resolve))
  const arrived = new Promise<Socket>(resolve => server.once('connection', resolve))
  const near = netConnect(join(folder, 'socket'))
  const far = await arrived
  server.close()
  onTestFinished(async () => {
    near.destroy()
    far.destroy()
    await rm(folder, { recursive: true, force: true })
  })
  return [near, far]
}

function setUp(scopes: Scope[] = ['view', 'control', 'shell', 'processes']) {
  const told: { type: string; code?: string; tool?: string | null }[] = []
  const service: HostToService[] = []
  const state = { scopes, unsentBytes: 0, passedBytes: 0 }
  const link = new ToolsLink({
    clock: systemClock,
    scopes: () => state.scopes,
    toService: message => service.push(message),
    toPeer: message => {
      state.passedBytes += message.length
      if (message[0] === 0x7b) told.push(JSON.parse(new TextDecoder().decode(message)))
      return true
    },
    unsentBytes: () => state.unsentBytes,
  })
  onTestFinished(() => link.close())
  const codes = () => told.map(({ type, code }) => code ?? type)
  return { link, told, service, state, codes }
}

/** With a helper of the elevated level, and what it was sent. */
async function withHelper(rig: ReturnType<typeof setUp>) {
  const [near, far] = await socketPair()
  const received: { type: string }[] = []
  const reader = new FrameReader()
  far.on('data', chunk => {
    for (const message of reader.push(chunk) ?? []) received.push(JSON.parse(new TextDecoder().decode(message)))
  })
  rig.link.takeHelper('elevated', near)
  return { far, near, received }
}

const list = { type: 'list', tool: 'processes', request: 1, list: 'live' }

it('A89 passes no command on while the session is paused, without a lease, or may only look; and passes them on again after', async () => {
  const rig = setUp()
  const { received } = await withHelper(rig)
  const stops: [() => void, () => void][] = [
    [() => rig.link.setPaused(true), () => rig.link.setPaused(false)],
    [() => rig.link.setFrozen(true), () => rig.link.setFrozen(false)],
    [
      () => (rig.state.scopes = ['view', 'shell', 'processes']),
      () => (rig.state.scopes = ['view', 'control', 'processes']),
    ],
    [() => (rig.state.scopes = ['view', 'control']), () => (rig.state.scopes = ['view', 'control', 'processes'])],
  ]
  for (const [index, [stop, goOn]] of stops.entries()) {
    stop()
    for (const type of ['hello', 'unlock', 'open', 'input', 'list', 'act', 'close'])
      rig.link.handle(bytes({ ...list, type }))
    goOn()
    rig.link.handle(bytes({ ...list, request: index + 1 }))
  }
  await waitFor('those between the stops', () => received.length === stops.length)
  expect(received).toEqual(stops.map((_, index) => ({ ...list, request: index + 1 })))
  expect(rig.codes()).toEqual(Array(stops.length * 7).fill('forbidden'))
  // A flood of refusals is one line for the audit.
  expect(rig.service).toEqual([{ type: 'tool-refused', tool: 'processes', code: 'forbidden' }])
})

it('A80 refuses what is no message, too long a one, and a tool that nobody opened; the helper sees none of it', async () => {
  const rig = setUp()
  const { received } = await withHelper(rig)
  rig.link.handle(new Uint8Array([0xff, 0xfe]))
  rig.link.handle(bytes([]))
  rig.link.handle(bytes({ type: 'list', tool: 'everything' }))
  rig.link.handle(bytes({ ...list, padding: 'x'.repeat(TOOLS_MESSAGE_MAX_BYTES) }))
  rig.state.scopes = ['view', 'control', 'shell-user']
  rig.link.handle(bytes({ type: 'open', tool: 'shell-user', request: 1 }))
  expect(rig.codes()).toEqual(['bad-frame', 'bad-frame', 'bad-frame', 'bad-frame', 'tool-locked'])
  rig.state.scopes = ['view', 'control', 'processes']
  rig.link.handle(bytes(list))
  await waitFor('the one that is good', () => received.length > 0)
  expect(received).toEqual([list])
})

it('asks for a helper by its grant alone, keeps what comes until it is there, and no more than a few', async () => {
  const rig = setUp()
  const unlock = { type: 'unlock', tool: 'shell', grant: 'g'.repeat(64), proof: 'p' }
  for (let time = 0; time < 20; time++) rig.link.handle(bytes(unlock))
  expect(rig.service.filter(({ type }) => type === 'start-tool')).toHaveLength(8)
  expect(rig.codes()).toEqual(Array(12).fill('rate-limited'))
  const { received } = await withHelper(rig)
  await waitFor('what waited', () => received.length === 8)
})

it('A88 drops a helper that sends a length that no frame has', async () => {
  const rig = setUp()
  const { far, near } = await withHelper(rig)
  far.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 1]))
  await waitFor('its end', () => near.destroyed)
  expect(rig.state.passedBytes).toBe(0)
})

it('A86 reads no more of a helper than the channel takes, and goes on when it has room', async () => {
  const rig = setUp()
  const { far, near } = await withHelper(rig)
  rig.state.unsentBytes = CHANNEL_HIGH_WATER_BYTES
  const message = new Uint8Array(16_000).fill(1)
  const total = 400 * message.length
  for (let count = 0; count < 400; count++) far.write(toFrame(message))
  await waitFor('it to wait', () => near.isPaused())
  const passed = rig.state.passedBytes
  expect(passed).toBeLessThan(total / 4)
  rig.state.unsentBytes = 0
  await waitFor('all of it', () => rig.state.passedBytes === total)
})

it('A62 gives nothing to a helper that comes after the end', async () => {
  const rig = setUp()
  rig.link.close()
  const { near, received } = await withHelper(rig)
  rig.link.handle(bytes(list))
  await waitFor('its end', () => near.destroyed)
  expect([received, rig.codes()]).toEqual([[], ['forbidden']])
})
