import { chromium } from 'playwright'
import { OperatorPage } from '../../testing/world/operator-page.ts'
import { setMonitors } from '../../testing/x-display-monitors.ts'
import { openPainter } from '../../testing/x-display-painter.ts'
import { expect, test } from '../fixtures/test.ts'

const HALF = { width: 640, height: 800 }

test('each display has a window, with its own picture and input, until the session ends', async ({
  operator,
  operatorProgram,
  device,
}) => {
  await operator.requestSession('Two displays')
  await device.person.accept()
  await operator.firstFrameAtMs()
  await setMonitors(device.display, { Left: { x: 0, y: 0, ...HALF }, Right: { x: 640, y: 0, ...HALF } })
  const painter = await openPainter(device.display, { isBehind: true })
  const other = await test.step('open the window', async () => {
    await operator.page.getByRole('button', { name: 'Display', exact: true }).click()
    await operator.page.getByRole('menuitem', { name: /A window each/ }).click()
    const endpoint = `http://127.0.0.1:${operatorProgram.cdpPort + 1}`
    await expect
      .poll(
        () =>
          fetch(endpoint).then(
            () => true,
            () => false,
          ),
        { timeout: 15_000 },
      )
      .toBe(true)
    return chromium.connectOverCDP(endpoint)
  })
  /** From the device's pointer, in pixels: a picture that isn't shown in its own size rounds. */
  const distanceTo = async (x: number, y: number) => {
    const pointer = await device.person.pointer()
    return Math.hypot(pointer.x - x, pointer.y - y)
  }
  try {
    const [page] = other.contexts().flatMap(context => context.pages())
    if (!page) throw new Error('the display has no window')
    const right = new OperatorPage(page)
    await right.firstFrameAtMs()
    expect(await right.picture.evaluate((picture: HTMLCanvasElement) => [picture.width, picture.height])).toEqual([
      HALF.width,
      HALF.height,
    ])
    await painter.fill([{ x: 640 + 200, y: 500, width: 100, height: 100, colour: 0x10c010 }])
    await expect.poll(() => right.colourAt(250, 550)).toEqual([0x10, 0xc0, 0x10])
    await right.clickDevice(300, 600)
    await expect.poll(() => distanceTo(940, 600)).toBeLessThan(3)
    // A window that is wholly covered draws nothing and sends nothing.
    await operator.page.bringToFront()
    await operator.clickDevice(100, 700)
    await expect.poll(() => distanceTo(100, 700)).toBeLessThan(3)

    const closed = page.waitForEvent('close', { timeout: 10_000 })
    await operator.endSession()
    await closed
  } finally {
    await other.close().catch(() => undefined)
    await painter.close()
    await setMonitors(device.display, {})
  }
})
