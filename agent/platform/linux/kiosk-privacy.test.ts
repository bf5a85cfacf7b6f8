import { isDeepStrictEqual } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ALL_DISPLAYS } from '#protocol/peer/control.ts'
import { type NestedDisplay, startNestedDisplay } from '#testing/nested-display.ts'
import { startProgram } from '#testing/program.ts'
import { waitFor } from '#testing/wait-for.ts'
import { startXDisplay, type XDisplay } from '#testing/x-display.ts'
import { type KeyProbe, openKeyProbe } from '#testing/x-display-keys.ts'
import { openPainter, type Painter } from '#testing/x-display-painter.ts'
import { attachedDevices } from '#testing/x-input-devices.ts'
import type { Desktop, DesktopOptions } from '../platform.ts'
import { linuxPlatform } from './index.ts'

const GREEN = 0x10c010
const BLUE = 0x1010c0
const RED = 0xc01010
const WHOLE = { x: 0, y: 0, width: 640, height: 480 }

let display: NestedDisplay
const desktops: Desktop[] = []
beforeEach(async () => {
  display = await startNestedDisplay({ width: 640, height: 480 })
})
afterEach(async () => {
  for (const desktop of desktops.splice(0)) await desktop.close()
  await display.stop()
})

const open = async (options: DesktopOptions = {}, address = display.name) => {
  const desktop = await linuxPlatform.openDesktop({ ...options, address })
  desktops.push(desktop)
  return desktop
}

/** Resolves once the pixel has this colour in a capture of the desktop. */
async function untilShown(desktop: Desktop, x: number, y: number, colour: number): Promise<void> {
  const stop = new AbortController()
  await desktop.screen.capture(
    { displayId: ALL_DISPLAYS, maxFramesPerSecond: 30, signal: stop.signal },
    ({ surface }) => {
      const [red, green, blue] = surface.pixels.subarray((y * surface.width + x) * 4)
      if (((red ?? 0) << 16) + ((green ?? 0) << 8) + (blue ?? 0) === colour) stop.abort()
    },
  )
}

describe('a kiosk’s maintenance screen', () => {
  it('hides the desktop from people and not from the operator, also what changes beneath it', async () => {
    const kiosk: Painter = await openPainter(display.name)
    await kiosk.fill([{ ...WHOLE, colour: GREEN }])
    const operator = await open({ isCovered: true })
    const people = await open()
    const cover = await openPainter(display.name, { isCover: true })
    await cover.fill([{ ...WHOLE, colour: RED }])
    await untilShown(people, 100, 100, RED)
    await untilShown(operator, 100, 100, GREEN)
    const seen = untilShown(operator, 300, 200, BLUE)
    await kiosk.fill([{ x: 290, y: 190, width: 20, height: 20, colour: BLUE }])
    await seen
    await untilShown(people, 300, 200, RED)
    await cover.close()
    await untilShown(people, 100, 100, GREEN)
    await kiosk.close()
  })
})

describe('local input that is blocked', () => {
  let probe: KeyProbe
  beforeEach(async () => {
    probe = await openKeyProbe(display.name)
  })
  afterEach(() => probe.close())

  it('does nothing while the operator’s works', async () => {
    const hand = await open({}, display.hand)
    const operator = await open({ blocksLocalInput: true })
    hand.input.setButton(0, true)
    hand.input.setButton(0, false)
    hand.input.setKey('KeyA', true)
    hand.input.setKey('KeyA', false)
    await hand.input.releaseAll()
    operator.input.setKey('KeyB', true)
    operator.input.setKey('KeyB', false)
    await probe.until(({ strokes }) => strokes.length >= 2)
    expect(probe.strokes).toEqual(['+56', '-56'])
  })
})

// Not nested: Xephyr crashes when a device of it is attached again.
describe('mouse and keyboard come back', () => {
  let server: XDisplay
  beforeEach(async () => {
    server = await startXDisplay({ width: 320, height: 240 })
  })
  afterEach(() => server.stop())

  it('when the session ends', async () => {
    const before = await attachedDevices(server.name)
    const desktop = await linuxPlatform.openDesktop({ address: server.name, blocksLocalInput: true })
    expect(await attachedDevices(server.name)).toEqual(before.filter(name => name.includes('XTEST')))
    await desktop.close()
    await waitFor('them to be back', async () => isDeepStrictEqual(await attachedDevices(server.name), before))
  })

  it('A160 when whoever blocked them is killed', async () => {
    const before = await attachedDevices(server.name)
    const script = `import { linuxPlatform } from '${new URL('./index.ts', import.meta.url).href}'
      await linuxPlatform.openDesktop({ address: '${server.name}', blocksLocalInput: true })
      console.log('blocked'); setInterval(() => {}, 1e9)`
    const holder = await startProgram({
      name: 'holder',
      command: process.execPath,
      args: ['--input-type=module', '-e', script],
      ready: line => (line === 'blocked' ? true : undefined),
    })
    expect(await attachedDevices(server.name)).toHaveLength(before.length - 2)
    holder.kill('SIGKILL')
    await waitFor('them to be back', async () => isDeepStrictEqual(await attachedDevices(server.name), before))
  })
})
