import { expect, it, vi } from 'vitest'
import type { AgentControl } from '#protocol/peer/control.ts'
import { systemClock } from '../links/clock.ts'
import { createFakePlatform } from '../platform/fake/index.ts'
import { PlatformError } from '../platform/platform.ts'
import { ShownScreen } from './shown-screen.ts'

const settled = () => new Promise(resolve => setImmediate(resolve))

/** A screen of a fake computer, and a link that takes everything once it is open. */
async function open() {
  const { machine, openDesktop } = createFakePlatform()
  const told: AgentControl[] = []
  const link = { isOpen: false, frames: 0, shapes: 0 }
  const bounds: unknown[] = []
  const screen = new ShownScreen({
    onActivity: () => undefined,
    clock: systemClock,
    displayId: undefined,
    peer: {
      send: () => {
        link.shapes++
        return true
      },
      sendTiles: () => {
        link.frames++
        return true
      },
    },
    video: {
      source: undefined,
      codecs: [],
      request: () => undefined,
      tune: async () => undefined,
      encoderStats: async () => undefined,
      release: () => undefined,
    },
    send: message => {
      if (link.isOpen) told.push(message)
      return link.isOpen
    },
    log: () => undefined,
    onBounds: place => bounds.push(place),
  })
  const connect = () => {
    link.isOpen = true
    screen.handleConnected()
    screen.handleChannelOpen('tiles')
    screen.setWatched(true, true)
  }
  return { machine, desktop: await openDesktop({}), screen, told, link, bounds, connect }
}

it('captures nothing before the operator is there and looks, then shows what there is', async () => {
  const { desktop, screen, told, link, bounds, connect } = await open()
  screen.attach(desktop)
  await settled()
  expect(link.frames).toBe(0)
  expect(bounds).toEqual([{ x: 0, y: 0, width: 640, height: 480 }])
  connect()
  await vi.waitUntil(() => told.some(({ type }) => type === 'screen'), { timeout: 15_000 })
  expect(link.frames).toBeGreaterThan(0)
  expect(told.map(({ type }) => type)).toEqual(['displays', 'engine', 'screen'])
  screen.close()
})

it.each([
  ['paused', (screen: ShownScreen) => screen.setPaused(true)],
  ['not watched', (screen: ShownScreen) => screen.setWatched(false, true)],
  ['without a desktop', (screen: ShownScreen) => screen.detach()],
  ['closed', (screen: ShownScreen) => screen.close()],
])('sends no picture while it is %s', async (_, stop) => {
  const { machine, desktop, screen, told, link, connect } = await open()
  screen.attach(desktop)
  connect()
  await vi.waitUntil(() => told.some(({ type }) => type === 'screen'), { timeout: 15_000 })
  stop(screen)
  const before = link.frames
  machine.paint('fake-1', 0x00ff00)
  await settled()
  expect(link.frames).toBe(before)
  screen.close()
})

it('tells an operator who comes later why there is no screen, once', async () => {
  const { screen, told, connect } = await open()
  const { message, code } = new PlatformError('display-denied', 'The person allows no pictures.')
  screen.lose(message, code)
  screen.lose(message, code)
  connect()
  screen.lose(message, code)
  expect(told).toContainEqual({ type: 'engine', mode: 'tiles', problem: 'permission' })
  expect(told.filter(({ type }) => type === 'screen')).toEqual([{ type: 'screen', state: 'unavailable', message }])
  screen.close()
})

it('takes no desktop after its end', async () => {
  const { desktop, screen, link, connect } = await open()
  connect()
  screen.close()
  screen.attach(desktop)
  await settled()
  expect([link.frames, link.shapes]).toEqual([0, 0])
})
