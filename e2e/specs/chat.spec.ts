import { expect, test } from '../fixtures/test.ts'

test('A166 the chat: both write, each sees that it arrived and that the other writes, links are text, and it is kept', async ({
  operator,
  device,
}) => {
  const { page } = operator
  await operator.requestSession('Printer on the second floor')
  await device.person.accept()
  await operator.firstFrameAtMs()
  await device.person.openChat()
  await page.getByRole('button', { name: 'Chat', exact: true }).click()
  await page.getByLabel('Write a message').fill('I install https://drivers.example.org/labels <b>now</b>')
  await page.keyboard.press('Enter')
  const log = page.getByRole('log')
  await expect(log.getByText('delivered')).toBeVisible()
  await expect(log.getByText('<b>now</b>')).toBeVisible()
  expect(await log.locator('a, b').count()).toBe(0)

  device.person.type(['KeyO'])
  // A program on the device types into the same line.
  await page.waitForTimeout(200)
  device.desktop.input.setKey('KeyX', true)
  device.desktop.input.setKey('KeyX', false)
  // As long as its press is a fresh one nothing is sent, and for half of that nothing is written.
  await page.waitForTimeout(1_700)
  device.person.type(['KeyK'])
  await expect(page.getByText('The person is writing…')).toBeVisible()
  device.person.type(['Enter'])
  await expect(log.getByText('ok', { exact: true })).toBeVisible()
  await expect(page.getByText('The person is writing…')).toHaveCount(0)

  await device.person.endFromBanner()
  await expect(operator.overTitle('Ended by the person at the device')).toBeVisible()
  await expect(page.getByText('Chat of this session')).toBeVisible()
  await page.getByLabel('Note').fill('Driver installed, tray 2 still sticks')
  await page.getByRole('button', { name: 'Save the note' }).click()
  await expect(page.getByText('Saved', { exact: false })).toBeVisible()
  await expect(page.getByText('ok', { exact: true })).toBeVisible()
})
