import { waitFor } from '../../testing/wait-for.ts'
import { isHeldDown } from '../fixtures/device-facts.ts'
import { expect, test } from '../fixtures/test.ts'

test('A59 more is asked for within the session, one thing at a time, and the operator can’t answer it', async ({
  operator,
  device,
}) => {
  const { page } = operator
  await operator.requestSession('Printer on the second floor', { viewOnly: true })
  await device.person.accept()
  await operator.firstFrameAtMs()
  await expect(page.getByText('View only')).toBeVisible()

  await operator.askForMore('Mouse and keyboard')
  await device.person.accept()
  await expect(page.getByText('The person allowed Mouse and keyboard.')).toBeVisible()
  await expect(page.getByText('View only')).toHaveCount(0)
  await operator.clickDevice(600, 700)
  await page.keyboard.down('Shift')
  await waitFor('the key to be down on the device', () => isHeldDown(device, 'ShiftLeft'))

  await operator.askForMore('Shell of the user')
  const { yes } = await device.person.waitForButtons()
  await waitFor('the key to be lifted', async () => !(await isHeldDown(device, 'ShiftLeft')), 3_000)
  await page.keyboard.up('Shift')
  await operator.clickDevice(yes.x + yes.width / 2, yes.y + yes.height / 2)
  for (const key of ['Enter', 'Escape']) await page.keyboard.press(key)
  await expect(page.getByText('Asking the person for Shell of the user:')).toBeVisible()
  // None of that reached the display, or the person's own press would not count so soon after it.
  await device.person.accept()
  await expect(page.getByText('The person allowed Shell of the user.')).toBeVisible()
  await page.getByRole('button', { name: 'Tools', exact: true }).click()
  await expect(page.getByRole('menuitemradio')).toHaveText([/^Shell of the user/, /^Recordings of the user/])
  await page.keyboard.press('Escape')
})
