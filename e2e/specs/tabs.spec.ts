import { openDevice } from '../fixtures/device.ts'
import { expect, test } from '../fixtures/test.ts'

test('two devices in two tabs', async ({ operator, device, relay }) => {
  const second = await openDevice(relay, { width: 1024, height: 768 })
  second.person.listenTo(operator)
  try {
    await operator.requestSession('First')
    const firstSize = await acceptWhoeverIsAsked()
    await operator.showDevices()
    await operator.requestSession('Second')
    const secondSize = await acceptWhoeverIsAsked()
    expect([firstSize, secondSize].sort()).toEqual(['1024x768', '1280x800'])
  } finally {
    await second.stop()
  }

  /** Both devices have the same host name; the one that is asked accepts, and the tab in front shows its picture. */
  async function acceptWhoeverIsAsked(): Promise<string> {
    const { person } = await Promise.any(
      [device, second].map(async asked => {
        await asked.person.waitForQuestion()
        return asked
      }),
    )
    await person.accept()
    await operator.firstFrameAtMs()
    return operator.picture.evaluate((picture: HTMLCanvasElement) => `${picture.width}x${picture.height}`)
  }
})
