// Pictures of every administration page and of the relay's own pages, light and dark, of a real relay with a believable organisation:
// `node scripts/admin-shots/main.ts [NAME…]`; a part of a name with its theme will do, as in `dark` or `roles-light`.
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright'
import { openAdminWindow } from '../../src/renderer/checks/admin-window.ts'
import { buildPages, launchBrowser } from '../../src/renderer/checks/built-pages.ts'
import { TestOrganisation } from '../../testing/world/organisation.ts'
import { root } from '../run-step.ts'
import { ACCOUNT_SHOTS, ORIGIN } from './account-shots.ts'
import { believableDevices } from './device-names.ts'
import { SHOTS } from './shots.ts'

const folder = join(root, 'docs/images/admin')
const only = process.argv.slice(2)
const dist = await mkdtemp(join(tmpdir(), 'handhold-admin-shots-'))
const browser = await launchBrowser()
const organisation = await TestOrganisation.start()

const isWanted = ({ name }: { readonly name: string }, scheme: string) =>
  only.length === 0 || only.some(part => `${name}-${scheme}`.includes(part))

/** With the relay's address as it would be. */
async function believableWindow(mailbox?: string) {
  const window = await organisation.window(mailbox === undefined ? undefined : await organisation.signIn(mailbox))
  const { singleSignOn } = window.admin
  const redirectUri = `${ORIGIN}/v1/sign-in/sso/callback`
  return {
    ...window,
    admin: { ...window.admin, singleSignOn: async () => ({ ...(await singleSignOn(undefined)), redirectUri }) },
  }
}

async function shootAdministration(context: BrowserContext, scheme: string): Promise<void> {
  for (const shot of SHOTS.filter(shot => isWanted(shot, scheme))) {
    await organisation.stepUp()
    const { page, complaints } = await openAdminWindow(context, dist, await believableWindow(shot.as))
    await page.getByRole('tab', { name: shot.as === undefined ? 'Administration' : 'Scripts' }).click()
    await shot.act(page)
    await save(page, `${shot.name}-${scheme}`, complaints)
  }
}

async function shootRelayPages(context: BrowserContext, scheme: string): Promise<void> {
  for (const shot of ACCOUNT_SHOTS.filter(shot => isWanted(shot, scheme))) {
    await organisation.stepUp()
    const page = await context.newPage()
    await shot.act(page, organisation, `${shot.name}.${scheme}@northwind.example`)
    await save(page, `${shot.name}-${scheme}`, [])
  }
}

async function save(page: Page, name: string, complaints: readonly string[]): Promise<void> {
  const path = join(folder, `${name}.png`)
  await page.screenshot({ path })
  await page.close()
  console.log(`${name}: ${Math.round((await stat(path)).size / 1024)} KiB`, ...complaints)
}

try {
  await mkdir(folder, { recursive: true })
  await buildPages(dist)
  await organisation.furnish()
  await organisation.enrolDevices(believableDevices())
  await organisation.fillHistory(5)
  await organisation.addWebhooks()
  await organisation.addSingleSignOn()
  await organisation.addOperatorApps()
  await organisation.addScripts()
  await organisation.addRunToAnswer()
  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 720 },
      colorScheme,
      locale: 'en-GB',
      timezoneId: 'Europe/Berlin',
    })
    await shootAdministration(context, colorScheme)
    await shootRelayPages(context, colorScheme)
    await context.close()
    await organisation.cancelRuns()
  }
} finally {
  await browser.close()
  await organisation.relay.close()
  await rm(dist, { recursive: true, force: true })
}
