import type { Page } from 'playwright'

interface Shot {
  readonly name: string
  /** Whose mailbox: an operator who runs scripts, in the place of the head. */
  readonly as?: string
  readonly act: (page: Page) => Promise<unknown>
}

const menu = (page: Page, name: string) =>
  page
    .getByRole('navigation', { name: /^(Administration|Scripts)$/ })
    .getByRole('button', { name, exact: true })
    .click()
const row = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text }).first().click()
const group = (page: Page, name: string) => page.getByRole('treeitem', { name, exact: true }).click()

/** A page of the menu, and what is done on it before its picture is taken. */
const shot = (name: string, entry: string, act: (page: Page) => Promise<unknown> = async () => undefined): Shot => ({
  name,
  act: async page => {
    await menu(page, entry)
    await act(page)
    // The answer of the last request is drawn.
    await page.waitForTimeout(400)
  },
})

export const SHOTS: readonly Shot[] = [
  shot('people', 'People', page => row(page, 'Clara Lindqvist')),
  shot('invite', 'People', async page => {
    await page.getByRole('button', { name: 'Invite…' }).click()
    await page.getByRole('dialog').getByLabel('E-mail').fill('maria.silva@northwind.example')
    await page.getByRole('button', { name: 'Make the link' }).click()
    await page.getByText('Shown only now').waitFor()
  }),
  shot('roles', 'Roles', page => row(page, 'Second level')),
  shot('role-editor', 'Roles', async page => {
    await row(page, 'Service desk')
    await page.getByRole('button', { name: 'Change…' }).click()
  }),
  shot('organisation', 'Organisation', async page => {
    await page.getByLabel('Issuer').waitFor()
  }),
  shot('groups', 'Groups and settings', page => group(page, 'Airports')),
  shot('group-access', 'Groups and settings', async page => {
    await group(page, 'Finance')
    await page.getByRole('radio', { name: 'Who may what' }).click()
  }),
  shot('explain', 'Explain access', async page => {
    await page
      .getByRole('combobox', { name: 'Person' })
      .selectOption({ label: 'Daniel Meier (daniel.meier@northwind.example)' })
    await page.getByRole('searchbox', { name: 'Find the device' }).fill('ber-')
    await page.getByText('rights are allowed').waitFor()
  }),
  shot('enrolment', 'Enrolment', page => row(page, 'Roll-out Warehouse')),
  shot('enrolment-token', 'Enrolment', async page => {
    await page.getByRole('button', { name: 'New token…' }).click()
    await page.getByRole('dialog').getByLabel('Name').fill('Kiosks, spring roll-out')
    await page.getByRole('button', { name: 'Make the token' }).click()
    await page.getByText('Shown only now').waitFor()
  }),
  shot('devices', 'Devices', async page => {
    await page.getByRole('checkbox', { name: 'Select this device' }).nth(1).check()
    await page.getByRole('checkbox', { name: 'Select this device' }).nth(2).check()
    await row(page, 'fin-ws-02')
  }),
  shot('device-record', 'Devices', async page => {
    await row(page, 'fin-ws-02')
    await page.getByRole('radio', { name: 'Made of' }).click()
    await page.getByText('is encrypted').waitFor()
  }),
  shot('device-notes', 'Devices', async page => {
    await page.getByRole('combobox', { name: 'System' }).selectOption('win32')
    await row(page, 'kiosk-ber-t1-03')
    await page.getByRole('radio', { name: 'Notes' }).click()
    await page.getByRole('textbox', { name: 'A new note' }).fill('The left screen flickers. Reported to facilities.')
    await page.getByRole('button', { name: 'Add the note' }).click()
    await page.getByRole('list', { name: 'Notes' }).getByText('Amira Haddad').first().waitFor()
  }),
  shot('policy-file', 'Policy file', async page => {
    const document = page.getByRole('textbox', { name: 'The policy as YAML' })
    await page.waitForFunction(() => window.document.querySelector('textarea')?.value.includes('idleMinutes: 15'))
    await document.fill((await document.inputValue()).replace('idleMinutes: 15', 'idleMinutes: 20'))
    await page.getByRole('button', { name: 'Show what would change' }).click()
    await page.getByRole('button', { name: 'Apply all of it' }).waitFor()
  }),
  shot('sessions', 'Sessions', async page => {
    await page.getByRole('grid', { name: 'Sessions' }).focus()
    await page.keyboard.press('Enter')
  }),
  shot('end-session', 'Sessions', async page => {
    await page.getByRole('grid', { name: 'Sessions' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'End the session…' }).click()
  }),
  shot('sessions-over', 'Sessions', page => page.getByRole('radio', { name: 'Over' }).click()),
  shot('reports', 'Reports'),
  shot('reports-operators', 'Reports', page => page.getByRole('radio', { name: 'Operator' }).click()),
  shot('audit', 'Audit', async page => {
    await page.getByRole('searchbox').fill('assignment.added')
    await row(page, 'assignment.added')
  }),
  shot('api-keys', 'API keys', page => row(page, 'Ticket system')),
  // Made in the first picture's app; in that of the other theme the key is one that another app keeps.
  shot('trust', 'Trust', async page => {
    const make = page.getByRole('button', { name: 'Make the organisation’s key' })
    const made = page.getByRole('button', { name: 'Key', exact: true })
    await make.or(made).waitFor()
    if (await make.isVisible()) await make.click()
    await made.waitFor()
  }),
  shot('scripts', 'Scripts', page => row(page, 'Restart the print queue')),
  shot('script-editor', 'Scripts', async page => {
    await row(page, 'Restart the print queue')
    await page.getByRole('button', { name: 'New version…' }).click()
  }),
  shot('script-run', 'Scripts', async page => {
    await row(page, 'Free disk space')
    await page.getByRole('button', { name: 'Run on devices…' }).click()
    await page.getByLabel('Reason').fill('INC-2041: kiosks stop when their disk is full')
    await page.getByRole('searchbox', { name: 'Find devices' }).fill('ber')
    await page.getByLabel('Nearly full at, in percent').fill('90')
    await page.getByRole('checkbox', { name: 'ham-frontdesk-01' }).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Choose all shown' }).click()
  }),
  shot('script-results', 'Scripts', async page => {
    await row(page, 'Free disk space')
    await page.getByRole('button', { name: 'Run on devices…' }).click()
    await page.getByLabel('Reason').fill('INC-2041: disks fill up')
    await page.getByRole('searchbox', { name: 'Find devices' }).fill('desk')
    await page.getByLabel('Nearly full at, in percent').fill('90')
    await page.getByRole('checkbox', { name: 'lis-counter-01' }).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Choose all shown' }).click()
    await page.getByRole('button', { name: /^Run on \d/ }).click()
    await page.getByRole('row').filter({ hasText: 'Failed' }).first().click()
    await page.getByText('97%').waitFor()
  }),
  shot('script-live', 'Scripts', async page => {
    await row(page, 'Restart the print queue')
    await page.getByRole('button', { name: 'Run on devices…' }).click()
    await page.getByLabel('Reason').fill('INC-2077: nothing comes out at the counters')
    await page.getByRole('searchbox', { name: 'Find devices' }).fill('desk')
    await page.getByRole('checkbox', { name: 'lis-counter-01' }).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Choose all shown' }).click()
    await page.getByRole('button', { name: /^Run on \d/ }).click()
    await page.getByText(/\d done/).waitFor()
    await page.getByRole('row').filter({ hasText: 'Running' }).first().click()
    await page.getByText('Waiting for front-desk to answer, 2 of 30').waitFor()
  }),
  shot('script-answer', 'Script runs', async page => {
    await row(page, 'Hiroshi Tanaka')
    await page.getByRole('button', { name: 'Agree', exact: true }).waitFor()
  }),
  {
    ...shot('scripts-operator', 'Scripts', page => row(page, 'Free disk space')),
    as: 'ines.carvalho',
  },
  shot('script-runs', 'Script runs'),
  shot('webhooks', 'Webhooks', page => row(page, 'Ticket system')),
  shot('failed-deliveries', 'Webhooks', async page => {
    await page.getByRole('radio', { name: 'Given up' }).click()
    await row(page, 'Push gateway')
  }),
]
