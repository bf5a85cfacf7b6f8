import { waitFor } from '../../testing/wait-for.ts'
import { consentProcessOf, hostProcessOf, isHeldDown } from '../fixtures/device-facts.ts'
import { expect, test } from '../fixtures/test.ts'

test.beforeEach(async ({ operator, device }) => {
  await operator.requestSession('Printer on the second floor')
  await device.person.accept()
  await operator.firstFrameAtMs()
})

test('end by the operator', async ({ operator, device }) => {
  await operator.endSession()
  await expect(operator.overTitle('You ended the session')).toBeVisible()
  await device.person.waitForNoWindow()
  await waitFor('the session host to be gone', async () => (await hostProcessOf(device)) === undefined, 2_000)
})

test('end by the person at the device', async ({ operator, device }) => {
  await device.person.endFromBanner()
  await expect(operator.overTitle('Ended by the person at the device')).toBeVisible()
  await waitFor('the session host to be gone', async () => (await hostProcessOf(device)) === undefined, 2_000)
})

test('A67 the banner’s process dies: the session ends', async ({ operator, device }) => {
  process.kill(await consentProcessOf(device), 'SIGKILL')
  await expect(operator.overTitle('The person’s banner went away')).toBeVisible()
})

test('relay restarted: the session goes on', async ({ operator, device, relay }) => {
  await relay.restart()
  await operator.clickDevice(600, 600)
  await operator.page.keyboard.down('Shift')
  await waitFor('the key to be down on the device', () => isHeldDown(device, 'ShiftLeft'))
  await operator.page.keyboard.up('Shift')
  await waitFor('the key to be up again', async () => !(await isHeldDown(device, 'ShiftLeft')))
  await expect(operator.page.getByText(/no connection to the relay/)).toHaveCount(0, { timeout: 30_000 })
  await operator.endSession()
  await expect(operator.overTitle('You ended the session')).toBeVisible()

  // Both sides are back at the relay, or there could be no next session.
  await operator.showDevices()
  await operator.closeAllTabs()
  await operator.requestSession('After the restart')
  await device.person.accept()
  await operator.firstFrameAtMs()
})

for (const signal of ['SIGKILL', 'SIGSEGV'] as const) {
  test(`A151 host killed by ${signal}: a clear message, held keys released, the next session works`, async ({
    operator,
    device,
  }) => {
    await operator.clickDevice(600, 600)
    await operator.page.keyboard.down('Shift')
    await waitFor('the key to be down on the device', () => isHeldDown(device, 'ShiftLeft'))
    const host = await hostProcessOf(device)
    if (host === undefined) throw new Error('the session has no host process')
    process.kill(host, signal)
    await expect(operator.overTitle('The device had a problem')).toBeVisible()
    await waitFor('the key to be lifted', async () => !(await isHeldDown(device, 'ShiftLeft')), 3_000)
    await operator.page.keyboard.up('Shift')
    await device.person.waitForNoWindow()

    await operator.showDevices()
    await operator.closeAllTabs()
    await operator.requestSession('Once more')
    await device.person.accept()
    await operator.firstFrameAtMs()
  })
}

test('A160 the operator’s window goes away: held keys are lifted', async ({ operator, device }) => {
  await operator.clickDevice(600, 600)
  await operator.page.keyboard.down('Control')
  await waitFor('the key to be down on the device', () => isHeldDown(device, 'ControlLeft'))
  await operator.page.reload()
  await waitFor('the key to be lifted', async () => !(await isHeldDown(device, 'ControlLeft')), 3_000)
  // The page forgot the key; Playwright's own keyboard would hold it through the specs that follow.
  await operator.page.keyboard.up('Control')
})
