import { openPainter } from '../../testing/x-display-painter.ts'
import { expect, test } from '../fixtures/test.ts'

const BLOCKS = [
  { name: 'red', colour: 0xe01010 },
  { name: 'green', colour: 0x10c010 },
  { name: 'blue', colour: 0x1020e0 },
  { name: 'white', colour: 0xffffff },
  { name: 'black', colour: 0x000000 },
  { name: 'orange', colour: 0xf08000 },
] as const
const SIZE = 160

test('colours of the device arrive as they are', async ({ operator, device }) => {
  await operator.requestSession('Colours')
  await device.person.accept()
  await operator.firstFrameAtMs()
  const painter = await openPainter(device.display, { isBehind: true })
  try {
    await painter.fill(BLOCKS.map(({ colour }, at) => ({ x: at * SIZE, y: 300, width: SIZE, height: SIZE, colour })))
    for (const [at, { name, colour }] of BLOCKS.entries()) {
      const expected = [colour >> 16, (colour >> 8) & 0xff, colour & 0xff]
      // A picture that is still has lost nothing.
      await expect.poll(() => operator.colourAt(at * SIZE + SIZE / 2, 300 + SIZE / 2), name).toEqual(expected)
    }
  } finally {
    await painter.close()
  }
})

test('picture size is the display’s', async ({ operator, device }) => {
  await operator.requestSession('Size')
  await device.person.accept()
  await operator.firstFrameAtMs()
  const size = await operator.picture.evaluate((picture: HTMLCanvasElement) => [picture.width, picture.height])
  expect(size).toEqual([1280, 800])
})

test('view only: input does not reach the device', async ({ operator, device }) => {
  await operator.requestSession('Only looking', { viewOnly: true })
  await device.person.accept()
  await operator.firstFrameAtMs()
  const before = await device.person.pointer()
  await operator.clickDevice(200, 700)
  await expect(operator.page.getByText('View only')).toBeVisible()
  expect(await device.person.pointer()).toEqual(before)
})
