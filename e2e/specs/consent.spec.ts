import { Person } from '#testing/world/person.ts'
import { CONSENT_ARM_DELAY_MS, CONSENT_TIMEOUT_MS } from '../../protocol/limits.ts'
import { expect, test } from '../fixtures/test.ts'

test('accept: the operator sees the screen', async ({ operator, device }) => {
  await operator.requestSession('Printer on the second floor')
  await device.person.accept()
  expect(await operator.firstFrameAtMs()).toBeGreaterThan(0)
})

test('decline: the operator is told, and nothing was shown', async ({ operator, device }) => {
  await operator.requestSession('Printer on the second floor')
  await device.person.decline()
  await expect(operator.overTitle('The person said no')).toBeVisible()
  await expect(operator.page.locator('[data-testid=picture][data-first-frame-ms]')).toHaveCount(0)
})

test('A59 a click before the dialog is armed does nothing', async ({ operator, device }) => {
  await operator.requestSession('Printer on the second floor')
  const { yes, seenAtMs } = await device.person.waitForQuestion()
  const clickedAtMs = await device.person.click(yes)
  expect(clickedAtMs - seenAtMs).toBeLessThan(CONSENT_ARM_DELAY_MS)
  await expect(operator.page.getByText('Asking the person at the device:')).toBeVisible()
  // Not by a "no": three of them shut the device for this operator, and the specs share both.
  await operator.page.getByRole('button', { name: 'Cancel the request' }).click()
  await expect(operator.overTitle('You ended the session')).toBeVisible()
})

test('timeout: no answer in 30 s is a no, and A59 what a program clicks and types is no answer', async ({
  operator,
  device,
}) => {
  const askedAtMs = await operator.requestSession('Printer on the second floor')
  const { yes, no } = await device.person.waitForButtons()
  const program = new Person(device.display, device.desktop, device.desktop.input)
  for (const button of [yes, no]) await program.click(button)
  program.type(['Enter', 'Escape'])
  await expect(operator.overTitle('Nobody answered')).toBeVisible({ timeout: CONSENT_TIMEOUT_MS + 10_000 })
  expect(Date.now() - askedAtMs).toBeGreaterThan(CONSENT_TIMEOUT_MS)
})

test('dialog closed: a closed window is a no', async ({ operator, device }) => {
  await operator.requestSession('Printer on the second floor')
  await device.person.waitForQuestion()
  await device.person.closeFrontWindow()
  await expect(operator.overTitle('The person closed the window')).toBeVisible()
})

test('the operator can withdraw the request', async ({ operator, device }) => {
  await operator.requestSession('Printer on the second floor')
  await device.person.waitForQuestion()
  await operator.page.getByRole('button', { name: 'Cancel the request' }).click()
  await expect(operator.overTitle('You ended the session')).toBeVisible()
  await device.person.waitForNoWindow()
})
