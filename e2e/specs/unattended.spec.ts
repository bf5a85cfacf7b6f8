import { CLICKED, RESTING, startKioskPage } from '../../testing/kiosk-page.ts'
import { waitFor } from '../../testing/wait-for.ts'
import { allowUnattended } from '../../testing/world/allow-unattended.ts'
import { hostProcessOf } from '../fixtures/device-facts.ts'
import { expect, test } from '../fixtures/test.ts'

test('a kiosk with nobody there: request, password, steer, disconnect, come back, close', async ({
  operator,
  device,
  relay,
}) => {
  await allowUnattended(relay)
  const kiosk = await startKioskPage(device.display)
  const { page } = operator
  try {
    // Devices of the specs before may be in the list, offline.
    const online = operator.deviceRow().filter({ hasText: 'Online' }).first()
    await online.getByRole('button', { name: /^Connect to/ }).click()
    await page.getByLabel('Reason').fill('The kiosk shows an error')
    await page.getByRole('radio', { name: 'Nobody is there' }).click()
    await page.getByRole('button', { name: 'Ask to connect' }).click()
    const password = (await page.getByTestId('password').textContent()) ?? ''
    expect(password).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{5}$/)

    await page.getByLabel('Enter it to open the session').fill('0000-0000-00000')
    await page.getByRole('button', { name: 'Open the session' }).click()
    await expect(page.getByRole('alert')).toContainText('not the one-time password')
    await page.getByLabel('Enter it to open the session').fill(password.toLowerCase())
    await page.getByRole('button', { name: 'Open the session' }).click()
    await operator.firstFrameAtMs()
    await expect.poll(() => operator.colourAt(640, 400)).toEqual(RESTING)
    await operator.clickDevice(300, 700)
    await expect.poll(() => operator.colourAt(640, 400)).toEqual(CLICKED)
    expect(device.program.tail()).not.toContain(password.replaceAll('-', ''))

    await operator.endSession()
    await expect(page.getByText('left to come back')).toBeVisible()
    await waitFor('the session host to be gone', async () => (await hostProcessOf(device)) === undefined, 2_000)
    await page.getByRole('button', { name: 'Come back' }).click()
    await expect.poll(() => operator.colourAt(640, 400)).toEqual(CLICKED)
    // The host's process dies: nobody left, so the app is back by itself.
    const host = await hostProcessOf(device)
    if (host === undefined) throw new Error('the session has no host process')
    const killedAtMs = Date.now()
    process.kill(host, 'SIGKILL')
    const isAnother = async () => ![undefined, host].includes(await hostProcessOf(device))
    await waitFor('the app to be back with another host', isAnother, 20_000)
    await expect.poll(() => operator.firstFrameAtMs()).toBeGreaterThan(killedAtMs)
    await expect.poll(() => operator.colourAt(640, 400)).toEqual(CLICKED)
    await operator.endSession()
    await page.getByRole('button', { name: 'Close it on the device now' }).click()
    await expect(operator.overTitle('You ended the session')).toBeVisible()
    await waitFor('the session host to be gone', async () => (await hostProcessOf(device)) === undefined, 2_000)
  } finally {
    await kiosk.stop()
  }
})
