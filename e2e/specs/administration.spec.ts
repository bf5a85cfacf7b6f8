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
  // It leaves the one list when it ends and comes into the other when it is torn down; a list is what it was when it was asked for.
  await expect(async () => {
    await page.getByRole('button', { name: 'Refresh the list' }).click()
    await expect(page.getByRole('row', { name: /Printer/ })).toContainText('Ended by', { timeout: 2_000 })
  }).toPass({ timeout: 30_000 })
})

test('a colleague with an authenticator app signs in with password and code', async ({ operator, relay }) => {
  const { page } = operator
  const colleague = await relay.addColleagueWithApp('rosa.lindt@riverside.example')
  const signOut = async () => {
    await page.getByRole('button', { name: 'Account' }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
  }
  await signOut()
  await operator.signIn(relay.url, colleague)
  await page.getByLabel('Code of your authenticator app').fill(colleague.code())
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('button', { name: 'Account' })).toContainText('Rosa Lindt')
  await page.getByRole('tab', { name: 'Administration' }).click()
  await expect(page.getByRole('row', { name: /Rosa Lindt/ })).toContainText('App')
  await signOut()
  await operator.signIn(relay.url, relay.administrator)
  await expect(page.getByRole('button', { name: 'Account' })).toContainText(relay.administrator.name)
})

test('an administrator makes a webhook: its secret is shown once, and an address inside the network is refused with words', async ({
  operator,
}) => {
  const { page } = operator
  await page.getByRole('tab', { name: 'Administration' }).click()
  await page.getByRole('navigation', { name: 'Administration' }).getByRole('button', { name: 'Webhooks' }).click()
  await page.getByRole('button', { name: 'New webhook…' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Ticket system')
  await dialog.getByLabel('Address').fill('http://127.0.0.1:9/hook')
  await dialog.getByRole('button', { name: 'Make the webhook' }).click()
  await expect(dialog.getByRole('alert')).toBeVisible()
  await dialog.getByLabel('Address').fill('https://tickets.riverside.example/hook')
  await dialog.getByRole('button', { name: 'Make the webhook' }).click()
  await expect(dialog.locator('code').first()).toContainText('whsec_')
  await dialog.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('row', { name: /Ticket system/ }).click()
  await page.getByRole('button', { name: 'Send a test' }).click()
  await expect(page.getByRole('list', { name: 'Deliveries' }).getByRole('listitem')).toContainText('webhook.ping')
})
