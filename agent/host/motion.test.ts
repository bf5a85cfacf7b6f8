import { afterEach, describe, expect, it, vi } from 'vitest'
import { idFromBytes } from '#protocol/ids.ts'
import { type AnsweringPeer, createAnsweringPeer } from '#testing/answering-peer.ts'
import { sourceProgram } from '#testing/source-program.ts'
import { startXDisplay, type XDisplay } from '#testing/x-display.ts'
import { openPainter, type Painter } from '#testing/x-display-painter.ts'
import { type Child, startChild } from '../links/child.ts'
import { type HostToService, hostToServiceSchema, type ServiceToHost } from '../links/host-link.ts'
import { linuxPlatform } from '../platform/linux/index.ts'

const SIZE = { width: 801, height: 601 }
/** A still screen is exact after this long. */
const EXACT_WITHIN_MS = 500

interface World {
  readonly display: XDisplay
  readonly painter: Painter
  readonly host: Child<ServiceToHost>
  readonly peer: AnsweringPeer
}

const open: World[] = []
afterEach(async () => {
  for (const { display, painter, host, peer } of open.splice(0)) {
    peer.close()
    host.kill()
    await host.exited
    await painter.close()
    await display.stop()
  }
})

/** A real host process on a real X display, connected to a real peer in this process. */
async function startWorld(): Promise<World> {
  const display = await startXDisplay(SIZE)
  const painter = await openPainter(display.name)
  const host = startChild<HostToService, ServiceToHost>({
    command: sourceProgram(new URL('./main.ts', import.meta.url)),
    environment: { PATH: process.env.PATH ?? '' },
    incoming: hostToServiceSchema,
    onMessage: message => {
      if (message.type === 'signal') void peer.handleSignal(message.signal)
      if (message.type === 'fingerprints') host.send({ type: 'trust-peer' })
      if (message.type === 'peer-trusted') peer.trust()
      if (message.type === 'ready')
        host.send({ type: 'start', sessionId: idFromBytes('session', new Uint8Array(16)), scopes: ['view'] })
    },
    onInvalid: () => undefined,
    onLine: line => console.error(line),
  })
  const peer = createAnsweringPeer(signal => host.send({ type: 'signal', signal }))
  open.push({ display, painter, host, peer })
  host.send({ type: 'prepare', target: { platform: 'linux', displayAddress: display.name } })
  await peer.picture(({ width }) => width === SIZE.width)
  return { display, painter, host, peer }
}

const random = (below: number) => Math.floor(Math.random() * below)

/** Rectangles of all sizes and colours, all over the screen. */
const rectangles = (count: number) =>
  Array.from({ length: count }, () => {
    const x = random(SIZE.width - 1)
    const y = random(SIZE.height - 1)
    return { x, y, width: 1 + random(SIZE.width - x), height: 1 + random(SIZE.height - y), colour: random(0x1000000) }
  })

/** The pixels of the X server's own screen, R, G, B, A. */
async function screenOf(display: XDisplay): Promise<Buffer> {
  const desktop = await linuxPlatform.openDesktop({ address: display.name })
  const abort = new AbortController()
  let pixels = Buffer.alloc(0)
  const options = { displayId: (await desktop.displays())[0]?.id ?? '', maxFramesPerSecond: 60, signal: abort.signal }
  await desktop.screen.capture(options, ({ surface }) => {
    pixels = Buffer.from(surface.pixels)
    abort.abort()
  })
  await desktop.close()
  return pixels
}

async function expectExact({ display, peer }: World): Promise<void> {
  const changedAtMs = performance.now()
  const wanted = await screenOf(display)
  const isExact = () => peer.isShowing(wanted)
  await vi.waitUntil(isExact, { timeout: 5_000, interval: 5 })
  expect(performance.now() - changedAtMs).toBeLessThan(EXACT_WITHIN_MS + 250)
}

describe('the picture at the operator', () => {
  it('is the X server’s, byte for byte, soon after whatever was painted', async () => {
    const world = await startWorld()
    for (let round = 0; round < 6; round++) {
      for (let frame = 0; frame < 5; frame++) {
        await world.painter.fill(rectangles(20))
        if (frame % 2) await world.painter.scrollUp(1 + random(90))
      }
      await expectExact(world)
    }
  })

  it('moves as video when the operator prefers that, and is exact again when it is calm', async () => {
    const world = await startWorld()
    const { peer, painter } = world
    peer.send('control', { type: 'picture-settings', preset: 'motion' })
    for (let motion = 1; motion <= 2; motion++) {
      const before = peer.videoFrames
      while (peer.videoFrames < before + 20) await painter.fill(rectangles(3))
      await peer.message('control', message => JSON.stringify(message).includes('"mode":"motion"'))
      await painter.fill([{ x: 0, y: 0, ...SIZE, colour: 0x204060 }, ...rectangles(30)])
      await expectExact(world)
    }
    expect(
      peer.received('control').filter(message => JSON.stringify(message).includes('"mode":"tiles"')).length,
    ).toBeGreaterThan(1)
  })
})
