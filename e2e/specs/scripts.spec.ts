import { stat } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import type { ScriptDefinition } from '../../protocol/scripts/script.ts'
import { allowUnattended } from '../../testing/world/allow-unattended.ts'
import { startDeviceProgram } from '../../testing/world/device-program.ts'
import { administratorCalls } from '../../testing/world/relay-calls.ts'
import type { RelayProgram } from '../../testing/world/relay-program.ts'
import { type Device, openDevice } from '../fixtures/device.ts'
import { hostProcessOf } from '../fixtures/device-facts.ts'
import { test as base, expect } from '../fixtures/test.ts'

/** Whose desktop it is; the service, and so the script of an administrator's right, is root. */
const NOBODY = { uid: 65_534, gid: 65_534 }

const test = base.extend<object, { device: Device }>({
  device: [
    async ({ relay }, use) => {
      const device = await openDevice(relay, undefined, { desktopUser: NOBODY, takesScripts: true })
      await use(device)
      await device.stop()
    },
    { scope: 'worker', timeout: 60_000 },
  ],
})
test.skip(process.getuid?.() !== 0, 'the elevated helper is root where the service is')

const NAME = 'Free the till'
/** The value stays a value, whatever stands in it. */
const TILL = '3 $(touch /never)'
const DEFINITION: ScriptDefinition = {
  tool: 'shell',
  program: 'sh',
  text: 'echo "till $TILL as $(id -u)"; exit 3',
  parameters: [{ name: 'TILL', label: 'Till', kind: { type: 'text', maxLength: 40 } }],
}

test('an approved script: read and approved, run in a session as root beside the user’s desktop, then on two devices with a table of what came of it', async ({
  operator,
  device,
  relay,
}) => {
  const { page } = operator
  await allowUnattended(relay, { scripts: 'tell' })
  await writeAsColleague(relay)

  await showScripts(page)
  await page.getByRole('row', { name: NAME }).click()
  await expect(page.getByText(DEFINITION.text)).toBeVisible()
  await page.getByRole('button', { name: 'Approve', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Run on devices…' })).toBeVisible()

  await operator.showDevices()
  await operator.requestSession('The till is stuck', { tools: true })
  await device.person.accept()
  await operator.firstFrameAtMs()
  expect((await stat(`/proc/${(await hostProcessOf(device)) ?? 0}`)).uid).toBe(NOBODY.uid)
  await operator.openTool('Shell')
  await page.getByRole('button', { name: 'Scripts', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Run a script' })
  await dialog.getByRole('button', { name: NAME }).click()
  await dialog.getByRole('textbox', { name: 'Till' }).fill(TILL)
  await dialog.getByRole('button', { name: 'Run', exact: true }).click()
  await operator.shellShows(`till ${TILL} as 0`)
  await expect(page.getByText('ended with 3')).toBeVisible()
  await operator.endSession()
  await expect(operator.overTitle('You ended the session')).toBeVisible()

  const server = await startDeviceProgram({
    relayUrl: relay.url,
    enrolmentToken: await relay.mintEnrolmentToken(),
    display: '',
    takesScripts: true,
  })
  try {
    await runOnEveryDevice(page)
    const rows = page.getByRole('row').filter({ has: page.getByText('Failed') })
    await expect(rows).toHaveCount(2)
    for (const row of await rows.all())
      await expect(row.getByRole('gridcell', { name: '3', exact: true })).toBeVisible()
    // What they printed is kept: it is there for who comes back to it.
    await page.getByRole('button', { name: 'All runs' }).click()
    await page.getByRole('row', { name: NAME }).click()
    for (const place of [0, 1]) {
      await rows.nth(place).click()
      await expect(page.getByRole('region', { name: 'Output' })).toHaveText(`till ${TILL} as 0`)
      await page.keyboard.press('Escape')
    }
  } finally {
    await server.stop()
  }

  const call = await administratorCalls(relay)
  const { entries } = (await call('GET', '/v1/audit?limit=200')) as { entries: { action: string }[] }
  const actions = entries.map(({ action }) => action)
  expect(actions.filter(action => action === 'script.run-failed')).toHaveLength(2)
  expect(actions).toContain('script.run-ordered')
})

/** Written by somebody else than who approves it. */
async function writeAsColleague(relay: RelayProgram): Promise<void> {
  const administrator = await relay.addColleague('rosa@riverside.example', 'admin')
  const call = await administratorCalls({ url: relay.url, administrator })
  await call('POST', '/v1/scripts', {
    name: NAME,
    description: 'Starts it again',
    definition: DEFINITION,
    roleId: null,
  })
}

async function showScripts(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Administration' }).click()
  await page
    .getByRole('navigation', { name: 'Administration' })
    .getByRole('button', { name: 'Scripts', exact: true })
    .click()
}

async function runOnEveryDevice(page: Page): Promise<void> {
  await showScripts(page)
  await page.getByRole('row', { name: NAME }).click()
  await page.getByRole('button', { name: 'Run on devices…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Reason').fill('Every till is stuck')
  await dialog.getByRole('textbox', { name: 'Till' }).fill(TILL)
  await dialog.getByRole('button', { name: 'Choose all shown' }).click()
  await dialog.getByRole('button', { name: 'Run on 2 devices' }).click()
}
