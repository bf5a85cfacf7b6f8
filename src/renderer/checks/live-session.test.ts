import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PIXELS } from '#protocol/peer/tiles.ts'
import type { SessionState } from '#protocol/session/state.ts'
import { commands, frameMessages } from '#testing/tiles-encoder.ts'
import { SECURITY_HEADERS } from '../../main/shell/security.ts'
import { type AgentPeer, openAgentPeer } from './agent-peer.ts'
import { buildPages, installBridge, launchBrowser, openPage } from './built-pages.ts'
import { FakeMain } from './fake-main.ts'
import { sampleDevice, sampleTab } from './samples.ts'

// A real browser shows the built page under the shells' own policy, and a real WebRTC peer plays the device.
const PICTURE = '[data-testid=picture]'
const DISPLAY = { width: 640, height: 360 }
let dist: string
let browser: Browser

beforeAll(async () => {
  dist = await mkdtemp(join(tmpdir(), 'handhold-live-'))
  await buildPages(dist)
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser?.close()
  await rm(dist, { recursive: true, force: true })
})

interface Stage {
  readonly page: Page
  readonly main: FakeMain
  readonly agent: AgentPeer
  readonly ticket: string
  readonly complaints: string[]
  close(): Promise<void>
}

const active = (mode: 'view' | 'control'): SessionState => ({
  name: 'active',
  scopes: mode === 'view' ? ['view'] : ['view', 'control'],
  untilMs: Date.now() + 3_600_000,
  mode,
})

async function openLiveSession(
  mode: 'view' | 'control' = 'control',
  prepare: (page: Page) => Promise<unknown> = async () => undefined,
): Promise<Stage> {
  const device = sampleDevice(1, { name: 'Front desk' })
  const tab = sampleTab(device, active(mode), {
    startedAtMs: Date.now(),
    receipt: 'none',
    scopes: mode === 'view' ? ['view'] : ['view', 'control'],
  })
  const main = new FakeMain({ devices: { error: null, devices: [device] }, sessions: [tab] })
  const { ticket } = tab
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } })
  const { page, complaints } = await openPage(context, dist, 'operator', SECURITY_HEADERS, async opened => {
    const emit = await installBridge(opened, (name, args) => main.call(name as 'snapshot', args as undefined))
    main.forwardEvents((name, payload) => void emit(name, payload))
    await prepare(opened)
  })
  await page.getByRole('tab', { name: 'Front desk' }).click()
  const agent = openAgentPeer(DISPLAY, signal => main.emit('signalReceived', { ticket, signal }))
  main.onSignal = signal => agent.handleSignal(signal)
  await agent.waitFor(message => message.type === 'watching' && message.watching === true)
  agent.send('control', {
    type: 'displays',
    selectedId: 'a',
    displays: [
      { id: 'a', name: 'Left', ...DISPLAY },
      { id: 'b', name: 'Right', width: 1920, height: 1080 },
    ],
  })
  await page.locator(`${PICTURE}[data-first-frame-ms]:visible`).waitFor()
  return {
    page,
    main,
    agent,
    ticket,
    complaints,
    async close() {
      agent.close()
      await context.close()
    },
  }
}

const inputOf = (agent: AgentPeer) =>
  agent.received.filter(({ label }) => label === 'input').map(({ message }) => message)

/** The window's point over the middle of a pixel of the device's display. */
async function pointOver(page: Page, x: number, y: number): Promise<{ x: number; y: number }> {
  const box = await page.locator(`${PICTURE}:visible`).boundingBox()
  if (!box) throw new Error('no picture')
  return {
    x: box.x + ((x + 0.5) * box.width) / DISPLAY.width,
    y: box.y + ((y + 0.5) * box.height) / DISPLAY.height,
  }
}

test('shows the picture, steers the device exactly, and complains about nothing', async () => {
  const { page, agent, complaints, close } = await openLiveSession()
  for (const zoom of ['Fit', '1:1']) {
    await page.getByRole('radio', { name: zoom }).click()
    for (const pixel of [
      { x: 3, y: 4 },
      { x: 320, y: 200 },
      { x: 639, y: 359 },
    ]) {
      const { x, y } = await pointOver(page, pixel.x, pixel.y)
      agent.received.splice(0)
      await page.mouse.click(x, y, { button: 'right' })
      await agent.waitFor(
        message => message.type === 'pointer-button' && message.pressed === false && message.x === pixel.x,
      )
      const [down, up] = inputOf(agent)
        .filter(message => message.x === pixel.x && message.type === 'pointer-button')
        .slice(-2)
      expect(down).toEqual({ type: 'pointer-button', button: 2, pressed: true, ...pixel })
      expect(up).toEqual({ type: 'pointer-button', button: 2, pressed: false, ...pixel })
    }
  }
  await page.mouse.wheel(0, 240)
  const scroll = await agent.waitFor(message => message.type === 'scroll')
  expect(scroll).toMatchObject({ dx: 0, x: 639, y: 359 })
  expect(scroll.dy).toBeGreaterThan(0)
  await page.keyboard.down('KeyA')
  await page.keyboard.up('KeyA')
  await agent.waitFor(message => message.type === 'key' && message.pressed === false)
  expect(inputOf(agent).filter(message => message.type === 'key')).toEqual([
    { type: 'key', code: 'KeyA', pressed: true },
    { type: 'key', code: 'KeyA', pressed: false },
  ])
  expect(complaints).toEqual([])
  await close()
})

/** Red, green and blue of one pixel of the picture. */
const colourAt = (page: Page, x: number, y: number) =>
  page.locator(`${PICTURE}:visible`).evaluate(
    (element, at) => {
      const context = new OffscreenCanvas(1, 1).getContext('2d')
      context?.drawImage(element as HTMLCanvasElement, at.x, at.y, 1, 1, 0, 0, 1, 1)
      return [...(context?.getImageData(0, 0, 1, 1).data ?? [])].slice(0, 3)
    },
    { x, y },
  )

test('A40 until a device has proved itself it shows nothing, is asked for nothing and gets no input; nothing of before counts then', async () => {
  const device = sampleDevice(1, { name: 'Front desk' })
  const tab = sampleTab(device, active('control'), { startedAtMs: Date.now(), scopes: ['view', 'control'] })
  const main = new FakeMain({ devices: { error: null, devices: [device] }, sessions: [tab] })
  main.isDeviceProven = false
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } })
  const { page } = await openPage(context, dist, 'operator', SECURITY_HEADERS, async opened => {
    const emit = await installBridge(opened, (name, args) => main.call(name as 'snapshot', args as undefined))
    main.forwardEvents((name, payload) => void emit(name, payload))
  })
  const agent = openAgentPeer(DISPLAY, signal => main.emit('signalReceived', { ticket: tab.ticket, signal }))
  main.onSignal = signal => agent.handleSignal(signal)
  try {
    await agent.tilesOpened
    agent.sendPicture()
    agent.send('control', { type: 'displays', selectedId: 'a', displays: [{ id: 'a', name: 'Left', ...DISPLAY }] })
    await page.getByRole('tab', { name: 'Front desk' }).click()
    await page.mouse.click(640, 400)
    await page.keyboard.press('KeyA')
    await expect.poll(() => main.calls.filter(({ name }) => name === 'proveConnection').length).toBe(1)
    expect(await page.locator('[data-first-frame-ms]').count()).toBe(0)
    expect([agent.acks, agent.received]).toEqual([[], []])
    const [asked] = main.calls.filter(({ name }) => name === 'proveConnection')
    main.emit('peerVerified', asked?.args as never)
    // The picture that the device sends now is its first: what it sent before was not read.
    await page.locator(`${PICTURE}[data-first-frame-ms]:visible`).waitFor()
    await expect.poll(() => agent.acks).toEqual([0])
    expect(inputOf(agent)).toEqual([])
  } finally {
    agent.close()
    await context.close()
  }
})

test('exact pixels are shown as they are, acknowledged, and outlive a change of the tab', async () => {
  const { page, agent, complaints, close } = await openLiveSession()
  expect(await colourAt(page, 5, 5)).toEqual([128, 128, 128])
  agent.sendFrame([
    ...commands.fill({ x: 10, y: 20, width: 100, height: 50 }, [1, 254, 77]),
    ...commands.copy({ x: 10, y: 20, width: 100, height: 50 }, 300, 200),
    ...commands.rect({ x: 639, y: 359, width: 1, height: 1 }, [PIXELS.rgb, 9, 8, 7]),
  ])
  await expect.poll(() => colourAt(page, 10, 20)).toEqual([1, 254, 77])
  expect(await colourAt(page, 399, 249)).toEqual([1, 254, 77])
  expect(await colourAt(page, 400, 250)).toEqual([128, 128, 128])
  expect(await colourAt(page, 639, 359)).toEqual([9, 8, 7])
  await expect.poll(() => agent.acks.at(-1)).toBe(1)
  const rgba = await page.locator(PICTURE).evaluate(async element => {
    const frame = new VideoFrame(element as HTMLCanvasElement, { timestamp: 0 })
    const bytes = new Uint8Array(4 * 2 * 2)
    await frame.copyTo(bytes, { rect: { x: 10, y: 20, width: 2, height: 2 }, format: 'RGBA' })
    frame.close()
    return [...bytes.subarray(0, 4)]
  })
  expect(rgba).toEqual([1, 254, 77, 255])
  await page.getByRole('tab', { name: 'Devices' }).click()
  await page.getByRole('tab', { name: 'Front desk' }).click()
  expect(await page.locator(PICTURE).count()).toBe(1)
  expect(await colourAt(page, 10, 20)).toEqual([1, 254, 77])
  const large = Array.from({ length: 640 * 360 }, (_, at) => [PIXELS.rgb, at & 255, (at >> 4) & 255, 3]).flat()
  const body = commands.rect({ x: 0, y: 0, width: 640, height: 360 }, large)
  const deflated = deflateRawSync(Uint8Array.from(body))
  for (const message of frameMessages(deflated, { isDeflated: true, messageBytes: 5_000 })) agent.sendTileBytes(message)
  await expect.poll(() => agent.acks.at(-1)).toBe(2)
  expect(await colourAt(page, 77, 1)).toEqual([(640 + 77) & 255, ((640 + 77) >> 4) & 255, 3])
  expect(complaints).toEqual([])
  await close()
})

test('a video frame is shown while its stamp is the motion’s, and its strip never', async () => {
  const { page, agent, close } = await openLiveSession()
  const grey = [128, 128, 128]
  const isNear = (colour: number[], value: number) => colour.every(channel => Math.abs(channel - value) < 12)
  agent.setVideo({ luma: 210, epoch: 4 })
  agent.sendFrame(commands.motion(5))
  await expect.poll(() => agent.acks.at(-1)).toBe(1)
  await agent.sendVideoFrames(10)
  expect(await colourAt(page, 300, 100)).toEqual(grey)
  // The agent is told of it all the same: it wants to know that video arrives before it shows any.
  const seen = agent.received.map(({ message }) => message).filter(({ type }) => type === 'seen')
  const seenNumbers = seen.map(({ frameNumber }) => Number(frameNumber))
  expect(seenNumbers.length).toBeGreaterThan(2)
  expect(seenNumbers).toEqual([...new Set(seenNumbers)].sort((a, b) => a - b))
  agent.setVideo({ luma: 60, epoch: 5 })
  await expect.poll(async () => isNear(await colourAt(page, 300, 100), 51)).toBe(true)
  // The codec smooths edges, so a white cell may lighten the last rows a little; it isn't shown itself.
  for (const x of [2, 40, 300, 638]) {
    expect(isNear(await colourAt(page, x, 350), 51)).toBe(true)
    expect(Math.max(...(await colourAt(page, x, 359)))).toBeLessThan(128)
  }
  agent.setVideo({ luma: 120, epoch: 5, scale: 0.5 })
  await expect.poll(async () => isNear(await colourAt(page, 630, 340), 121)).toBe(true)
  agent.setVideo({ luma: 60, epoch: 5 })
  await expect.poll(async () => isNear(await colourAt(page, 630, 340), 51)).toBe(true)
  // What changes meanwhile stays in memory, and comes up when it is exact again.
  agent.sendFrame(commands.fill({ x: 0, y: 0, width: 50, height: 50 }, [250, 0, 0]))
  agent.sendFrame(commands.tiles())
  await expect.poll(() => agent.acks.at(-1)).toBe(3)
  const frozen = await colourAt(page, 10, 10)
  expect(isNear(frozen, 51)).toBe(true)
  agent.setVideo({ luma: 230, epoch: 5 })
  agent.sendFrame(commands.fill({ x: 100, y: 0, width: 50, height: 50 }, [0, 250, 0]))
  await expect.poll(() => colourAt(page, 110, 10)).toEqual([0, 250, 0])
  await agent.sendVideoFrames(6)
  expect(await colourAt(page, 10, 10)).toEqual(frozen)
  agent.sendFrame(commands.exact())
  await expect.poll(() => colourAt(page, 10, 10)).toEqual([250, 0, 0])
  expect(await colourAt(page, 300, 100)).toEqual(grey)
  await close()
})

test('a pause and a device without a lease are said in words, and neither takes input', async () => {
  const { page, main, agent, ticket, complaints, close } = await openLiveSession()
  agent.send('control', { type: 'lease', state: 'frozen' })
  await page.getByText('Input is held back').waitFor()
  agent.received.splice(0)
  await page.keyboard.press('KeyA')
  agent.send('control', { type: 'lease', state: 'live' })
  await page.getByText('Input is held back').waitFor({ state: 'detached' })
  const live = active('control') as Extract<SessionState, { name: 'active' }>
  main.setSession(ticket, { ...live, name: 'paused', by: 'user' })
  await page.getByText('Paused by the person at the device').waitFor()
  await page.keyboard.press('KeyB')
  main.setSession(ticket, live)
  await page.getByText('Paused by the person at the device').waitFor({ state: 'detached' })
  await page.keyboard.press('KeyC')
  await agent.waitFor(message => message.type === 'key' && message.code === 'KeyC')
  const keys = inputOf(agent).flatMap(message => (message.type === 'key' ? [message.code] : []))
  expect(new Set(keys)).toEqual(new Set(['KeyC']))
  expect(complaints).toEqual([])
  await close()
})

test('A166 an operator whose keys don’t arrive reads why, for as long as it is so', async () => {
  const { page, agent, complaints, close } = await openLiveSession()
  const line = page.getByText('The person’s own window has the keyboard')
  agent.send('control', { type: 'keyboard', isPersons: true })
  await line.waitFor()
  // The mouse is the operator's as before.
  agent.received.splice(0)
  await page.locator(PICTURE).click({ position: { x: 20, y: 20 } })
  await agent.waitFor(message => message.type === 'pointer-button')
  // What holds back more is said alone.
  agent.send('control', { type: 'lease', state: 'frozen' })
  await line.waitFor({ state: 'detached' })
  agent.send('control', { type: 'lease', state: 'live' })
  await line.waitFor()
  agent.send('control', { type: 'keyboard', isPersons: false })
  await line.waitFor({ state: 'detached' })
  expect(complaints).toEqual([])
  await close()
})

test('A103 nothing but the picture’s own worker can be started', async () => {
  const { page, close } = await openLiveSession()
  const refusals = await page.evaluate(() => {
    const policies = (window as unknown as { trustedTypes: { createPolicy(name: string, rules: object): unknown } })
      .trustedTypes
    const attempts = [
      () => new Worker(URL.createObjectURL(new Blob(['postMessage(1)']))),
      () => new Worker('/assets/operator.js', { type: 'module' }),
      () => policies.createPolicy('screen-worker', { createScriptURL: (url: string) => url }),
      () => policies.createPolicy('default', { createScriptURL: (url: string) => url }),
    ]
    return attempts.map(attempt => {
      try {
        attempt()
        return 'started'
      } catch (thrown) {
        return (thrown as Error).name
      }
    })
  })
  expect(refusals).toEqual(Array(4).fill('TypeError'))
  await close()
})

test('a browser without a track processor shows the same video', async () => {
  const { page, agent, complaints, close } = await openLiveSession('control', opened =>
    opened.addInitScript(() => Reflect.deleteProperty(window, 'MediaStreamTrackProcessor')),
  )
  agent.setVideo({ luma: 60, epoch: 9 })
  agent.sendFrame(commands.motion(9))
  await expect.poll(async () => (await colourAt(page, 300, 100))[0]).toBeLessThan(64)
  expect(await page.locator('video').count()).toBe(0)
  expect(complaints).toEqual([])
  await close()
})

test.each([
  ['A command that isn’t one', [99]],
  ['A rectangle outside', commands.fill({ x: 600, y: 0, width: 100, height: 1 }, [1, 2, 3])],
  ['A size beyond all', commands.size(16_384, 16_384)],
])('%s ends the picture with words, and nothing else', async (_, body) => {
  const { page, agent, complaints, close } = await openLiveSession()
  agent.sendFrame(body)
  await page.getByText('The device sent a picture that can’t be read').waitFor()
  agent.send('control', { type: 'pong', sequence: 0 })
  await page.getByRole('button', { name: 'Live figures' }).click()
  await agent.waitFor(message => message.type === 'ping')
  expect(agent.acks.filter(ack => ack > 0)).toEqual([])
  expect(complaints).toEqual([])
  await close()
})

test('a body that unfolds without end ends the picture before it takes memory', async () => {
  const { page, agent, close } = await openLiveSession()
  // Four megabytes of deflated nothing are four gigabytes of command 6.
  const bomb = deflateRawSync(Buffer.alloc(80_000_000, 6))
  const part = (flags: number, bytes: Uint8Array) => Uint8Array.of(flags, 1, ...bytes)
  const half = bomb.length >> 1
  for (const message of [
    part(5, bomb.subarray(0, half).subarray(0, 60_000)),
    part(6, bomb.subarray(half, bomb.length)),
  ])
    agent.sendTileBytes(message)
  await page.getByText('The device sent a picture that can’t be read').waitFor()
  await close()
})

test('the engine’s trouble stands in words below a picture', async () => {
  const { page, agent, close } = await openLiveSession()
  agent.send('control', { type: 'engine', mode: 'motion', codec: 'VP9', targetKbps: 900, problem: 'link-slow' })
  await page.getByText('The link is slow').waitFor()
  await page.getByRole('button', { name: 'Live figures' }).click()
  const panel = page.getByRole('complementary', { name: 'Live figures' })
  await panel.getByText('Video', { exact: true }).waitFor()
  await panel.getByText('900 kbit/s').waitFor()
  agent.send('control', { type: 'engine', mode: 'tiles' })
  await panel.getByText('Lossless').waitFor()
  await page.getByText('The link is slow').waitFor({ state: 'detached' })
  await close()
})

test('the picture’s preset and its limits go to the device', async () => {
  const { page, agent, close } = await openLiveSession()
  await agent.waitFor(message => message.type === 'picture-settings' && message.preset === 'automatic')
  await page.getByRole('button', { name: 'Live figures' }).click()
  await page.getByRole('button', { name: 'What the picture should be good at' }).click()
  await page.getByRole('menuitemradio', { name: 'Custom' }).click()
  await page.getByLabel('Frames up to').fill('100')
  await page.getByText('1 to 60').waitFor()
  await page.getByLabel('Frames up to').fill('24')
  await page.getByLabel('Scale of video').fill('50')
  await page.keyboard.press('Enter')
  const settings = await agent.waitFor(message => message.type === 'picture-settings' && message.scale !== undefined)
  expect(settings).toEqual({ type: 'picture-settings', preset: 'custom', maxFramesPerSecond: 24, scale: 0.5 })
  await close()
})

test('the device’s own pointer is drawn while somebody else moves it', async () => {
  const { page, agent, close } = await openLiveSession()
  const rgbaDeflated = deflateRawSync(Buffer.alloc(16 * 16 * 4, 255)).toString('base64')
  agent.send('cursor', { type: 'shape', width: 16, height: 16, hotspotX: 3, hotspotY: 5, rgbaDeflated })
  agent.send('cursor', { type: 'position', x: 320, y: 180 })
  const pointer = page.getByTestId('device-pointer')
  await pointer.waitFor()
  const box = await pointer.boundingBox()
  const point = await pointOver(page, 320, 180)
  const picture = await page.locator(PICTURE).boundingBox()
  const scale = (picture?.width ?? 0) / DISPLAY.width
  expect((box?.x ?? 0) + 3.5 * scale).toBeCloseTo(point.x, 0)
  expect((box?.y ?? 0) + 5.5 * scale).toBeCloseTo(point.y, 0)
  // The window's time stands still: what comes now is within the echo of this movement, however slow the machine is.
  await page.evaluate(() => {
    const nowMs = performance.now()
    performance.now = () => nowMs
  })
  await page.mouse.move(point.x, point.y)
  await pointer.waitFor({ state: 'detached' })
  // The echo of the own movement is nobody's hand. The shape comes after it on the same channel.
  agent.send('cursor', { type: 'position', x: 321, y: 180 })
  const css = () => page.locator(PICTURE).evaluate(element => (element as HTMLElement).style.cursor)
  const before = await css()
  agent.send('cursor', { type: 'shape', width: 16, height: 16, hotspotX: 9, hotspotY: 9, rgbaDeflated })
  await expect.poll(css).not.toBe(before)
  expect(await pointer.count()).toBe(0)
  await close()
})

test('A160 nothing stays pressed on the device when the window loses the keyboard', async () => {
  const { page, agent, close } = await openLiveSession()
  const { x, y } = await pointOver(page, 100, 100)
  await page.mouse.click(x, y)
  await page.keyboard.down('ControlLeft')
  await agent.waitFor(message => message.type === 'key' && message.code === 'ControlLeft')
  // Ctrl + 1 is the window's own: the Devices tab comes, and the device must not be left with Ctrl down.
  await page.keyboard.press('Digit1')
  await agent.waitFor(message => message.type === 'release-all')
  expect(inputOf(agent).some(message => message.code === 'Digit1')).toBe(false)
  await agent.waitFor(message => message.type === 'watching' && message.watching === false)
  await close()
})

test('A61 a session that may only see sends no input', async () => {
  const { page, agent, close } = await openLiveSession('view')
  await page.getByText('View only').waitFor()
  const { x, y } = await pointOver(page, 100, 100)
  await page.mouse.click(x, y)
  await page.mouse.wheel(0, 240)
  await page.keyboard.press('KeyA')
  // The panel's ping travels after them on a channel that does work.
  await page.getByRole('button', { name: 'Live figures' }).click()
  await agent.waitFor(message => message.type === 'ping')
  expect(inputOf(agent)).toEqual([])
  await close()
})

test('A62 a pause stops input at once and lifts what is held', async () => {
  const { page, main, agent, ticket, close } = await openLiveSession()
  const { x, y } = await pointOver(page, 100, 100)
  await page.mouse.click(x, y)
  await page.keyboard.down('ShiftLeft')
  await agent.waitFor(message => message.type === 'key')
  main.setSession(ticket, {
    ...active('control'),
    name: 'paused',
    mode: 'control',
    by: 'user',
    scopes: ['view', 'control'],
    untilMs: 0,
  })
  await page.getByText('Paused by the person at the device').waitFor()
  const last = await agent.waitFor(
    message => message.type === 'release-all' && inputOf(agent).at(-1)?.type === 'release-all',
  )
  expect(last).toEqual({ type: 'release-all' })
  await page.keyboard.press('KeyB')
  await page.getByRole('button', { name: 'Live figures' }).click()
  await agent.waitFor(message => message.type === 'ping')
  expect(inputOf(agent).at(-1)).toEqual({ type: 'release-all' })
  await close()
})

test('the pointer takes the device’s shape, and the figures name the path', async () => {
  const { page, agent, close } = await openLiveSession()
  const pixels = Buffer.alloc(16 * 16 * 4, 255)
  agent.send('cursor', {
    type: 'shape',
    width: 16,
    height: 16,
    hotspotX: 3,
    hotspotY: 5,
    rgbaDeflated: deflateRawSync(pixels).toString('base64'),
  })
  const picture = page.locator(`${PICTURE}:visible`)
  await expect
    .poll(() => picture.evaluate((element: HTMLElement) => element.style.cursor))
    .toMatch(/^url\("data:image\/png.*"\) 3 5, default$/)
  await page.getByRole('button', { name: 'Live figures' }).click()
  const ping = await agent.waitFor(message => message.type === 'ping')
  agent.send('control', { type: 'pong', sequence: ping.sequence })
  const panel = page.getByRole('complementary', { name: 'Live figures' })
  await panel.getByText('640 × 360').waitFor()
  await panel.getByText(/^(Direct|Direct, through address translation) \(UDP\)$/).waitFor()
  await panel.getByText(/^VP8$/).waitFor()
  await close()
})

test('special keys are pressed in order and lifted in reverse, and another display is asked for', async () => {
  const { page, agent, close } = await openLiveSession()
  await page.getByRole('button', { name: 'Send keys' }).click()
  await page.getByRole('menuitem', { name: 'Ctrl + Alt + Del' }).click()
  await agent.waitFor(message => message.code === 'ControlLeft' && message.pressed === false)
  const keys = inputOf(agent).filter(message => message.type === 'key')
  expect(keys.map(({ code, pressed }) => `${pressed ? '+' : '-'}${code}`)).toEqual([
    '+ControlLeft',
    '+AltLeft',
    '+Delete',
    '-Delete',
    '-AltLeft',
    '-ControlLeft',
  ])
  await page.getByRole('button', { name: 'Display' }).click()
  await page.getByRole('menuitemradio', { name: 'Right' }).click()
  expect(await agent.waitFor(message => message.type === 'select-display')).toEqual({
    type: 'select-display',
    displayId: 'b',
  })
  await close()
})

test('text mode sends characters, and local shortcuts go to the device when they are told to', async () => {
  const { page, agent, close } = await openLiveSession()
  await page.getByRole('button', { name: 'Keyboard' }).click()
  await page.getByRole('menuitemradio', { name: 'Text' }).click()
  await page.getByRole('button', { name: 'Send local shortcuts to the device' }).click()
  await page.keyboard.press('Shift+KeyA')
  await page.keyboard.insertText('héllo 世界')
  await page.keyboard.press('Control+KeyK')
  await agent.waitFor(message => message.code === 'KeyK' && message.pressed === false)
  expect(await page.getByRole('dialog').count()).toBe(0)
  const texts = inputOf(agent).filter(message => message.type === 'text')
  expect(texts.map(message => message.text)).toEqual(['A', 'héllo 世界'])
  expect(inputOf(agent).some(message => message.code === 'ShiftLeft')).toBe(false)
  await page.keyboard.press('Control+Alt+Home')
  await expect.poll(() => page.evaluate(() => document.activeElement?.closest('[role=toolbar]') !== null)).toBe(true)
  await close()
})

test('full screen belongs to the picture, and the tools come down from its edge', async () => {
  const { page, close } = await openLiveSession()
  const toolbarTop = () => page.getByRole('toolbar').evaluate(toolbar => toolbar.getBoundingClientRect().top)
  await page.mouse.move(640, 500)
  await page.keyboard.press('F11')
  await expect.poll(() => page.getByRole('tablist').isVisible()).toBe(false)
  await expect.poll(toolbarTop).toBeLessThan(0)
  await page.keyboard.press('Control+Alt+Home')
  await expect.poll(toolbarTop).toBe(0)
  await page.mouse.click(640, 500)
  await expect.poll(toolbarTop).toBeLessThan(0)
  await page.getByTestId('tools-handle').hover()
  await expect.poll(toolbarTop).toBe(0)
  await page.getByRole('button', { name: 'Leave full screen' }).click()
  await expect.poll(() => page.getByRole('tablist').isVisible()).toBe(true)
  await close()
})

test('End reaches the device on the shortest way, and the tab says why it is over', async () => {
  const { page, main, agent, close } = await openLiveSession()
  await page.getByRole('button', { name: 'End session with Front desk' }).click()
  await agent.waitFor(message => message.type === 'end')
  await page.getByRole('heading', { name: 'You ended the session' }).waitFor()
  expect(main.calls.some(({ name }) => name === 'endSession')).toBe(true)
  await close()
})
