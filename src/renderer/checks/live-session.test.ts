import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SessionState } from '#protocol/session/state.ts'
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

async function openLiveSession(mode: 'view' | 'control' = 'control'): Promise<Stage> {
  const device = sampleDevice(1, { name: 'Front desk' })
  const tab = sampleTab(device, active(mode), {
    startedAtMs: Date.now(),
    scopes: mode === 'view' ? ['view'] : ['view', 'control'],
  })
  const main = new FakeMain({ devices: { status: 'ready', error: null, devices: [device] }, sessions: [tab] })
  const { ticket } = tab
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } })
  const { page, complaints } = await openPage(context, dist, 'operator', SECURITY_HEADERS, async opened => {
    const emit = await installBridge(opened, (name, args) => main.call(name as 'snapshot', args as undefined))
    main.forwardEvents((name, payload) => void emit(name, payload))
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
