import { expect, test } from '../fixtures/test.ts'

test('an administrator makes a role, invites somebody with it in mind, and finds both in the audit', async ({
  operator,
}) => {
  const { page } = operator
  const menu = (name: string) =>
    page.getByRole('navigation', { name: 'Administration' }).getByRole('button', { name, exact: true }).click()
  await page.getByRole('tab', { name: 'Administration' }).click()
  await menu('Roles')
  await page.getByRole('button', { name: 'New role…' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('Reception')
  await page.getByRole('dialog').getByRole('button', { name: 'Make the role' }).click()
  await expect(page.getByRole('row', { name: /Reception/ })).toBeVisible()
  await menu('People')
  await page.getByRole('button', { name: 'Invite…' }).click()
  await page.getByRole('dialog').getByLabel('E-mail').fill('rosa@riverside.example')
  await page.getByRole('button', { name: 'Make the link' }).click()
  await expect(page.getByRole('dialog').locator('code')).toContainText('/invitation#')
  await page.getByRole('button', { name: 'Done' }).click()
  await menu('Audit')
  await page.getByRole('searchbox').fill('rosa@riverside.example')
  await expect(page.getByRole('row', { name: /rosa@riverside\.example|invit/ }).first()).toBeVisible()
})

test('an administrator ends a live session: the picture goes and the operator reads why', async ({
  operator,
  device,
}) => {
  const { page } = operator
  await operator.requestSession('Printer')
  await device.person.waitForQuestion()
  await device.person.accept()
  await operator.firstFrameAtMs()
  await page.getByRole('tab', { name: 'Administration' }).click()
  await page.getByRole('navigation', { name: 'Administration' }).getByRole('button', { name: 'Sessions' }).click()
  await page.getByRole('row', { name: /Printer/ }).click()
  await page.getByRole('button', { name: 'End the session…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'End the session' }).click()
  await expect(page.getByRole('row', { name: /Printer/ })).toHaveCount(0)
  await page.getByRole('radio', { name: 'Over' }).click()
  await expect(page.getByRole('row', { name: /Printer/ })).toContainText('Ended by')
})
